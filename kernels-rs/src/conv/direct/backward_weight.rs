//! dw from x and dy: some items of a run by a panel of outputs, summed along each row of places.

use super::{band_len, band_row_len, copy_band, pieces, run_len, step};
use crate::buffers::with_scratch;
use crate::conv::geometry::ConvGeometry;
use crate::gemm::microkernel::{NV, NV_WIDE};
use crate::gemm::product::is_tile_wide;
use crate::lanes;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel_with_scratch, threads};
use core::sync::atomic::{Ordering::SeqCst, compiler_fence};

pub fn backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let (rows, row_len, len) = (g.batch * g.out_height, g.out_width * g.out_channels, dw.len());
    dw.fill(0.0);
    if rows == 0 {
        return;
    }
    // Each chunk of rows has a sum of its own; their number and order are fixed.
    let each = chunk_len(rows, row_len * g.kernel_height * run_len(g), 1);
    let sums_len = rows.div_ceil(each) * len;
    with_scratch(sums_len + threads() * band_len(g), |scratch| {
        let (sums, bands) = scratch.split_at_mut(sums_len);
        parallel_with_scratch(chunks(sums, len), bands, |index, sums, band| {
            sums.fill(0.0);
            for (image, places) in pieces(g, index * each..rows.min((index + 1) * each)) {
                copy_band(g, x, image, places.clone(), band);
                let dy = &dy[(image * g.out_height + places.start) * row_len..][..places.len() * row_len];
                for (at, dy) in dy.chunks_exact(row_len).enumerate() {
                    for (down, sums) in sums.chunks_exact_mut(run_len(g) * g.out_channels).enumerate() {
                        let row = at * g.stride_height + down * g.dilation_height;
                        let x = &band[row * band_row_len(g)..][..band_row_len(g)];
                        // Three items at a time where that leaves none over (three channels do), else four.
                        match run_len(g) % 3 {
                            0 => add_row::<3>(x, dy, (step(g), g.out_channels), sums),
                            _ => add_row::<4>(x, dy, (step(g), g.out_channels), sums),
                        }
                    }
                }
            }
        });
        sums.chunks_exact(len).for_each(|sums| lanes::update([sums], [&mut *dw], |[sum], [dw]| [dw + sum]));
    });
}

/// The products of a row of places with their runs in one row of x, added to `sums` [run, outputs].
fn add_row<const R: usize>(x: &[f32], dy: &[f32], (step, outputs): (usize, usize), sums: &mut [f32]) {
    let is_wide = is_tile_wide();
    for (x, sums) in (0..).step_by(R).map(|from| &x[from..]).zip(sums.chunks_mut(R * outputs)) {
        let mut col = 0;
        while col < outputs {
            col += match outputs - col {
                left if is_wide && left >= NV_WIDE * LANES => {
                    add_block::<R, NV_WIDE>(x, dy, (step, outputs), col, sums)
                }
                left if left >= NV * LANES => add_block::<R, NV>(x, dy, (step, outputs), col, sums),
                _ => add_block::<R, 1>(x, dy, (step, outputs), col, sums),
            };
        }
    }
}

/// R items of the runs by V vectors of outputs. Returns how many outputs those are.
#[inline(never)]
fn add_block<const R: usize, const V: usize>(
    mut x: &[f32],
    dy: &[f32],
    (step, outputs): (usize, usize),
    col: usize,
    sums: &mut [f32],
) -> usize {
    let mut block = [[F32x4::ZERO; V]; R];
    for dy in dy.chunks_exact(outputs) {
        let (items, _) = x.split_first_chunk::<R>().expect("a run and its slack");
        let (vectors, _) = dy[col..][..V * LANES].as_chunks::<LANES>();
        let vectors: [F32x4; V] = core::array::from_fn(|v| F32x4::load(&vectors[v]));
        for (sums, &item) in block.iter_mut().zip(items) {
            compiler_fence(SeqCst);
            let item = F32x4::splat(item);
            for (sum, vector) in sums.iter_mut().zip(vectors) {
                *sum = item.madd(vector, *sum);
            }
        }
        x = x.get(step..).unwrap_or_default();
    }
    // Of the last items of a run there may be fewer than R.
    for (sums, block) in sums.chunks_exact_mut(outputs).zip(block) {
        let sums = sums[col..][..V * LANES].as_chunks_mut::<LANES>().0;
        sums.iter_mut().zip(block).for_each(|(sum, more)| (F32x4::load(sum) + more).store(sum));
    }
    V * LANES
}
