//! Products whose A is read where it lies: its rows begin a fixed distance apart, and may overlap as patches of an image do.
//!
//! Only B is packed, once, and its panels stay in the cache: for a short k, where packing A would cost as much as the
//! product. A panel of B is the bias, then its steps.

use super::blocking::{KC, steps};
use super::microkernel::{NV, Step, load, multiply_add, store};
use super::pack::{Operand, Pack};
use super::product::is_tile_wide;
use crate::machine::simd::{F32x4, LANES};
use core::ops::Range;

/// Columns of a panel.
const NR: usize = NV * LANES;
/// Items of B that stay in the cache beside the rest.
const MOST_ITEMS: usize = 1 << 15;

/// Whether a B of so many rows and columns is for the products here: sums over more than KC items would have to be cut.
pub fn is_for(k: usize, n: usize) -> bool {
    k <= KC && k * n <= MOST_ITEMS
}

/// B [k, n] packed, with the bias of its columns.
#[derive(Clone, Copy)]
pub struct Packed<'a> {
    panels: &'a [Step<NV>],
    k: usize,
    n: usize,
}

/// The scratch memory, in f32, that `Packed::new` needs.
pub fn packed_len(k: usize, n: usize) -> usize {
    n.next_multiple_of(NR) * (k + 1)
}

impl<'a> Packed<'a> {
    /// Packs the rows of B that `runs` names, in their order; an empty bias is none.
    pub fn new(
        b: Operand,
        n: usize,
        runs: impl Iterator<Item = Range<usize>> + Clone,
        bias: &[f32],
        scratch: &'a mut [f32],
    ) -> Packed<'a> {
        let k = runs.clone().map(|run| run.len()).sum();
        let panels = &mut steps::<NV>(scratch)[..n.div_ceil(NR) * (k + 1)];
        for (panel, col) in panels.chunks_exact_mut(k + 1).zip((0..).step_by(NR)) {
            let cols = col..n.min(col + NR);
            let (first, mut rest) = panel.split_at_mut(1);
            match bias.is_empty() {
                true => first.fill([[0.0; LANES]; NV]),
                false => Operand::new(bias, n, false).pack(cols.clone(), 0..1, first),
            }
            for run in runs.clone() {
                let (steps, behind) = rest.split_at_mut(run.len());
                b.pack(cols.clone(), run, steps);
                rest = behind;
            }
        }
        Packed { panels, k, n }
    }

    /// c = a b + bias: row i of A begins at item `i * step` of `a`.
    pub fn multiply(&self, a: &[f32], step: usize, c: &mut [f32]) {
        let rows = c.len() / self.n;
        for (panel, col) in self.panels.chunks_exact(self.k + 1).zip((0..).step_by(NR)) {
            match rows {
                8.. if is_tile_wide() => multiply_panel::<8>(a, step, panel, c, (self.n, col)),
                4.. => multiply_panel::<4>(a, step, panel, c, (self.n, col)),
                _ => multiply_panel::<1>(a, step, panel, c, (self.n, col)),
            }
        }
    }
}

/// Columns `col..` of all rows of C [.., n], R at a time.
#[inline(never)]
fn multiply_panel<const R: usize>(a: &[f32], step: usize, panel: &[Step<NV>], c: &mut [f32], (n, col): (usize, usize)) {
    let Some((bias, b)) = panel.split_first() else { return };
    let bias = load(bias);
    let rows = c.len() / n;
    for row in (0..rows).step_by(R) {
        // The last block begins early enough to be whole, and computes some rows again.
        let row = row.min(rows - R);
        let a: [&[f32]; R] = core::array::from_fn(|r| &a[(row + r) * step..][..b.len()]);
        let mut sums: [[F32x4; NV]; R] = [bias; R];
        for (k, b) in b.iter().enumerate() {
            multiply_add(|r| a[r][k], b, &mut sums);
        }
        for (r, sums) in sums.into_iter().enumerate() {
            let c = &mut c[(row + r) * n..][..n][col..];
            match c.first_chunk_mut::<NR>() {
                Some(c) => store(sums, c.as_chunks_mut().0.as_chunks_mut().0.first_mut().expect("NR items")),
                None => {
                    let items = sums.map(F32x4::to_array);
                    c.iter_mut().zip(items.as_flattened()).for_each(|(c, item)| *c = *item);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_may_overlap_and_b_be_taken_in_another_order() {
        // Rows of three items, one item apart; B's row 2 first. c[i][j] = sum over p of (i + p) b[order[p]][j] + bias[j].
        for (rows, n) in [(1, 1), (3, 4), (4, 8), (7, 9), (9, 24), (13, 11)] {
            let a: Vec<f32> = (0..rows + 2).map(|at| at as f32).collect();
            let b: Vec<f32> = (0..3 * n).map(|at| (at % 7) as f32 - 3.0).collect();
            let bias: Vec<f32> = (0..n).map(|at| at as f32).collect();
            let mut scratch = vec![f32::NAN; packed_len(3, n)];
            let packed = Packed::new(Operand::new(&b, n, false), n, [2..3, 0..2].into_iter(), &bias, &mut scratch);
            let mut c = vec![f32::NAN; rows * n];
            packed.multiply(&a, 1, &mut c);
            for (at, &item) in c.iter().enumerate() {
                let (i, j) = (at / n, at % n);
                let sum: f32 = [2, 0, 1].iter().enumerate().map(|(p, row)| (i + p) as f32 * b[row * n + j]).sum();
                assert_eq!(item, sum + j as f32, "({i}, {j}) of {rows} x {n}");
            }
        }
    }
}
