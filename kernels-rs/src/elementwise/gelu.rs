//! GELU, x Φ(x), and its slope: the form with erf, as minimax fractions of our own.
//!
//! Both are ½ plus an odd function, x P(x²) / Q(x²), whose coefficients were fitted in f64 over the range where it moves in
//! f32 (Lawson's algorithm). Φ is off by at most 1.7e-7 and the slope by 3.1e-7, roundings included.

use super::splat;
use crate::machine::simd::F32x4;
use core::hint::black_box;

const HALF: f32 = 0.5;

/// Horner's scheme with coefficients that the compiler must take from memory: V8 puts a constant vector together anew
/// wherever it stands in a loop, which takes longer than the sum itself, whereas a load with a splat is one step.
#[inline(always)]
fn polynomial<const N: usize>(x: F32x4, coefficients: &'static [f32; N]) -> F32x4 {
    let coefficients = black_box(coefficients);
    let mut sum = splat(coefficients[0]);
    for &coefficient in &coefficients[1..] {
        sum = sum.madd(x, splat(coefficient));
    }
    sum
}

/// From here on Φ is 0 or 1 in f32.
const END_OF_SHARE: f32 = 5.5;
/// From here on the slope is.
const END_OF_SLOPE: f32 = 5.9;

/// x Φ(x), Φ the standard normal distribution.
#[inline(always)]
pub fn gelu(x: F32x4) -> F32x4 {
    static P: [f32; 7] =
        [1.117_542_9e-10, -2.208_094_2e-8, 3.240_655e-6, 1.703_458e-4, 4.508_998_7e-3, 3.591_975e-2, 3.989_421_4e-1];
    static Q: [f32; 5] = [6.231_616e-5, 1.830_489_5e-3, 2.909_004_5e-2, 2.567_020_4e-1, 1.0];
    // Past the end the fraction stays and x goes on: the bounds then cut at 0 and 1 themselves.
    let square = (x * x).at_most(splat(END_OF_SHARE * END_OF_SHARE));
    let odd = x * polynomial(square, &P) / polynomial(square, &Q);
    x * (odd.at_least(splat(-HALF)).at_most(splat(HALF)) + splat(HALF))
}

/// The slope of GELU, Φ(x) + x φ(x).
#[inline(always)]
pub fn gelu_slope(x: F32x4) -> F32x4 {
    static P: [f32; 6] =
        [1.929_205_4e-7, 3.595_543_6e-5, 1.923_862_7e-5, 1.423_022_8e-2, -3.099_496_7e-2, 7.978_853_6e-1];
    static Q: [f32; 6] = [8.952_139e-6, 1.920_412_8e-4, 3.523_057e-3, 4.098_049_6e-2, 2.944_951_4e-1, 1.0];
    let x = x.at_least(splat(-END_OF_SLOPE)).at_most(splat(END_OF_SLOPE));
    let square = x * x;
    x * polynomial(square, &P) / polynomial(square, &Q) + splat(HALF)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, erf, grid};
    use super::*;

    /// Φ in f64.
    fn share(x: f64) -> f64 {
        (1.0 + erf(x * core::f64::consts::FRAC_1_SQRT_2)) / 2.0
    }

    #[test]
    fn value_and_slope_are_as_near_as_said() {
        for x in grid(-5.5, 5.5) {
            let exact = f64::from(x);
            let density = (-exact * exact / 2.0).exp() / core::f64::consts::TAU.sqrt();
            let value = (f64::from(at(gelu, x)) - exact * share(exact)).abs();
            assert!(value <= 2.2e-7 * exact.abs() + 1e-9, "{x}: off by {value}");
            let slope = (f64::from(at(gelu_slope, x)) - share(exact) - exact * density).abs();
            assert!(slope <= 3.5e-7, "{x}: slope off by {slope}");
        }
    }

    #[test]
    fn values_of_the_error_function_by_python() {
        // Python 3: x * math.erfc(-x / math.sqrt(2)) / 2.
        let cases = [
            (-4.0, -1.266_849_673_324_798_6e-4),
            (-1.0, -1.586_552_539_314_570_7e-1),
            (-0.5, -1.542_687_693_629_934_4e-1),
            (0.75, 5.800_294_857_173_488e-1),
            (3.0, 2.995_950_305_905_11),
        ];
        for (x, want) in cases {
            let got = f64::from(at(gelu, x));
            assert!((got - want).abs() < 2e-7 * x.abs().max(1.0) as f64, "{got} for {want} at {x}");
        }
    }

    #[test]
    fn the_ends_are_exact_and_nan_stays() {
        assert_eq!([at(gelu, 1000.0), at(gelu, -1000.0), at(gelu, 0.0), at(gelu, 6.0)], [1000.0, 0.0, 0.0, 6.0]);
        assert_eq!(at(gelu_slope, 0.0), 0.5);
        assert!(at(gelu, f32::NAN).is_nan() && at(gelu_slope, f32::NAN).is_nan());
    }
}
