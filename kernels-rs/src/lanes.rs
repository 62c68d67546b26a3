//! The loop under every kernel that treats its elements alike: whole lanes first, then the tail, padded with zeros,
//! through the same lanes. So an element's result never depends on where in the array it stands.

use crate::machine::simd::{F32x4, LANES};
use core::array::from_fn;

/// `outputs` ← op(inputs, outputs), lane by lane. All are as long as the first output.
#[inline(always)]
pub fn update<const I: usize, const O: usize>(
    inputs: [&[f32]; I],
    outputs: [&mut [f32]; O],
    op: impl Fn([F32x4; I], [F32x4; O]) -> [F32x4; O],
) {
    let len = outputs[0].len();
    // Cut to one length, so that the compiler drops the checks inside the loop.
    let inputs = inputs.map(|input| input[..len].as_chunks::<LANES>());
    let mut outputs = outputs.map(|output| output[..len].as_chunks_mut::<LANES>());
    for i in 0..len / LANES {
        let next = op(inputs.map(|(body, _)| F32x4::load(&body[i])), from_fn(|o| F32x4::load(&outputs[o].0[i])));
        for (o, next) in next.into_iter().enumerate() {
            next.store(&mut outputs[o].0[i]);
        }
    }
    if !len.is_multiple_of(LANES) {
        let next = op(inputs.map(|(_, tail)| padded(tail)), from_fn(|o| padded(outputs[o].1)));
        for ((_, tail), next) in outputs.iter_mut().zip(next) {
            put(next, tail);
        }
    }
}

/// `output` = op(inputs), lane by lane.
#[inline(always)]
pub fn map<const I: usize>(inputs: [&[f32]; I], output: &mut [f32], op: impl Fn([F32x4; I]) -> F32x4) {
    update(inputs, [output], |x, _| [op(x)]);
}

/// Out of line, like `put`: once for all kernels.
#[inline(never)]
fn padded(tail: &[f32]) -> F32x4 {
    let mut lanes = [0.0; LANES];
    lanes[..tail.len()].copy_from_slice(tail);
    F32x4::load(&lanes)
}

#[inline(never)]
fn put(lanes: F32x4, tail: &mut [f32]) {
    tail.copy_from_slice(&lanes.to_array()[..tail.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_treated_alike_at_awkward_lengths() {
        for len in [0, 1, 3, 4, 5, 31, 33] {
            let x: Vec<f32> = (0..len).map(|i| i as f32).collect();
            let (mut a, mut b) = (vec![1.0; len], vec![2.0; len]);
            update([&x], [&mut a, &mut b], |[x], [a, b]| [a + x, b * x]);
            map([&x, &b], &mut a[..], |[x, b]| b - x);
            assert!((0..len).all(|i| a[i] == i as f32 && b[i] == 2.0 * i as f32), "{len}");
        }
    }
}
