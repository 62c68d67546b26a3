//! Stochastic gradient descent, with and without momentum.

use super::flushed;
use crate::door::kernel;
use crate::lanes::update;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

kernel! {
    /// p ← σ p − lr (g + λ p): λ decays through the gradient, σ apart from it.
    fn sgd_step(len: usize, lr: f32, weight_decay: f32, shrink: f32; gradient: f32[len]; parameter: f32[len]) {
        let chunk = chunk_len(len, 2, LANES);
        parallel(chunks(parameter, chunk), |i, parameter| {
            let gradient = &gradient[i * chunk..][..parameter.len()];
            let [lr, decay, shrink] = [-lr, weight_decay, shrink].map(F32x4::splat);
            update([gradient], [parameter], |[g], [p]| [decay.madd(p, g).madd(lr, shrink * p)]);
        });
    }

    /// v ← μ v + (1 − τ)(g + λ p), flushed; p ← σ p − lr v, or with Nesterov's step σ p − lr (g + λ p + μ v).
    fn sgd_momentum_step(len: usize, lr: f32, momentum: f32, dampening: f32, weight_decay: f32, shrink: f32, nesterov: bool;
        gradient: f32[len]; parameter: f32[len], velocity: f32[len]) {
        let chunk = chunk_len(len, 4, LANES);
        parallel((chunks(parameter, chunk), chunks(velocity, chunk)), |i, (parameter, velocity)| {
            let gradient = &gradient[i * chunk..][..parameter.len()];
            let [lr, momentum, share, decay, shrink] =
                [-lr, momentum, 1.0 - dampening, weight_decay, shrink].map(F32x4::splat);
            update([gradient], [parameter, velocity], |[g], [p, v]| {
                let g = decay.madd(p, g);
                let v = flushed(momentum.madd(v, share * g));
                let direction = if nesterov { momentum.madd(v, g) } else { v };
                [direction.madd(lr, shrink * p), v]
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
        sgd_step(5, 0.5, 0.0, 1.0, &[1.0; 5], &mut p);
        assert_eq!(p, [0.5, 1.5, 2.5, 3.5, 4.5]);
        // v = 0.5 · 2 + 1 = 2, p = 1 − 0.5 · 2 = 0; with Nesterov p = 1 − 0.5 (1 + 0.5 · 2) = 0.
        let (mut p, mut v) = ([1.0], [2.0]);
        sgd_momentum_step(1, 0.5, 0.5, 0.0, 0.0, 1.0, false, &[1.0], &mut p, &mut v);
        assert_eq!((p, v), ([0.0], [2.0]));
        let (mut p, mut v) = ([1.0], [2.0]);
        sgd_momentum_step(1, 0.25, 0.5, 0.0, 1.0, 1.0, true, &[1.0], &mut p, &mut v);
        // g = 1 + 1 = 2, v = 1 + 2 = 3, direction = 2 + 1.5 = 3.5, p = 1 − 0.875.
        assert_eq!((p, v), ([0.125], [3.0]));
    }

    #[test]
    fn decay_apart_from_the_gradient_by_hand() {
        // p = 0.75 · 4 − 0.5 · 1; with momentum v = 0.5 · 2 + 1 = 2, p = 0.75 · 4 − 0.5 · 2, and v knows nothing of p.
        let mut p = [4.0];
        sgd_step(1, 0.5, 0.0, 0.75, &[1.0], &mut p);
        assert_eq!(p, [2.5]);
        let (mut p, mut v) = ([4.0], [2.0]);
        sgd_momentum_step(1, 0.5, 0.5, 0.0, 0.0, 0.75, false, &[1.0], &mut p, &mut v);
        assert_eq!((p, v), ([2.0], [2.0]));
    }

    #[test]
    fn awkward_lengths_step_alike() {
        for len in [0, 1, 3, 4, 5, 31, 33, 20_001] {
            let gradient: Vec<f32> = (0..len).map(|i| (i % 5) as f32).collect();
            let (mut p, mut v) = (vec![1.0; len], vec![0.5; len]);
            // v = 0.5 · 0.5 + g, p = 1 − 0.25 v: exact.
            sgd_momentum_step(len, 0.25, 0.5, 0.0, 0.0, 1.0, false, &gradient, &mut p, &mut v);
            assert!((0..len).all(|i| v[i] == 0.25 + gradient[i] && p[i] == 1.0 - 0.25 * v[i]), "{len}");
        }
    }

    #[test]
    fn n16_the_momentum_reaches_zero() {
        let (mut p, mut v) = ([1.0], [1e-3]);
        (0..2000).for_each(|_| sgd_momentum_step(1, 0.1, 0.9, 0.0, 0.0, 1.0, false, &[0.0], &mut p, &mut v));
        assert_eq!(v, [0.0]);
    }
}
