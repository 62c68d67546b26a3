//! Averages of parameters over time.

use crate::door::kernel;
use crate::lanes::update;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

kernel! {
    /// y ← y + weight (x − y); exactly y at weight 0 and exactly x at 1.
    fn average_step(len: usize, weight: f32; x: f32[len]; y: f32[len]) {
        let chunk = chunk_len(len, 3, LANES);
        parallel(chunks(y, chunk), |i, y| {
            let x = &x[i * chunk..][..y.len()];
            // From the nearer end, as PyTorch's lerp: y + 1 (x − y) need not be x.
            let (from_y, share) = (weight < 0.5, F32x4::splat(if weight < 0.5 { weight } else { weight - 1.0 }));
            update([x], [y], |[x], [y]| [share.madd(x - y, if from_y { y } else { x })]);
        });
    }

    /// Exchanges a and b.
    fn exchange(len: usize; ; a: f32[len], b: f32[len]) {
        a.swap_with_slice(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_exact_and_the_middle_is_by_hand() {
        // 16777216 + 1 (0.1 − 16777216) would be 0 in f32.
        for (weight, want) in [(0.0, [16_777_216.0, 1.0]), (1.0, [0.1, 3.0]), (0.25, [12_582_912.0, 1.5])] {
            let mut y = [16_777_216.0, 1.0];
            average_step(2, weight, &[0.1, 3.0], &mut y);
            assert_eq!(y, want, "{weight}");
        }
        let mut y = [1.0, 4.0, 8.0, -2.0, 0.0];
        average_step(5, 0.75, &[5.0, 8.0, 0.0, 2.0, 4.0], &mut y);
        assert_eq!(y, [4.0, 7.0, 2.0, 1.0, 3.0]);
    }
}
