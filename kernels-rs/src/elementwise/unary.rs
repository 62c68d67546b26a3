//! Functions of one value and their derivatives: `<name>_forward(x)` and `<name>_backward`, which names what it needs.

use super::math::{exp, log};
use super::special::{erf, expm1, log1p};
use super::trigonometry::{cos, sin};
use super::{map, splat};
use crate::door::kernel;
use crate::machine::simd::F32x4;

const ZERO: F32x4 = F32x4::ZERO;

#[inline(always)]
fn sign(x: F32x4) -> F32x4 {
    x.gt(ZERO).select(splat(1.0), x.lt(ZERO).select(splat(-1.0), x))
}

unary! {
    #[cost(1)] neg_forward(x) = -x;
    #[cost(1)] neg_backward(dy) = -dy;

    #[cost(1)]
    /// |x|; at 0 the derivative is 0.
    abs_forward(x) = x.abs();
    #[cost(2)] abs_backward(x, dy) = x.gt(ZERO).select(dy, x.lt(ZERO).select(-dy, ZERO * dy));

    #[cost(2)]
    /// 1, −1, or x itself where it is 0, −0 or NaN.
    sign_forward(x) = sign(x);
    #[cost(1)] floor_forward(x) = x.floor();
    #[cost(1)] ceil_forward(x) = -(-x).floor();
    #[cost(1)]
    /// The nearest whole number; of two, the even one.
    round_forward(x) = x.nearest();

    #[cost(2)]
    /// x within low..=high; NaN stays.
    clamp_forward{low, high}(x) = x.max(low).min(high);
    #[cost(3)]
    /// dy where x is within the bounds, which belong to them, else 0.
    clamp_backward{low, high}(x, dy) = (x.ge(low) & x.le(high)).select(dy, ZERO);

    #[cost(1)] square_forward(x) = x * x;
    #[cost(2)] square_backward(x, dy) = (x + x) * dy;

    #[cost(4)] sqrt_forward(x) = x.sqrt();
    #[cost(6)] sqrt_backward(y, dy) = dy / (y + y);

    #[cost(12)] exp_forward(x) = exp(x);
    #[cost(1)] exp_backward(y, dy) = y * dy;

    #[cost(18)] expm1_forward(x) = expm1(x);
    #[cost(2)] expm1_backward(y, dy) = (y + splat(1.0)) * dy;

    #[cost(16)] log_forward(x) = log(x);
    #[cost(4)] log_backward(x, dy) = dy / x;

    #[cost(24)] log1p_forward(x) = log1p(x);
    #[cost(4)] log1p_backward(x, dy) = dy / (splat(1.0) + x);

    #[cost(40)] sin_forward(x) = sin(x);
    #[cost(40)] sin_backward(x, dy) = dy * cos(x);

    #[cost(40)] cos_forward(x) = cos(x);
    #[cost(40)] cos_backward(x, dy) = -(dy * sin(x));

    #[cost(30)] erf_forward(x) = erf(x);
    #[cost(16)]
    /// dy · 2/√π · e^(−x²).
    erf_backward(x, dy) = dy * (splat(core::f32::consts::FRAC_2_SQRT_PI) * exp(-(x * x)));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, erf as erf_f64, slope};
    use super::*;

    type Forward = fn(usize, &[f32], &mut [f32]);
    type Backward = fn(usize, &[f32], &[f32], &mut [f32]);
    /// Forward kernel, backward kernel, whether that one reads y, the f64 function.
    type Case = (Forward, Backward, bool, fn(f64) -> f64);

    #[test]
    fn values_and_slopes_agree_with_f64_at_awkward_lengths() {
        let cases: [Case; 11] = [
            (abs_forward, abs_backward, false, f64::abs),
            (square_forward, square_backward, false, |x| x * x),
            (sqrt_forward, sqrt_backward, true, f64::sqrt),
            (exp_forward, exp_backward, true, f64::exp),
            (expm1_forward, expm1_backward, true, f64::exp_m1),
            (log_forward, log_backward, false, f64::ln),
            (log1p_forward, log1p_backward, false, f64::ln_1p),
            (sin_forward, sin_backward, false, f64::sin),
            (cos_forward, cos_backward, false, f64::cos),
            (erf_forward, erf_backward, false, erf_f64),
            (|n, x, y| neg_forward(n, x, y), |n, _, dy, dx| neg_backward(n, dy, dx), false, |x| -x),
        ];
        for (which, (forward, backward, reads_y, exact)) in cases.into_iter().enumerate() {
            for len in [0, 1, 3, 4, 5, 31, 33] {
                let x: Vec<f32> = (0..len).map(|i| 0.05 + i as f32 * 0.09).collect();
                let dy: Vec<f32> = (0..len).map(|i| 1.0 - i as f32 / 8.0).collect();
                let (mut y, mut dx) = (vec![9.0; len], vec![9.0; len]);
                forward(len, &x, &mut y);
                backward(len, if reads_y { &y } else { &x }, &dy, &mut dx);
                for i in 0..len {
                    close(y[i], exact(f64::from(x[i])), 1e-6, (which, x[i]));
                    close(dx[i], f64::from(dy[i]) * slope(exact, f64::from(x[i])), 3e-6, (which, x[i], "slope"));
                }
            }
        }
    }

    #[test]
    fn n13_the_tail_treats_nan_as_the_body_does() {
        for place in [1, 4] {
            let mut x = [1.0, 2.0, 3.0, 4.0, 5.0];
            x[place] = f32::NAN;
            let mut y = [0.0; 5];
            clamp_forward(5, 2.0, 4.0, &x, &mut y);
            let want = [2.0, 2.0, 3.0, 4.0, 4.0];
            assert!((0..5).all(|i| if i == place { y[i].is_nan() } else { y[i] == want[i] }), "{y:?}");
        }
    }

    #[test]
    fn clamped_values_pass_no_gradient() {
        let mut dx = [9.0; 5];
        clamp_backward(5, -1.0, 1.0, &[-2.0, -1.0, 0.0, 1.0, f32::NAN], &[1.0, 2.0, 3.0, 4.0, 5.0], &mut dx);
        assert_eq!(dx, [0.0, 2.0, 3.0, 4.0, 0.0]);
    }

    #[test]
    fn whole_numbers_and_signs() {
        let (x, mut y) = ([-2.5, -0.5, 0.0, 0.5, 1.5, 2.5], [9.0; 6]);
        floor_forward(6, &x, &mut y);
        assert_eq!(y, [-3.0, -1.0, 0.0, 0.0, 1.0, 2.0]);
        ceil_forward(6, &x, &mut y);
        assert_eq!(y, [-2.0, 0.0, 0.0, 1.0, 2.0, 3.0]);
        round_forward(6, &x, &mut y);
        assert_eq!(y, [-2.0, 0.0, 0.0, 0.0, 2.0, 2.0]);
        sign_forward(6, &x, &mut y);
        assert_eq!(y, [-1.0, -1.0, 0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn the_slope_of_the_magnitude_at_zero_is_zero() {
        let mut dx = [9.0; 2];
        abs_backward(2, &[0.0, -3.0], &[5.0, 5.0], &mut dx);
        assert_eq!(dx, [0.0, -5.0]);
    }
}
