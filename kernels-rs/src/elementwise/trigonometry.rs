//! Sine and cosine, right for every f32 however large: the angle is reduced in f64, or from the bits of 2/π.

use super::double::quarter_turns;
use crate::machine::simd::F32x4;

/// Sine of each lane; NaN at ±∞.
pub fn sin(x: F32x4) -> F32x4 {
    F32x4::load(&x.to_array().map(|x| if x == 0.0 { x } else { sin_cos(x).0 as f32 }))
}

/// Cosine of each lane; NaN at ±∞.
pub fn cos(x: F32x4) -> F32x4 {
    F32x4::load(&x.to_array().map(|x| sin_cos(x).1 as f32))
}

fn sin_cos(x: f32) -> (f64, f64) {
    let (quarters, rest) = reduce(x);
    quarter_turns(quarters, rest)
}

/// x as quarter turns and a rest of at most π/4.
fn reduce(x: f32) -> (i32, f64) {
    // π/2 as 25 bits, whose products with numbers below 2²⁸ are exact, and the next 53 (musl's __rem_pio2f.c).
    const HALF_PI_HIGH: f64 = 1.570_796_310_901_641_8;
    const HALF_PI_LOW: f64 = 1.589_325_477_352_819_7e-8;
    if !x.is_finite() {
        return (0, f64::NAN);
    }
    if x.abs() >= 33_554_432.0 {
        return reduce_large(x);
    }
    let x = f64::from(x);
    let quarters = (x * core::f64::consts::FRAC_2_PI).round_ties_even();
    (quarters as i32, (x - quarters * HALF_PI_HIGH) - quarters * HALF_PI_LOW)
}

/// For |x| from 2²⁵: of x · 2/π only the part below 4 matters, so only 128 bits of 2/π, from where that part begins (M.
/// Payne and R. Hanek, 1983).
fn reduce_large(x: f32) -> (i32, f64) {
    /// The first 256 bits of 2/π behind the point.
    const TWO_OVER_PI: [u128; 2] =
        [0xa2f9_836e_4e44_1529_fc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041_fe51_63ab_debb_c561];
    const TWO_TO_MINUS_128: f64 = 2.938_735_877_055_719e-39;
    let bits = x.to_bits();
    // |x| = mantissa · 2^(skipped + 2), skipped from 0 to 102: bits of 2/π before that give multiples of 4.
    let mantissa = u128::from(bits & 0x007f_ffff | 0x0080_0000);
    let skipped = (bits >> 23 & 0xff) - 127 - 23 - 2;
    let window = TWO_OVER_PI[0] << skipped | TWO_OVER_PI[1].checked_shr(128 - skipped).unwrap_or(0);
    let product = mantissa.wrapping_mul(window);
    // Two bits of quarter turns, then their fraction, read as a signed number: −½ to ½.
    let fraction = (product << 2) as i128;
    let quarters = (product >> 126) as i32 + i32::from(fraction < 0);
    let rest = fraction as f64 * TWO_TO_MINUS_128 * core::f64::consts::FRAC_PI_2;
    if x < 0.0 { (-quarters, -rest) } else { (quarters, rest) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, grid, worst};
    use super::*;

    #[test]
    fn small_and_middling_angles_agree_with_f64() {
        let points = || grid(-10.0, 10.0).chain(grid(-1e4, 1e4)).chain([1e-40, 1e-20, -1e-5, 3.3e7, -33_554_430.0]);
        assert!(worst(sin, f64::sin, points()) < 0.51);
        assert!(worst(cos, f64::cos, points()) < 0.51);
    }

    #[test]
    fn n09_huge_angles_agree_with_f64() {
        let points = || (0..2_000).map(|i| 33_554_432.0 * 1.0321f32.powi(i)).filter(|x| x.is_finite());
        assert!(worst(cos, f64::cos, points().chain([222_031_363.0])) < 0.51);
        assert!(worst(sin, f64::sin, points().chain(points().map(|x| -x)).chain([f32::MAX, f32::MIN])) < 0.51);
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!((at(sin, 0.0), at(cos, 0.0), at(sin, -0.0).to_bits()), (0.0, 1.0, (-0f32).to_bits()));
        assert!(
            [f32::INFINITY, f32::NEG_INFINITY, f32::NAN].iter().all(|&x| at(sin, x).is_nan() && at(cos, x).is_nan())
        );
    }
}
