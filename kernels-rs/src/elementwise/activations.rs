//! Activations and their derivatives: `<name>_forward(x)` and `<name>_backward`, which names what it needs.

use super::gelu::{gelu, gelu_slope};
use super::math::{exp, sigmoid, tanh};
use super::special::{expm1, log1p};
use super::{map, splat};
use crate::door::kernel;
use crate::machine::simd::F32x4;

const ZERO: F32x4 = F32x4::ZERO;

fn one() -> F32x4 {
    splat(1.0)
}

unary! {
    #[cost(1)]
    /// max(x, 0), NaN kept; at 0 the derivative is 0.
    relu_forward(x) = x.max(ZERO);
    #[cost(2)] relu_backward(y, dy) = y.gt(ZERO).select(dy, y.is_nan().select(y, ZERO));

    #[cost(2)]
    /// x above 0, slope · x elsewhere.
    leaky_relu_forward{slope}(x) = x.gt(ZERO).select(x, slope * x);
    #[cost(2)] leaky_relu_backward{slope}(x, dy) = x.gt(ZERO).select(dy, slope * dy);

    #[cost(20)]
    /// x above 0, alpha (eˣ − 1) elsewhere.
    elu_forward{alpha}(x) = x.gt(ZERO).select(x, alpha * expm1(x));
    #[cost(14)] elu_backward{alpha}(x, dy) = x.gt(ZERO).select(dy, dy * alpha * exp(x));

    #[cost(20)] sigmoid_forward(x) = sigmoid(x);
    #[cost(3)] sigmoid_backward(y, dy) = dy * y * (one() - y);

    #[cost(20)] tanh_forward(x) = tanh(x);
    #[cost(3)] tanh_backward(y, dy) = dy * (one() - y * y);

    #[cost(40)]
    /// ln(1 + eˣ), in the form that is finite for large x.
    softplus_forward(x) = x.max(ZERO) + log1p(exp(-x.abs()));
    #[cost(20)] softplus_backward(x, dy) = dy * sigmoid(x);

    #[cost(22)]
    /// x · sigmoid x.
    silu_forward(x) = x * sigmoid(x);
    #[cost(26)] silu_backward(x, dy) = {
        let s = sigmoid(x);
        dy * (s + s * (one() - s) * x)
    };

    #[cost(20)]
    /// x Φ(x), Φ the standard normal distribution: the form with erf, not its approximation by tanh.
    gelu_forward(x) = gelu(x);
    #[cost(22)] gelu_backward(x, dy) = dy * gelu_slope(x);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, erf as erf_f64, slope};
    use super::*;

    type Forward = fn(usize, &[f32], &mut [f32]);
    type Backward = fn(usize, &[f32], &[f32], &mut [f32]);
    /// Forward kernel, backward kernel, whether that one reads y, the f64 function.
    type Case = (Forward, Backward, bool, fn(f64) -> f64);

    fn logistic(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    fn leaky(x: f64) -> f64 {
        if x > 0.0 { x } else { f64::from(0.01f32) * x }
    }

    #[test]
    fn values_and_slopes_agree_with_f64_at_awkward_lengths() {
        let cases: [Case; 8] = [
            (relu_forward, relu_backward, true, |x| x.max(0.0)),
            (
                |n, x, y| leaky_relu_forward(n, 0.01, x, y),
                |n, x, d, y| leaky_relu_backward(n, 0.01, x, d, y),
                false,
                leaky,
            ),
            (
                |n, x, y| elu_forward(n, 1.5, x, y),
                |n, x, d, y| elu_backward(n, 1.5, x, d, y),
                false,
                |x| if x > 0.0 { x } else { 1.5 * x.exp_m1() },
            ),
            (sigmoid_forward, sigmoid_backward, true, logistic),
            (tanh_forward, tanh_backward, true, f64::tanh),
            (softplus_forward, softplus_backward, false, |x| x.max(0.0) + (-x.abs()).exp().ln_1p()),
            (silu_forward, silu_backward, false, |x| x * logistic(x)),
            (gelu_forward, gelu_backward, false, |x| x * 0.5 * (1.0 + erf_f64(x * core::f64::consts::FRAC_1_SQRT_2))),
        ];
        for (which, (forward, backward, reads_y, exact)) in cases.into_iter().enumerate() {
            for len in [0, 1, 3, 4, 5, 31, 33] {
                let x: Vec<f32> = (0..len).map(|i| 4.95 - i as f32 * 0.3).collect();
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
    fn n12_nan_stays_nan() {
        let mut y = [0.0; 5];
        let x = [f32::NAN, 1.0, -1.0, 0.0, f32::NAN];
        for forward in [relu_forward, sigmoid_forward, tanh_forward, softplus_forward, silu_forward, gelu_forward] {
            forward(5, &x, &mut y);
            assert!(y.map(f32::is_nan) == [true, false, false, false, true]);
        }
        leaky_relu_forward(5, 0.5, &x, &mut y);
        assert!(y[0].is_nan() && y[1..4] == [1.0, -0.5, 0.0]);
        elu_forward(5, 1.0, &x, &mut y);
        assert!(y[0].is_nan() && y[4].is_nan());
    }

    #[test]
    fn large_values_stay_finite() {
        let mut y = [0.0; 2];
        softplus_forward(2, &[1000.0, -1000.0], &mut y);
        assert_eq!(y, [1000.0, 0.0]);
        gelu_forward(2, &[1000.0, -1000.0], &mut y);
        assert_eq!(y, [1000.0, 0.0]);
        silu_forward(2, &[1000.0, -1000.0], &mut y);
        assert_eq!(y, [1000.0, 0.0]);
    }
}
