//! The micro-kernel: the one hot loop of the crate. Matrix products, convolutions and Winograd all end here.
//!
//! A panel of A holds MR rows as `[k][MR]`, a panel of B holds NR = NV x LANES columns as `[k][NV][LANES]`: each turn of
//! the loop reads a step of either panel and does MR x NR multiply-adds into registers. The loop has no `unsafe` and is
//! not unrolled by hand: both were measured and neither is faster.

use crate::machine::simd::{F32x4, LANES};
use core::sync::atomic::{Ordering::SeqCst, compiler_fence};

/// Rows of a panel of A.
pub const MR: usize = LANES;
/// Rows of a block that takes its rows from two panels of A, of width NV: three panels are two such blocks.
pub const MR_TALL: usize = 6;
/// Rows that are worth a micro-kernel of their own, of width NV_WIDE: a vector, or two, times a matrix.
pub const MR_FEW: usize = 2;
/// Vectors across a panel of B: MR x NV sums and their operands fit into the 15 registers that V8 has to give.
pub const NV: usize = 2;
/// Vectors where V8 joins pairs of them into registers of 256 bits ("turbo").
pub const NV_WIDE: usize = 4;

/// What a panel of `V` vectors holds for one p of the sum over k.
pub type Step<const V: usize> = [[f32; LANES]; V];
/// What a panel of A by rows holds for eight p of the sum over k.
pub type Rows = [Step<2>; MR];

/// The products of the first R rows of a panel of A and a panel of B: written to `c`, or added to it.
#[inline(never)]
pub fn micro_kernel<const R: usize, const V: usize>(a: &[Step<1>], b: &[Step<V>], c: [&mut Step<V>; R], add: bool) {
    let mut sums = [[F32x4::ZERO; V]; R];
    let mut b = b.iter();
    for [a] in a {
        let Some(b) = b.next() else { break };
        multiply_add(|r| a[r], b, &mut sums);
    }
    finish(sums, c, add);
}

/// As `micro_kernel`, for MR_TALL rows of two panels of A: from row FROM of the first on, then of the second.
#[inline(never)]
pub fn micro_kernel_of_two<const FROM: usize, const V: usize>(
    [first, second]: [&[Step<1>]; 2],
    b: &[Step<V>],
    c: [&mut Step<V>; MR_TALL],
    add: bool,
) {
    let mut sums = [[F32x4::ZERO; V]; MR_TALL];
    let (mut second, mut b) = (second.iter(), b.iter());
    for [first] in first {
        let (Some([second]), Some(b)) = (second.next(), b.next()) else { break };
        let row = |r: usize| if FROM + r < MR { first[FROM + r] } else { second[FROM + r - MR] };
        multiply_add(row, b, &mut sums);
    }
    finish(sums, c, add);
}

/// As `micro_kernel`, A in panels of two vectors: its rows are those of vector H.
#[inline(never)]
pub fn micro_kernel_of_half<const H: usize, const V: usize>(
    a: &[Step<2>],
    b: &[Step<V>],
    c: [&mut Step<V>; MR],
    add: bool,
) {
    let mut sums = [[F32x4::ZERO; V]; MR];
    for (a, b) in a.iter().zip(b) {
        multiply_add(|r| a[H][r], b, &mut sums);
    }
    finish(sums, c, add);
}

/// As `micro_kernel`, A by rows: eight items of k of each of its rows lie together.
#[inline(always)]
pub fn micro_kernel_of_rows<const V: usize>(a: &[Rows], b: &[Step<V>], c: &mut [Step<V>; MR], add: bool) {
    let mut sums = [[F32x4::ZERO; V]; MR];
    for (a, b) in a.iter().zip(b.as_chunks::<{ 2 * LANES }>().0) {
        let a = a.as_flattened().as_flattened();
        // Not to be unrolled, which would put all loads before all sums: the fences in its body make it too long for that.
        for k in 0..2 * LANES {
            // The steps from row to row are known, the place of k is not: in this order they need no arithmetic.
            let a = &a[k..][..2 * LANES * (MR - 1) + 1];
            multiply_add(|r| a[r * 2 * LANES], &b[k], &mut sums);
        }
    }
    finish(sums, c.each_mut(), add);
}

/// One p of the sum over k. The fences cost nothing and keep the compiler from moving loads: sums of one row stay
/// together, which saves registers.
#[inline(always)]
pub fn multiply_add<const R: usize, const V: usize>(a: impl Fn(usize) -> f32, b: &Step<V>, sums: &mut [[F32x4; V]; R]) {
    let b: [F32x4; V] = load(b);
    for (r, sums) in sums.iter_mut().enumerate() {
        compiler_fence(SeqCst);
        let a = F32x4::splat(a(r));
        for (sum, b) in sums.iter_mut().zip(b) {
            compiler_fence(SeqCst);
            *sum = a.madd(b, *sum);
        }
    }
}

#[inline(always)]
fn finish<const R: usize, const V: usize>(sums: [[F32x4; V]; R], c: [&mut Step<V>; R], is_more: bool) {
    if is_more {
        c.into_iter().zip(sums).for_each(|(c, sums)| add(sums, c));
    } else {
        c.into_iter().zip(sums).for_each(|(c, sums)| store(sums, c));
    }
}

/// The fence lets the loads come before the stores, without which V8 joins no vectors.
#[inline(always)]
pub fn add<const V: usize>(values: [F32x4; V], to: &mut Step<V>) {
    let old = load(to);
    compiler_fence(SeqCst);
    store(core::array::from_fn(|v| old[v] + values[v]), to);
}

#[inline(always)]
pub fn load<const V: usize>(from: &Step<V>) -> [F32x4; V] {
    core::array::from_fn(|v| F32x4::load(&from[v]))
}

#[inline(always)]
pub fn store<const V: usize>(values: [F32x4; V], to: &mut Step<V>) {
    for (to, value) in to.iter_mut().zip(values) {
        value.store(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<const R: usize, const V: usize>() {
        // a[p][i] = p + i, b[p][j] = 10 p + j; sum over p < 3 of (p + i)(10 p + j) = 50 + 3 j + 30 i + 3 i j.
        let a: Vec<Step<1>> = (0..3).map(|p| [core::array::from_fn(|i| (p + i) as f32)]).collect();
        let step = |p: usize| core::array::from_fn(|v| core::array::from_fn(|lane| (10 * p + v * LANES + lane) as f32));
        let b: Vec<Step<V>> = (0..3).map(step).collect();
        let mut c = [[[7.0; LANES]; V]; R];
        for (add, times) in [(false, 1), (true, 2)] {
            micro_kernel(&a, &b, c.each_mut(), add);
            for (i, row) in c.iter().enumerate() {
                for (j, &item) in row.as_flattened().iter().enumerate() {
                    assert_eq!(item, (times * (50 + 3 * j + 30 * i + 3 * i * j)) as f32);
                }
            }
        }
    }

    fn check_panels<const V: usize>() {
        let b: Vec<Step<V>> = (0..16).map(|p| core::array::from_fn(|v| [(3 * p + v) as f32; LANES])).collect();
        let item = |p: usize, i: usize| (2 * p + 5 * i) as f32;
        let narrow: Vec<Step<1>> = (0..16).map(|p| [core::array::from_fn(|i| item(p, i))]).collect();
        let wide: Vec<Step<2>> = narrow.iter().map(|[rows]| [[-1.0; LANES], *rows]).collect();
        let by_rows: [Rows; 2] = core::array::from_fn(|at| {
            core::array::from_fn(|i| {
                core::array::from_fn(|h| core::array::from_fn(|k| item(8 * at + h * LANES + k, i)))
            })
        });
        let (mut expected, mut halves, mut rows) =
            ([[[1.0; LANES]; V]; MR], [[[1.0; LANES]; V]; MR], [[[1.0; LANES]; V]; MR]);
        for add in [false, true] {
            let before = [2, 3, 0, 1, 2, 3].map(|row: usize| expected[row]);
            micro_kernel(&narrow, &b, expected.each_mut(), add);
            micro_kernel_of_half::<1, V>(&wide, &b, halves.each_mut(), add);
            micro_kernel_of_rows(&by_rows, &b, &mut rows, add);
            assert_eq!((halves, rows), (expected, expected));
            // Rows 2.. of the two are the last two of the first panel, then four of the second, here the same.
            let mut tall = before;
            micro_kernel_of_two::<2, V>([&narrow, &narrow], &b, tall.each_mut(), add);
            assert_eq!(tall, [2, 3, 0, 1, 2, 3].map(|row| expected[row]));
        }
    }

    #[test]
    fn the_panels_of_a_may_be_halves_or_rows() {
        check_panels::<NV>();
        check_panels::<NV_WIDE>();
    }

    #[test]
    fn a_block_is_written_or_added_to() {
        check::<MR, NV>();
        check::<MR, NV_WIDE>();
        check::<MR_FEW, NV_WIDE>();
    }
}
