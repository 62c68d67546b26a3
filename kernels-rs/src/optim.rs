//! Steps of optimizers, in place. Moments that have decayed to next to nothing are flushed to zero: wasm has no mode for
//! denormals, which are slow and, times 0.9, never reach zero.

use crate::door::kernel;
use crate::lanes::update;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

/// Moments below this are zero.
const TINY: f32 = 1e-30;

#[inline(always)]
fn flushed(moment: F32x4) -> F32x4 {
    moment.abs().lt(F32x4::splat(TINY)).select(F32x4::ZERO, moment)
}

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
    /// p ← p − lr (g + λ p).
    fn sgd_step(len: usize, lr: f32, weight_decay: f32; gradient: f32[len]; parameter: f32[len]) {
        let chunk = chunk_len(len, 2, LANES);
        parallel(chunks(parameter, chunk), |i, parameter| {
            let gradient = &gradient[i * chunk..][..parameter.len()];
            let (lr, decay) = (F32x4::splat(-lr), F32x4::splat(weight_decay));
            update([gradient], [parameter], |[g], [p]| [decay.madd(p, g).madd(lr, p)]);
        });
    }

    /// v ← μ v + (1 − τ)(g + λ p), flushed; p ← p − lr v, or with Nesterov's step p − lr (g + λ p + μ v).
    fn sgd_momentum_step(len: usize, lr: f32, momentum: f32, dampening: f32, weight_decay: f32, nesterov: bool;
        gradient: f32[len]; parameter: f32[len], velocity: f32[len]) {
        let chunk = chunk_len(len, 4, LANES);
        parallel((chunks(parameter, chunk), chunks(velocity, chunk)), |i, (parameter, velocity)| {
            let gradient = &gradient[i * chunk..][..parameter.len()];
            let [lr, momentum, share, decay] = [-lr, momentum, 1.0 - dampening, weight_decay].map(F32x4::splat);
            update([gradient], [parameter, velocity], |[g], [p, v]| {
                let g = decay.madd(p, g);
                let v = flushed(momentum.madd(v, share * g));
                let direction = if nesterov { momentum.madd(v, g) } else { v };
                [direction.madd(lr, p), v]
            });
        });
    }

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
    fn sgd_with_momentum_and_nesterov_by_hand() {
        let mut p = [1.0, 2.0, 3.0, 4.0, 5.0];
        sgd_step(5, 0.5, 0.0, &[1.0; 5], &mut p);
        assert_eq!(p, [0.5, 1.5, 2.5, 3.5, 4.5]);
        // v = 0.5 · 2 + 1 = 2, p = 1 − 0.5 · 2 = 0; with Nesterov p = 1 − 0.5 (1 + 0.5 · 2) = 0.
        let (mut p, mut v) = ([1.0], [2.0]);
        sgd_momentum_step(1, 0.5, 0.5, 0.0, 0.0, false, &[1.0], &mut p, &mut v);
        assert_eq!((p, v), ([0.0], [2.0]));
        let (mut p, mut v) = ([1.0], [2.0]);
        sgd_momentum_step(1, 0.25, 0.5, 0.0, 1.0, true, &[1.0], &mut p, &mut v);
        // g = 1 + 1 = 2, v = 1 + 2 = 3, direction = 2 + 1.5 = 3.5, p = 1 − 0.875.
        assert_eq!((p, v), ([0.125], [3.0]));
    }

    #[test]
    fn awkward_lengths_step_alike() {
        for len in [0, 1, 3, 4, 5, 31, 33, 20_001] {
            let gradient: Vec<f32> = (0..len).map(|i| (i % 5) as f32).collect();
            let (mut p, mut v) = (vec![1.0; len], vec![0.5; len]);
            // v = 0.5 · 0.5 + g, p = 1 − 0.25 v: exact.
            sgd_momentum_step(len, 0.25, 0.5, 0.0, 0.0, false, &gradient, &mut p, &mut v);
            assert!((0..len).all(|i| v[i] == 0.25 + gradient[i] && p[i] == 1.0 - 0.25 * v[i]), "{len}");
        }
    }

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
        let (mut p, mut v) = ([1.0], [1e-3]);
        (0..2000).for_each(|_| sgd_momentum_step(1, 0.1, 0.9, 0.0, 0.0, false, &[0.0], &mut p, &mut v));
        assert_eq!(v, [0.0]);
    }

    #[test]
    fn powers_by_squaring() {
        for (base, exponent) in [(0.9f64, 1), (0.999, 1000), (0.999, 123_457), (0.5, 0)] {
            let want = base.powi(exponent);
            assert!((power(base, f64::from(exponent)) - want).abs() <= 1e-12 * want, "{base}^{exponent}");
        }
    }
}
