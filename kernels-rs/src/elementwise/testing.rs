//! How far a function in lanes is from its f64 value.

use crate::machine::simd::F32x4;

/// The first lane of `f` of x in every lane.
pub fn at(f: fn(F32x4) -> F32x4, x: f32) -> f32 {
    f(F32x4::splat(x)).to_array()[0]
}

/// How far `got` is from `want`, in units in the last place of the latter rounded to f32.
pub fn ulps(got: f32, want: f64) -> f64 {
    let magnitude = (want.abs() as f32).max(f32::MIN_POSITIVE);
    let ulp = f64::from(f32::from_bits(magnitude.to_bits() + 1)) - f64::from(magnitude);
    (f64::from(got) - want).abs() / ulp
}

/// The largest error of `ours` over `points`.
pub fn worst(ours: fn(F32x4) -> F32x4, exact: fn(f64) -> f64, points: impl Iterator<Item = f32>) -> f64 {
    points.map(|x| ulps(at(ours, x), exact(f64::from(x)))).fold(0.0, f64::max)
}

pub fn grid(from: f32, to: f32) -> impl Iterator<Item = f32> {
    (0..=40_000).map(move |i| from + (to - from) * (i as f32 / 40_000.0))
}

/// erf x in f64 by its power series, good to 1e-11 for |x| ≤ 4.
pub fn erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..120 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * core::f64::consts::FRAC_2_SQRT_PI
}

/// Central difference of an f64 function.
pub fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    const STEP: f64 = 1e-5;
    (f(x + STEP) - f(x - STEP)) / (2.0 * STEP)
}

/// Fails where `got` is farther than `tolerance`, absolute or relative, from `want`.
pub fn close(got: f32, want: f64, tolerance: f64, what: impl core::fmt::Debug) {
    let near = (f64::from(got) - want).abs() <= tolerance * want.abs().max(1.0);
    assert!(near, "{got} for {want} at {what:?}");
}
