//! dw from x and dy: some items of a patch by a panel of outputs, summed along a few rows of places.

use super::band::{band_len, copy_band, depth, order, step};
use crate::buffers::with_scratch;
use crate::conv::geometry::ConvGeometry;
use crate::gemm::microkernel::{MR, NV, Step, add, multiply_add};
use crate::gemm::product::is_tile_wide;
use crate::lanes;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel_with_scratch, threads};

/// Places that are summed over in one go, and whose bands and gradients stay in the cache meanwhile.
const PLACES: usize = 128;
/// Chunks of rows, each with sums of its own.
const MOST_CHUNKS: usize = 16;

pub fn backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let (rows, row_len, len) = (g.batch * g.out_height, g.out_width * g.out_channels, dw.len());
    dw.fill(0.0);
    if rows == 0 {
        return;
    }
    let together = (PLACES / g.out_width).max(1);
    // Each chunk of rows has a sum of its own; their number and order are fixed.
    let each = chunk_len(rows, row_len * depth(g), 1).max(rows.div_ceil(MOST_CHUNKS));
    let sums_len = rows.div_ceil(each) * len;
    with_scratch(sums_len + threads() * together * band_len(g), |scratch| {
        let (sums, bands) = scratch.split_at_mut(sums_len);
        parallel_with_scratch(chunks(sums, len), bands, |index, sums, bands| {
            sums.fill(0.0);
            let end = rows.min((index + 1) * each);
            for from in (index * each..end).step_by(together) {
                let to = end.min(from + together);
                for (row, band) in (from..to).zip(bands.chunks_exact_mut(band_len(g))) {
                    copy_band(g, x, row, band);
                }
                add_rows(g, bands, &dy[from * row_len..to * row_len], sums);
            }
        });
        for sums in sums.chunks_exact(len) {
            // From the order of a patch's items to that of the weight.
            let n = g.out_channels;
            let mut sums = sums;
            for run in order(g) {
                let (these, rest) = sums.split_at(run.len() * n);
                lanes::update([these], [&mut dw[run.start * n..run.end * n]], |[sum], [dw]| [dw + sum]);
                sums = rest;
            }
        }
    });
}

/// Adds the products of rows of places with what they see to `sums` [patch, outputs].
fn add_rows(g: &ConvGeometry, bands: &[f32], dy: &[f32], sums: &mut [f32]) {
    let (depth, n) = (depth(g), g.out_channels);
    for col in (0..n).step_by(NV * LANES) {
        let mut item = 0;
        while item < depth {
            let (bands, dy, sums) = (&bands[item..], &dy[col..], &mut sums[item * n + col..]);
            item += match (n - col, depth - item) {
                (LANES, _) => add_block::<4, 1>(g, bands, dy, sums),
                (_, 8..) if is_tile_wide() => add_block::<8, NV>(g, bands, dy, sums),
                (_, MR..) => add_block::<MR, NV>(g, bands, dy, sums),
                _ => add_block::<4, NV>(g, bands, dy, sums),
            };
        }
    }
}

/// The first R items of each place's patch by the first V vectors of its outputs. Returns R.
#[inline(never)]
fn add_block<const R: usize, const V: usize>(g: &ConvGeometry, bands: &[f32], dy: &[f32], sums: &mut [f32]) -> usize {
    let (n, step) = (g.out_channels, step(g));
    let mut block = [[F32x4::ZERO; V]; R];
    for (mut items, dy) in bands.chunks(band_len(g)).zip(dy.chunks(g.out_width * n)) {
        for dy in dy.chunks(n) {
            let patch = items.first_chunk::<R>().expect("a patch and its slack");
            let dy: &Step<V> = dy[..V * LANES].as_chunks().0.first_chunk().expect("V vectors");
            multiply_add(|r| patch[r], dy, &mut block);
            items = items.get(step..).unwrap_or_default();
        }
    }
    // Behind the end of a patch there may be no sum to add to.
    for (sums, more) in sums.chunks_mut(n).zip(block) {
        let sums: &mut Step<V> = sums[..V * LANES].as_chunks_mut().0.first_chunk_mut().expect("V vectors");
        add(more, sums);
    }
    R
}
