//! Packing: operands copied into the panels that the micro-kernel reads in order, whatever their layout in memory.
//!
//! A panel is `[k][V][LANES]`: V x LANES rows of A or columns of B side by side. The last panel is filled up with zeros;
//! what the micro-kernel makes of them is thrown away.

use super::microkernel::Step;
use crate::machine::simd::{F32x4, LANES};
use core::ops::Range;

/// A side of a product: whatever can be copied into panels of V vectors.
pub trait Pack<const V: usize>: Copy + Send + Sync {
    /// The operand of one product of a batch.
    fn matrix(self, index: usize) -> Self;

    /// Packs items i of `across` and p of `along` into panels of V vectors, one behind the other from the start of `out`.
    fn pack(&self, across: Range<usize>, along: Range<usize>, out: &mut [Step<V>]);
}

/// A side of a product that lies in memory row by row. Its items are `(i, p)`: i counts the rows of A or the columns of B, p runs along k.
#[derive(Clone, Copy)]
pub struct Operand<'a> {
    data: &'a [f32],
    /// Items from one row in memory to the next.
    stride: usize,
    /// Whether a row in memory runs along k (A, Bᵀ) or across it (Aᵀ, B).
    along_k: bool,
    /// Items from one matrix of a batch to the next; 0 where all products share one.
    each: usize,
}

impl<'a> Operand<'a> {
    pub fn new(data: &'a [f32], stride: usize, along_k: bool) -> Operand<'a> {
        Operand { data, stride, along_k, each: 0 }
    }

    /// The same for a batch of matrices of `each` items that lie one behind the other (0: one matrix for all).
    pub fn batch(self, each: usize) -> Operand<'a> {
        Operand { each, ..self }
    }

    /// The operand of one product of the batch.
    pub fn matrix(self, index: usize) -> Operand<'a> {
        Operand { data: &self.data[index * self.each..], each: 0, ..self }
    }

    /// Whether a row in memory runs across, so that all items of one p lie together.
    pub fn lies_across(&self) -> bool {
        !self.along_k
    }

    /// Item (i, p).
    pub fn item(&self, i: usize, p: usize) -> f32 {
        self.data[if self.along_k { i * self.stride + p } else { p * self.stride + i }]
    }

    /// From item `from` of a row in memory on, `len` of them.
    pub fn row(&self, row: usize, from: usize, len: usize) -> &'a [f32] {
        &self.data[row * self.stride + from..][..len]
    }

    /// Rows in memory one after the other, from `first` on, each from item `from` on.
    pub fn rows(&self, first: usize, from: usize) -> RowsInOrder<'a> {
        RowsInOrder { left: &self.data[first * self.stride + from..], stride: self.stride }
    }

    /// PANELS panels at a time, copied row by row.
    fn pack_across<const V: usize, const PANELS: usize>(
        &self,
        across: Range<usize>,
        along: Range<usize>,
        out: &mut [Step<V>],
    ) {
        let (depth, width) = (along.len(), PANELS * V * LANES);
        for (i, panels) in across.clone().step_by(width).zip(out.chunks_mut(PANELS * depth)) {
            if i + width > across.end {
                self.pack_ragged(i..across.end, along, panels);
                return;
            }
            let mut panels = panels.chunks_exact_mut(depth);
            let mut panels: [&mut [Step<V>]; PANELS] =
                core::array::from_fn(|_| &mut panels.next().expect("a group is whole")[..depth]);
            let mut rows = self.rows(along.start, i);
            for at in 0..depth {
                let steps = rows.next(width).as_chunks::<LANES>().0.as_chunks::<V>().0;
                for (panel, step) in panels.iter_mut().zip(steps) {
                    panel[at] = *step;
                }
            }
        }
    }

    /// The last columns, fewer than a group of panels holds.
    fn pack_ragged<const V: usize>(&self, across: Range<usize>, along: Range<usize>, panels: &mut [Step<V>]) {
        let depth = along.len();
        for (at, p) in along.enumerate() {
            let row = self.row(p, across.start, across.len());
            let full = row.as_chunks::<LANES>().0.as_chunks::<V>().0;
            for (panel, step) in full.iter().enumerate() {
                panels[panel * depth + at] = *step;
            }
            let rest = &row[full.len() * V * LANES..];
            if !rest.is_empty() {
                panels[full.len() * depth + at] = padded(rest);
            }
        }
    }

    /// One panel, vector by vector.
    fn pack_along<const V: usize>(&self, across: Range<usize>, along: Range<usize>, panel: &mut [Step<V>]) {
        for v in 0..V {
            let first = (across.start + v * LANES).min(across.end);
            let row = |i: usize| match first + i < across.end {
                true => self.row(first + i, along.start, along.len()),
                false => &[],
            };
            let rows: [&[f32]; LANES] = core::array::from_fn(row);
            if rows[LANES - 1].is_empty() {
                for (at, step) in panel.iter_mut().enumerate() {
                    step[v] = rows.map(|row| row.get(at).copied().unwrap_or(0.0));
                }
            } else {
                transpose(rows, panel, v);
            }
        }
    }
}

/// Rows in memory, to be read in order. Both checks of a row go by the slice that is left: cheaper than an index computed anew.
pub struct RowsInOrder<'a> {
    left: &'a [f32],
    stride: usize,
}

impl<'a> RowsInOrder<'a> {
    /// The next row's first items.
    #[inline(always)]
    pub fn next(&mut self, width: usize) -> &'a [f32] {
        let row = &self.left[..width];
        self.left = self.left.get(self.stride..).unwrap_or_default();
        row
    }
}

impl<const V: usize> Pack<V> for Operand<'_> {
    fn matrix(self, index: usize) -> Self {
        Operand::matrix(self, index)
    }

    fn pack(&self, across: Range<usize>, along: Range<usize>, out: &mut [Step<V>]) {
        let out = &mut out[..across.len().div_ceil(V * LANES) * along.len()];
        if along.is_empty() {
            return;
        }
        if self.along_k {
            for (i, panel) in across.clone().step_by(V * LANES).zip(out.chunks_exact_mut(along.len())) {
                self.pack_along(i..across.end.min(i + V * LANES), along.clone(), panel);
            }
        } else {
            // Several panels at a time, so that each cache line of a row is read once.
            match V {
                1 => self.pack_across::<V, 4>(across, along, out),
                2 => self.pack_across::<V, 2>(across, along, out),
                _ => self.pack_across::<V, 1>(across, along, out),
            }
        }
    }
}

/// Vector `v` of each step, from four rows of the panel's depth.
pub fn transpose<const V: usize>(rows: [&[f32]; LANES], panel: &mut [Step<V>], v: usize) {
    let rows = rows.map(|row| row.as_chunks::<LANES>());
    let (body, rest) = panel.as_chunks_mut::<LANES>();
    let [a, b, c, d] = rows.map(|(body, _)| body);
    for ((((steps, a), b), c), d) in body.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        let columns = F32x4::transpose([a, b, c, d].map(F32x4::load));
        for (step, column) in steps.iter_mut().zip(columns) {
            column.store(&mut step[v]);
        }
    }
    for (at, step) in rest.iter_mut().enumerate() {
        step[v] = rows.map(|(_, rest)| rest[at]);
    }
}

/// A last step: what there is, and zeros. (Written out, as a copy of unknown length is a slow call in V8.)
fn padded<const V: usize>(items: &[f32]) -> Step<V> {
    core::array::from_fn(|v| core::array::from_fn(|lane| items.get(v * LANES + lane).copied().unwrap_or(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both layouts of the same items give the same panels, and those are what the definition says.
    #[test]
    fn panels_hold_the_items_and_zeros_behind_them() {
        let (count, depth) = (21, 19);
        let value = |i: usize, p: usize| (100 * i + p) as f32;
        let by_rows: Vec<f32> = (0..count * depth).map(|at| value(at / depth, at % depth)).collect();
        let by_columns: Vec<f32> = (0..count * depth).map(|at| value(at % count, at / count)).collect();
        for (across, along) in
            [(0..21, 0..19), (3..20, 2..19), (8..16, 5..9), (20..21, 0..1), (0..8, 4..4), (5..5, 0..9)]
        {
            let panels = across.len().div_ceil(8);
            let mut packed: [Vec<Step<2>>; 2] = [(); 2].map(|()| vec![[[f32::NAN; LANES]; 2]; panels * along.len()]);
            Operand::new(&by_rows, depth, true).pack(across.clone(), along.clone(), &mut packed[0]);
            Operand::new(&by_columns, count, false).pack(across.clone(), along.clone(), &mut packed[1]);
            for packed in &packed {
                for (at, items) in packed.iter().enumerate() {
                    let (panel, p) = (at / along.len(), along.start + at % along.len());
                    for (lane, &item) in items.as_flattened().iter().enumerate() {
                        let i = across.start + panel * 8 + lane;
                        assert_eq!(item, if i < across.end { value(i, p) } else { 0.0 }, "item ({i}, {p})");
                    }
                }
            }
        }
    }
}
