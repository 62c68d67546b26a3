//! Powers: aᵇ through f64, so that whole powers that f32 can hold come out exact, and the rule at base 0.

use super::binary::{Spread, by_parts};
use super::double::{exp, ln};
use super::map;
use super::math::log;
use crate::door::kernel;
use crate::machine::simd::F32x4;

kernel! {
    /// out = aᵇ: 1 for b = 0 and for a = 1; NaN for a negative base and a broken exponent.
    fn pow_forward(rows: usize, cols: usize, a_spread: u32, b_spread: u32;
        a: f32[Spread::len(a_spread, rows, cols)], b: f32[Spread::len(b_spread, rows, cols)];
        out: f32[rows * cols]) {
        let (a_spread, b_spread) = (Spread::of(a_spread), Spread::of(b_spread));
        by_parts(cols, out, 60, |row, from, out| {
            let len = out.len();
            let (a, b) = (a_spread.part(a, row, cols, from, len), b_spread.part(b, row, cols, from, len));
            for (i, out) in out.iter_mut().enumerate() {
                *out = power(a[i.min(a.len() - 1)], b[i.min(b.len() - 1)]);
            }
        });
    }
}

unary! {
    #[cost(60)]
    /// The gradient of aᵇ by a: dy b aᵇ⁻¹, 0 where b is 0.
    pow_backward_base(a, b, dy) = b.eq(F32x4::ZERO).select(F32x4::ZERO, dy * b * powers(a, b - F32x4::splat(1.0)));

    #[cost(20)]
    /// The gradient of y = aᵇ by b: dy y ln a, 0 where a is 0 and b not below it.
    pow_backward_exponent(a, b, y, dy) =
        (a.eq(F32x4::ZERO) & b.ge(F32x4::ZERO)).select(F32x4::ZERO, dy * y * log(a));
}

fn powers(a: F32x4, b: F32x4) -> F32x4 {
    let (a, b) = (a.to_array(), b.to_array());
    F32x4::load(&core::array::from_fn(|i| power(a[i], b[i])))
}

fn power(a: f32, b: f32) -> f32 {
    if b == 0.0 || a == 1.0 {
        return 1.0;
    }
    if b == 2.0 {
        return a * a;
    }
    if a.is_nan() || b.is_nan() {
        return f32::NAN;
    }
    let magnitude = power_of_positive(a.abs(), b);
    if !a.is_sign_negative() {
        return magnitude;
    }
    let half = f64::from(b) / 2.0;
    let (whole, odd) = (b == b.floor(), b == b.floor() && half != half.floor());
    match () {
        _ if odd && b.is_finite() => -magnitude,
        _ if whole || a == 0.0 || a.is_infinite() => magnitude,
        _ => f32::NAN,
    }
}

/// aᵇ for a from 0 to ∞, neither NaN, b not 0. (Out of line: once for all kernels.)
#[inline(never)]
fn power_of_positive(a: f32, b: f32) -> f32 {
    if a == 1.0 {
        return 1.0;
    }
    if a == 0.0 || a.is_infinite() || b.is_infinite() {
        return if (a > 1.0) == (b > 0.0) { f32::INFINITY } else { 0.0 };
    }
    // Beyond ±200 the result is ∞ or 0 in f32 all the same.
    exp((f64::from(b) * ln(f64::from(a))).clamp(-200.0, 200.0)) as f32
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, ulps};
    use super::*;

    #[test]
    fn powers_are_right_to_the_last_place() {
        for a in (1..60).map(|i| i as f32 * 0.37) {
            for b in (-40..=40).map(|i| i as f32 * 0.61) {
                let want = f64::from(a).powf(f64::from(b));
                if want < f64::from(f32::MAX) && want > f64::from(f32::MIN_POSITIVE) {
                    assert!(ulps(power(a, b), want) < 0.51, "{a}^{b}");
                }
            }
        }
    }

    #[test]
    fn whole_powers_are_exact() {
        for a in -20i64..=20 {
            for b in 0..=5 {
                assert_eq!(power(a as f32, b as f32), a.pow(b) as f32, "{a}^{b}");
            }
        }
        assert_eq!(
            [power(2.0, 100.0), power(2.0, -149.0), power(0.5, 3.0)],
            [2f32.powi(100), f32::from_bits(1), 0.125]
        );
    }

    #[test]
    fn the_special_values_are_those_of_the_standard() {
        // IEEE 754-2019, section 9.2.1: pow.
        let (inf, nan) = (f32::INFINITY, f32::NAN);
        let cases = [
            (nan, 0.0, 1.0),
            (1.0, nan, 1.0),
            (0.0, -1.0, inf),
            (-0.0, -3.0, -inf),
            (-0.0, -2.0, inf),
            (-0.0, 3.0, -0.0),
            (-0.0, 2.5, 0.0),
            (-1.0, inf, 1.0),
            (0.5, inf, 0.0),
            (0.5, -inf, inf),
            (2.0, inf, inf),
            (2.0, -inf, 0.0),
            (inf, -1.0, 0.0),
            (inf, 0.5, inf),
            (-inf, 3.0, -inf),
            (-inf, 2.5, inf),
            (-inf, -3.0, -0.0),
            (-2.0, 3.0, -8.0),
            (-2.0, 4.0, 16.0),
            (1e30, 3.0, inf),
            (-1e30, 3.0, -inf),
            (-0.0, -inf, inf),
            (-3.0, inf, inf),
            (-inf, inf, inf),
        ];
        for (a, b, want) in cases {
            assert_eq!(power(a, b).to_bits(), f32::to_bits(want), "{a}^{b} is {}", power(a, b));
        }
        assert!(power(-2.0, 0.5).is_nan() && power(nan, 1.5).is_nan() && power(2.0, nan).is_nan());
    }

    #[test]
    fn sides_are_repeated() {
        let mut out = [0.0; 6];
        pow_forward(2, 3, 0, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2.0, 1.0], &mut out);
        assert_eq!(out, [1.0, 4.0, 9.0, 4.0, 5.0, 6.0]);
        pow_forward(2, 3, 3, 1, &[2.0], &[0.0, 1.0, 3.0], &mut out);
        assert_eq!(out, [1.0, 2.0, 8.0, 1.0, 2.0, 8.0]);
    }

    #[test]
    fn a07_gradients_at_base_zero_are_zero() {
        let (a, b, y) = ([0.0, -2.0, 3.0, 0.0, 0.0], [2.0, 2.0, 0.0, 0.0, 1.0], [0.0, 4.0, 1.0, 1.0, 0.0]);
        let mut d = [9.0; 5];
        pow_backward_base(5, &a, &b, &[1.0; 5], &mut d);
        assert_eq!(d, [0.0, -4.0, 0.0, 0.0, 1.0]);
        pow_backward_exponent(5, &a, &b, &y, &[1.0; 5], &mut d);
        assert!(d[0] == 0.0 && d[1].is_nan() && d[3] == 0.0 && d[4] == 0.0);
        // By b: 3⁰ ln 3.
        close(d[2], 3f64.ln(), 1e-6, "3^0 by the exponent");
    }
}
