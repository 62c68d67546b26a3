//! The micro-kernel: the one hot loop of the crate. Matrix products, convolutions and Winograd all end here.
//!
//! A panel of A holds MR rows as `[k][MR]`, a panel of B holds NR columns as `[k][NR]`: each turn of the loop reads one
//! item of either panel and does MR x NR multiply-adds into registers. The loop has no `unsafe` and is not unrolled by
//! hand: both were measured and neither is faster.

use crate::machine::simd::{F32x4, LANES};

/// Columns of a panel of B.
pub const NR: usize = 8;
/// Rows of a panel of A: as many sums as 16 registers of 128 bits hold beside their operands.
pub const MR: usize = 4;
/// Rows where V8 joins lanes into registers of 256 bits ("turbo").
pub const MR_WIDE: usize = 8;

/// The products of a panel of A and a panel of B: written to `c`, or added to it.
#[inline(never)]
pub fn micro_kernel<const ROWS: usize>(a: &[[f32; ROWS]], b: &[[f32; NR]], c: [&mut [f32; NR]; ROWS], add: bool) {
    let mut sums = [[F32x4::ZERO; NR / LANES]; ROWS];
    for (a, b) in a.iter().zip(b) {
        let b = load(b);
        for (sums, &a) in sums.iter_mut().zip(a) {
            let a = F32x4::splat(a);
            *sums = [a.madd(b[0], sums[0]), a.madd(b[1], sums[1])];
        }
    }
    if add {
        for (c, sums) in c.into_iter().zip(sums) {
            let old = load(c);
            store([old[0] + sums[0], old[1] + sums[1]], c);
        }
    } else {
        for (c, sums) in c.into_iter().zip(sums) {
            store(sums, c);
        }
    }
}

#[inline(always)]
fn load(from: &[f32; NR]) -> [F32x4; NR / LANES] {
    let (lanes, _) = from.as_chunks::<LANES>();
    [F32x4::load(&lanes[0]), F32x4::load(&lanes[1])]
}

#[inline(always)]
fn store(values: [F32x4; NR / LANES], to: &mut [f32; NR]) {
    let (lanes, _) = to.as_chunks_mut::<LANES>();
    values[0].store(&mut lanes[0]);
    values[1].store(&mut lanes[1]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_written_or_added_to() {
        // a[p][i] = p + i, b[p][j] = 10 p + j; sum over p < 3 of (p + i)(10 p + j) = 50 + 3 j + 30 i + 3 i j.
        let a: Vec<[f32; MR]> = (0..3).map(|p| core::array::from_fn(|i| (p + i) as f32)).collect();
        let b: Vec<[f32; NR]> = (0..3).map(|p| core::array::from_fn(|j| (10 * p + j) as f32)).collect();
        let want = |i: usize, j: usize| (50 + 3 * j + 30 * i + 3 * i * j) as f32;
        let mut c = [[7.0; NR]; MR];
        micro_kernel(&a, &b, c.each_mut(), false);
        assert!((0..MR * NR).all(|at| c[at / NR][at % NR] == want(at / NR, at % NR)));
        micro_kernel(&a, &b, c.each_mut(), true);
        assert!((0..MR * NR).all(|at| c[at / NR][at % NR] == 2.0 * want(at / NR, at % NR)));
    }
}
