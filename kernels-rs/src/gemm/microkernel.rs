//! The micro-kernel: the one hot loop of the crate. Matrix products, convolutions and Winograd all end here.
//!
//! A panel of A holds W vectors of rows as `[k][W][LANES]`, a panel of B holds NR = V x LANES columns as `[k][V][LANES]`:
//! each turn of the loop reads a step of either panel and does MR x NR multiply-adds into registers. The loop has no
//! `unsafe` and is not unrolled by hand: both were measured and neither is faster. But its form matters: with an iterator
//! for each panel V8 has pointers that grow, where a common index would cost five more instructions a turn.

use crate::machine::simd::{F32x4, LANES};
use core::sync::atomic::{Ordering::SeqCst, compiler_fence};

/// Rows of a block of C: MR x NV sums and their operands just fit into the 15 registers that V8 has to give.
pub const MR: usize = 6;
/// Rows that are worth a micro-kernel of their own, of width NV_WIDE: a vector, or two, times a matrix.
pub const MR_FEW: usize = 2;
/// Vectors across a panel of B.
pub const NV: usize = 2;
/// Vectors where V8 joins pairs of them into registers of 256 bits ("turbo").
pub const NV_WIDE: usize = 4;

/// What a panel of `V` vectors holds for one p of the sum over k.
pub type Step<const V: usize> = [[f32; LANES]; V];
/// What a panel of A by rows holds for eight p of the sum over k.
pub type Rows = [Step<2>; MR];

/// The products of R rows of A and a panel of B: written to `c`, or added to it. The rows are those from row FROM of the
/// first of two panels of A on; the second serves where that does not hold all of them.
#[inline(never)]
pub fn micro_kernel<const FROM: usize, const R: usize, const W: usize, const V: usize>(
    [first, second]: [&[Step<W>]; 2],
    b: &[Step<V>],
    c: [&mut Step<V>; R],
    add: bool,
) {
    let mut sums = [[F32x4::ZERO; V]; R];
    let (mut second, mut b) = (second.iter(), b.iter());
    for first in first {
        let Some(b) = b.next() else { break };
        if FROM + R <= W * LANES {
            multiply_add(|r| first.as_flattened()[FROM + r], b, &mut sums);
        } else {
            let Some(second) = second.next() else { break };
            let row = |row: usize| match row.checked_sub(W * LANES) {
                None => first.as_flattened()[row],
                Some(row) => second.as_flattened()[row],
            };
            multiply_add(|r| row(FROM + r), b, &mut sums);
        }
    }
    finish(sums, c, add);
}

/// As `micro_kernel`, for the first R of MR rows of A: eight items of k of each of them lie together.
#[inline(never)]
pub fn micro_kernel_of_rows<const R: usize, const V: usize>(
    a: &[Rows],
    b: &[Step<V>],
    c: &mut [Step<V>; MR],
    add: bool,
) {
    let mut sums = [[F32x4::ZERO; V]; R];
    let mut b = b.iter();
    for a in a {
        // Item k of the first row and what lies behind it, to the same item of the last row.
        for a in a.as_flattened().as_flattened().windows(2 * LANES * (MR - 1) + 1) {
            let Some(b) = b.next() else { break };
            multiply_add(|r| a[r * 2 * LANES], b, &mut sums);
        }
    }
    finish(sums, c.first_chunk_mut().expect("no more than MR").each_mut(), add);
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
    use core::array::from_fn;

    /// Item (row, p) of a panel of A.
    fn item(row: usize, p: usize) -> f32 {
        (2 * p + 5 * row) as f32
    }

    /// Rows 0.. and W x LANES.. of A as two panels of three steps.
    fn panels<const W: usize>() -> [Vec<Step<W>>; 2] {
        let step = |first: usize, p: usize| from_fn(|w| from_fn(|lane| item(first + w * LANES + lane, p)));
        [0, W * LANES].map(|first| (0..3).map(|p| step(first, p)).collect())
    }

    fn panel_of_b<const V: usize>(depth: usize) -> Vec<Step<V>> {
        (0..depth).map(|p| from_fn(|v| from_fn(|lane| (10 * p + v * LANES + lane) as f32))).collect()
    }

    fn check<const FROM: usize, const R: usize, const W: usize, const V: usize>() {
        // The sum over p < 3 of (2 p + 5 i)(10 p + j) = 100 + 6 j + 150 i + 15 i j.
        let ([first, second], b) = (panels::<W>(), panel_of_b::<V>(3));
        let mut c = [[[7.0; LANES]; V]; R];
        for (add, times) in [(false, 1), (true, 2)] {
            micro_kernel::<FROM, R, W, V>([&first, &second], &b, c.each_mut(), add);
            for (i, row) in (FROM..).zip(&c) {
                for (j, &sum) in row.as_flattened().iter().enumerate() {
                    assert_eq!(sum, (times * (100 + 6 * j + 150 * i + 15 * i * j)) as f32, "row {i}, column {j}");
                }
            }
        }
    }

    #[test]
    fn a_block_is_written_or_added_to() {
        check::<0, MR_FEW, 1, NV_WIDE>();
        check::<0, LANES, 1, NV>();
        check::<0, LANES, 2, NV_WIDE>();
        check::<LANES, LANES, 2, NV>();
    }

    #[test]
    fn the_rows_of_a_block_may_come_from_two_panels() {
        check::<0, MR, 1, NV>();
        check::<2, MR, 1, NV_WIDE>();
        check::<0, MR, 2, NV>();
        check::<2, MR, 2, NV_WIDE>();
        check::<4, MR, 2, NV>();
        check::<6, MR, 2, NV_WIDE>();
    }

    fn check_rows<const R: usize, const V: usize>() {
        // The sum over p < 16 of (2 p + 5 i)(10 p + j) = 24,800 + 240 j + 6,000 i + 80 i j.
        let a: [Rows; 2] =
            from_fn(|at| from_fn(|row| from_fn(|h| from_fn(|lane| item(row, 2 * LANES * at + h * LANES + lane)))));
        let mut c = [[[7.0; LANES]; V]; MR];
        for (add, times) in [(false, 1), (true, 2)] {
            micro_kernel_of_rows::<R, V>(&a, &panel_of_b::<V>(16), &mut c, add);
            for (i, row) in c[..R].iter().enumerate() {
                for (j, &sum) in row.as_flattened().iter().enumerate() {
                    assert_eq!(
                        sum,
                        (times * (24_800 + 240 * j + 6_000 * i + 80 * i * j)) as f32,
                        "row {i}, column {j}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_may_lie_by_rows() {
        check_rows::<MR, NV>();
        check_rows::<MR, NV_WIDE>();
        check_rows::<LANES, NV>();
    }
}
