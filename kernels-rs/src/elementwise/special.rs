//! ln(1 + x), eˣ − 1 and erf in lanes, right also where the plain forms cancel.
#![allow(clippy::excessive_precision, reason = "the constants stand as published")]

use super::math::{exp, log, polynomial, power_of_two};
use super::splat;
use crate::machine::simd::F32x4;

/// ln(1 + x): the logarithm of the rounded sum, corrected by how the rounding changed x (W. Kahan's way).
#[inline(always)]
pub fn log1p(x: F32x4) -> F32x4 {
    let u = splat(1.0) + x;
    let step = u - splat(1.0);
    let value = log(u) * (x / step);
    // No rounded sum to correct: x is lost beside 1, or ∞.
    (step.eq(F32x4::ZERO) | u.eq(splat(f32::INFINITY))).select(x, value)
}

/// eˣ − 1: 2ⁿ (eʳ − 1) + (2ⁿ − 1), with eʳ − 1 from its series.
#[inline(always)]
pub fn expm1(x: F32x4) -> F32x4 {
    let clamped = x.min(splat(88.0)).max(splat(-25.0));
    let n = (clamped * splat(core::f32::consts::LOG2_E)).nearest();
    let r = n.madd(splat(-0.693_359_375), clamped);
    let r = n.madd(splat(2.121_944_4e-4), r);
    let p = polynomial(r, [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5]);
    let q = p.madd(r * r, r);
    let scale = power_of_two(n.to_i32());
    let value = scale.madd(q, scale - splat(1.0));
    // −0 stays −0, and nothing is added to what is too small to have a square.
    let value = x.abs().lt(splat(1e-20)).select(x, value);
    x.gt(splat(88.0)).select(exp(x), value)
}

/// From here on erf is taken from its tail.
const NEAR: f32 = 0.927_734_375;

/// erf x for |x| up to `NEAR` (N. Juffa's minimax coefficients, as in the tail).
#[inline(always)]
fn erf_near(x: F32x4) -> F32x4 {
    const COEFFICIENTS: [f32; 6] =
        [-5.967_617_03e-4, 4.991_194_23e-3, -2.676_813_49e-2, 1.128_199_25e-1, -3.761_253_36e-1, 1.283_791_66e-1];
    polynomial(x * x, COEFFICIENTS).madd(x, x)
}

/// 1 − erf x for x from `NEAR`.
#[inline(always)]
fn erf_tail(x: F32x4) -> F32x4 {
    let high = splat(-1.728_534_70e-5).madd(x, splat(3.831_971_26e-4));
    let low = splat(-3.883_964_38e-3).madd(x, splat(2.425_462_19e-2));
    let p = high.madd(x * x, low);
    let p = p.madd(x, splat(-1.067_778_77e-1));
    let p = p.madd(x, splat(-6.348_466_87e-1));
    let p = p.madd(x, splat(-1.287_175_12e-1));
    // Past 10 it is 0 in f32; further out the polynomial overflows.
    x.gt(splat(10.0)).select(F32x4::ZERO, exp(p.madd(x, -x)))
}

/// erf x.
#[inline(always)]
pub fn erf(x: F32x4) -> F32x4 {
    let far = splat(1.0) - erf_tail(x.abs());
    let far = x.lt(F32x4::ZERO).select(-far, far);
    let value = x.abs().gt(splat(NEAR)).select(far, erf_near(x));
    x.is_nan().select(x, value)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, erf as erf_f64, grid, worst};
    use super::*;

    #[test]
    fn each_is_within_its_units_in_the_last_place() {
        let tiny = [1e-40, 1e-30, -1e-20, 1e-10, -1e-7, 1e-5, -1e-3];
        assert!(worst(log1p, f64::ln_1p, grid(-0.999, 100.0).chain(grid(-0.01, 0.01)).chain(tiny)) < 4.0);
        assert!(worst(expm1, f64::exp_m1, grid(-30.0, 88.7).chain(grid(-1.0, 1.0)).chain(tiny)) < 4.0);
        assert!(worst(erf, erf_f64, grid(-3.9, 3.9).step_by(7).chain(tiny)) < 3.0);
    }

    #[test]
    fn the_ends_are_exact() {
        let infinity = f32::INFINITY;
        assert_eq!([at(log1p, -1.0), at(log1p, infinity), at(log1p, 0.0)], [-infinity, infinity, 0.0]);
        assert_eq!(
            [at(expm1, -infinity), at(expm1, infinity), at(expm1, 0.0), at(expm1, 89.0)],
            [-1.0, infinity, 0.0, infinity]
        );
        assert_eq!([at(erf, -infinity), at(erf, infinity), at(erf, 0.0), at(erf, 1e20)], [-1.0, 1.0, 0.0, 1.0]);
        assert!([log1p, expm1, erf].iter().all(|f| at(*f, f32::NAN).is_nan()) && at(log1p, -1.5).is_nan());
        assert!([log1p, expm1, erf].iter().all(|f| at(*f, -0.0).to_bits() == (-0f32).to_bits()));
    }
}
