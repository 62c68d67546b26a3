//! Adding up, scaling and cleaning: what the tape and the optimizers do to gradients.

use super::{map, splat};
use crate::door::kernel;
use crate::lanes::update;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

/// y = op(x, y), on all threads.
fn in_place(x: &[f32], y: &mut [f32], op: impl Fn(F32x4, F32x4) -> F32x4 + Sync) {
    let len = chunk_len(y.len(), 1, LANES);
    parallel(chunks(y, len), |chunk, y| {
        update([&x[chunk * len..][..y.len()]], [y], |[x], [y]| [op(x, y)]);
    });
}

kernel! {
    /// y += x.
    fn accumulate(len: usize; x: f32[len]; y: f32[len]) {
        in_place(x, y, |x, y| y + x);
    }

    /// y += factor x.
    fn accumulate_scaled(len: usize, factor: f32; x: f32[len]; y: f32[len]) {
        let factor = splat(factor);
        in_place(x, y, |x, y| y + factor * x);
    }

    /// y = factor x.
    fn scale_forward(len: usize, factor: f32; x: f32[len]; y: f32[len]) {
        let factor = splat(factor);
        map([x], y, 1, |[x]| factor * x);
    }

    /// y *= factor.
    fn scale_in_place(len: usize, factor: f32;; y: f32[len]) {
        let factor = splat(factor);
        let len = chunk_len(y.len(), 1, LANES);
        parallel(chunks(y, len), |_, y| update([], [y], |[], [y]| [factor * y]));
    }

    /// Gives every NaN the same bits: wasm leaves them open, and hashes and files must not differ by machine.
    fn canonicalize_nan(len: usize;; y: f32[len]) {
        let nan = splat(f32::from_bits(0x7fc0_0000));
        let len = chunk_len(y.len(), 1, LANES);
        parallel(chunks(y, len), |_, y| update([], [y], |[], [y]| [y.is_nan().select(nan, y)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_at_awkward_lengths() {
        for len in [0, 1, 3, 4, 5, 31, 33, 40_001] {
            let x: Vec<f32> = (0..len).map(|i| (i % 9) as f32).collect();
            let (mut y, mut z) = (vec![1.0; len], vec![0.0; len]);
            accumulate(len, &x, &mut y);
            accumulate_scaled(len, 2.0, &x, &mut y);
            scale_in_place(len, 0.5, &mut y);
            scale_forward(len, -3.0, &x, &mut z);
            assert!((0..len).all(|i| y[i] == 0.5 + 1.5 * x[i] && z[i] == -3.0 * x[i]), "{len}");
        }
    }

    #[test]
    fn every_nan_gets_the_same_bits_and_nothing_else_changes() {
        let bits = [0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0x7f80_0000, 0x8000_0000, 0xffff_ffff, 1];
        let mut y = bits.map(f32::from_bits);
        canonicalize_nan(7, &mut y);
        let want = [0x7fc0_0000, 0x7fc0_0000, 0x7fc0_0000, 0x7f80_0000, 0x8000_0000, 0x7fc0_0000, 1];
        assert_eq!(y.map(f32::to_bits), want);
    }
}
