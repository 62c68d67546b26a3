//! Adam and AdamW.

use super::flushed;
use crate::door::kernel;
use crate::lanes::update;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

/// base^exponent for a whole exponent, by squaring: the same bits everywhere, which the host's pow does not promise.
fn power(base: f64, exponent: f64) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent as u64);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

kernel! {
    /// Adam (D. Kingma and J. Ba, arXiv 1412.6980) with the bias corrections of step `step`, counted from 1; weight decay
    /// as part of the gradient, or decoupled (I. Loshchilov and F. Hutter, arXiv 1711.05101).
    fn adam_step(len: usize, step: f64, lr: f64, beta1: f64, beta2: f64, eps: f32, weight_decay: f32, decoupled: bool;
        gradient: f32[len]; parameter: f32[len], first: f32[len], second: f32[len]) {
        let (correction1, correction2) = (1.0 - power(beta1, step), 1.0 - power(beta2, step));
        let chunk = chunk_len(len, 10, LANES);
        parallel((chunks(parameter, chunk), chunks(first, chunk), chunks(second, chunk)), |i, (parameter, first, second)| {
            let gradient = &gradient[i * chunk..][..parameter.len()];
            let shrink = if decoupled { (1.0 - lr * f64::from(weight_decay)) as f32 } else { 1.0 };
            let coupled = if decoupled { 0.0 } else { weight_decay };
            let [shrink, coupled, eps, rate, root] =
                [shrink, coupled, eps, (-lr / correction1) as f32, (1.0 / correction2.sqrt()) as f32].map(F32x4::splat);
            let [b1, c1, b2, c2] = [beta1, 1.0 - beta1, beta2, 1.0 - beta2].map(|beta| F32x4::splat(beta as f32));
            update([gradient], [parameter, first, second], |[g], [p, m, v]| {
                let g = coupled.madd(p, g);
                let m = flushed(b1.madd(m, c1 * g));
                let v = flushed(b2.madd(v, c2 * g * g));
                let p = p * shrink;
                [(m / v.sqrt().madd(root, eps)).madd(rate, p), m, v]
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adam_first_step_moves_by_the_rate() {
        // m = 0.1 g, v = 0.001 g², corrected g and g²: p − lr g / (|g| + eps).
        let (mut p, mut m, mut v) = ([1.0, 1.0], [0.0; 2], [0.0; 2]);
        adam_step(2, 1.0, 0.1, 0.9, 0.999, 1e-8, 0.0, false, &[3.0, -0.5], &mut p, &mut m, &mut v);
        assert!((p[0] - 0.9).abs() < 1e-6 && (p[1] - 1.1).abs() < 1e-6, "{p:?}");
    }

    /// Three steps on gradients 0.5, −1.5, 0.25 from p = 1, lr 0.1, betas 0.9 and 0.99, eps 1e-8, weight decay 0.1.
    fn three_steps(decoupled: bool) -> f32 {
        let (mut p, mut m, mut v) = ([1.0], [0.0], [0.0]);
        for (step, gradient) in [(1.0, 0.5), (2.0, -1.5), (3.0, 0.25)] {
            adam_step(1, step, 0.1, 0.9, 0.99, 1e-8, 0.1, decoupled, &[gradient], &mut p, &mut m, &mut v);
        }
        p[0]
    }

    #[test]
    fn adam_and_adamw_by_pytorch() {
        // torch.optim.Adam and AdamW of PyTorch 1.13 in f64.
        assert!((three_steps(false) - 0.960_051_2).abs() < 1e-6, "{}", three_steps(false));
        assert!((three_steps(true) - 0.948_884_9).abs() < 1e-6, "{}", three_steps(true));
    }

    #[test]
    fn n16_moments_reach_zero() {
        let (mut p, mut m, mut v) = ([1.0], [0.0], [0.0]);
        adam_step(1, 1.0, 1e-3, 0.9, 0.999, 1e-8, 0.0, false, &[1e-3], &mut p, &mut m, &mut v);
        for step in 2..=2001 {
            adam_step(1, f64::from(step), 1e-3, 0.9, 0.999, 1e-8, 0.0, false, &[0.0], &mut p, &mut m, &mut v);
        }
        assert_eq!(m, [0.0]);
    }

    #[test]
    fn powers_by_squaring() {
        for (base, exponent) in [(0.9f64, 1), (0.999, 1000), (0.999, 123_457), (0.5, 0)] {
            let want = base.powi(exponent);
            assert!((power(base, f64::from(exponent)) - want).abs() <= 1e-12 * want, "{base}^{exponent}");
        }
    }
}
