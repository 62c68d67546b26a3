//! exp, log, sigmoid and tanh in lanes: our own, so that every machine and browser gives the same bits.
//!
//! Polynomials and reductions follow Cephes (S. Moshier): expf, logf and tanhf, each within 2 units in the last place.
#![allow(clippy::excessive_precision, reason = "the constants stand as published")]

use super::splat;
use crate::machine::simd::{F32x4, I32x4};

/// Horner's scheme, the highest coefficient first.
#[inline(always)]
pub fn polynomial<const N: usize>(x: F32x4, coefficients: [f32; N]) -> F32x4 {
    let mut sum = splat(coefficients[0]);
    for &coefficient in &coefficients[1..] {
        sum = sum.madd(x, splat(coefficient));
    }
    sum
}

/// 2ⁿ for integers n from −126 to 127, put together from its bits.
#[inline(always)]
pub fn power_of_two(n: I32x4) -> F32x4 {
    (n + I32x4::splat(127)).shl::<23>().from_bits()
}

/// eˣ; denormal results are kept, overflow gives ∞, NaN stays.
#[inline(always)]
pub fn exp(x: F32x4) -> F32x4 {
    const LOG2_E: f32 = core::f32::consts::LOG2_E;
    // ln 2 in two parts, the first exact in few bits: x − n ln 2 loses nothing.
    const LN2_HIGH: f32 = 0.693_359_375;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let clamped = x.min(splat(89.0)).max(splat(-104.0));
    let n = (clamped * splat(LOG2_E)).nearest();
    let r = n.madd(splat(-LN2_HIGH), clamped);
    let r = n.madd(splat(-LN2_LOW), r);
    let p = polynomial(r, [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5]);
    let value = p.madd(r * r, r) + splat(1.0);
    // Two factors, since 2ⁿ itself leaves the range of normal numbers before the product does.
    let n = n.to_i32();
    let half = n.shr::<1>();
    value * power_of_two(half) * power_of_two(n - half)
}

/// ln x; −∞ at 0, NaN below.
#[inline(always)]
pub fn log(x: F32x4) -> F32x4 {
    const SQRT_HALF: f32 = core::f32::consts::FRAC_1_SQRT_2;
    const SMALLEST_NORMAL: f32 = f32::MIN_POSITIVE;
    // Denormals are scaled by 2²³ into the normal range first.
    let denormal = x.lt(splat(SMALLEST_NORMAL));
    let scaled = denormal.select(x * splat(8_388_608.0), x);
    let offset = denormal.select(splat(-126.0 - 23.0), splat(-126.0));
    let bits = scaled.to_bits();
    let exponent = bits.shr_unsigned::<23>().to_f32() + offset;
    // The mantissa in 0.5..1, then in √½..√2.
    let mantissa = ((bits & I32x4::splat(0x007f_ffff)) | I32x4::splat(0x3f00_0000)).from_bits();
    let small = mantissa.lt(splat(SQRT_HALF));
    let e = exponent - small.select(splat(1.0), F32x4::ZERO);
    let f = small.select(mantissa + mantissa, mantissa) - splat(1.0);
    let z = f * f;
    let p = polynomial(
        f,
        [
            7.037_683_6e-2,
            -1.151_461e-1,
            1.167_699_9e-1,
            -1.242_014_1e-1,
            1.424_932_3e-1,
            -1.666_805_8e-1,
            2.000_071_5e-1,
            -2.499_999_4e-1,
            3.333_333e-1,
        ],
    ) * f
        * z;
    let p = e.madd(splat(-2.121_944_4e-4), p);
    let p = z.madd(splat(-0.5), p);
    let value = e.madd(splat(0.693_359_375), f + p);
    let value = x.eq(F32x4::ZERO).select(splat(f32::NEG_INFINITY), value);
    let value = x.eq(splat(f32::INFINITY)).select(x, value);
    (x.lt(F32x4::ZERO) | x.is_nan()).select(splat(f32::NAN), value)
}

/// 1 / (1 + e⁻ˣ), in the form whose exponential never overflows.
#[inline(always)]
pub fn sigmoid(x: F32x4) -> F32x4 {
    let e = exp(-x.abs());
    let upper = splat(1.0) / (splat(1.0) + e);
    x.lt(F32x4::ZERO).select(e * upper, upper)
}

/// tanh x: a polynomial near 0, 1 − 2 / (e²ˣ + 1) elsewhere.
#[inline(always)]
pub fn tanh(x: F32x4) -> F32x4 {
    let z = x * x;
    let near = polynomial(z, [-5.704_988_7e-3, 2.063_908_9e-2, -5.373_971e-2, 1.333_144_2e-1, -3.333_328_2e-1]);
    let near = (near * z).madd(x, x);
    let magnitude = x.abs();
    let far = splat(1.0) - splat(2.0) / (exp(magnitude + magnitude) + splat(1.0));
    let far = x.lt(F32x4::ZERO).select(-far, far);
    magnitude.lt(splat(0.625)).select(near, far)
}

/// As calls, for those who would else bring many copies into the binary that every page downloads.
pub mod called {
    use crate::machine::simd::F32x4;

    #[inline(never)]
    pub fn sigmoid(x: F32x4) -> F32x4 {
        super::sigmoid(x)
    }

    #[inline(never)]
    pub fn tanh(x: F32x4) -> F32x4 {
        super::tanh(x)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, grid, worst};
    use super::*;

    #[test]
    fn each_is_within_its_units_in_the_last_place() {
        assert!(worst(exp, f64::exp, grid(-103.0, 88.7)) < 2.0);
        assert!(worst(log, f64::ln, grid(1e-3, 100.0).chain([1e-40, 1e-38, 1e38])) < 2.0);
        assert!(worst(tanh, f64::tanh, grid(-12.0, 12.0)) < 2.0);
        assert!(worst(sigmoid, |x| 1.0 / (1.0 + (-x).exp()), grid(-80.0, 80.0)) < 4.0);
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!(at(exp, 0.0), 1.0);
        assert_eq!(at(exp, 1000.0), f32::INFINITY);
        assert_eq!(at(exp, f32::NEG_INFINITY), 0.0);
        assert_eq!(at(log, 0.0), f32::NEG_INFINITY);
        assert_eq!(at(log, 1.0), 0.0);
        assert_eq!(at(log, f32::INFINITY), f32::INFINITY);
        assert_eq!((at(tanh, 100.0), at(tanh, -100.0)), (1.0, -1.0));
        assert_eq!((at(sigmoid, 1000.0), at(sigmoid, -1000.0)), (1.0, 0.0));
        assert!([exp, log, tanh, sigmoid].iter().all(|f| at(*f, f32::NAN).is_nan()) && at(log, -1.0).is_nan());
    }
}
