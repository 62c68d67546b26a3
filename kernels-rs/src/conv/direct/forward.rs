//! y from x: a panel of outputs at a time along each row of places.

use super::{PLACES, band_len, band_row_len, copy_band, pieces, run_len, step};
use crate::buffers::with_scratch;
use crate::conv::geometry::ConvGeometry;
use crate::gemm::blocking::steps;
use crate::gemm::epilogue::Epilogue;
use crate::gemm::microkernel::{NV, NV_WIDE, Step};
use crate::gemm::pack::{Operand, Pack};
use crate::gemm::product::is_tile_wide;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel_with_scratch, threads};
use crate::machine::tiles::Tile;
use core::sync::atomic::{Ordering::SeqCst, compiler_fence};

pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    if y.is_empty() {
        return;
    }
    let (depth, row_len) = (g.kernel_height * run_len(g), g.out_width * g.out_channels);
    // Wide panels as far as they are full, the rest in narrow ones.
    let wide = if is_tile_wide() { g.out_channels / (NV_WIDE * LANES) } else { 0 };
    let from = wide * NV_WIDE * LANES;
    let wide_len = from * depth;
    let narrow_len = (g.out_channels - from).next_multiple_of(NV * LANES) * depth;
    with_scratch(wide_len + narrow_len + threads() * band_len(g), |scratch| {
        let (packed, bands) = scratch.split_at_mut(wide_len + narrow_len);
        let (b_wide, b_narrow) = packed.split_at_mut(wide_len);
        let (b_wide, b_narrow) = (steps::<NV_WIDE>(b_wide), steps::<NV>(b_narrow));
        let operand = Operand::new(weight, g.out_channels, false);
        operand.pack(0..from, 0..depth, b_wide);
        operand.pack(from..g.out_channels, 0..depth, b_narrow);
        let (b_wide, b_narrow) = (&*b_wide, &*b_narrow);
        let each = chunk_len(g.batch * g.out_height, row_len * depth, 1);
        parallel_with_scratch(chunks(y, each * row_len), bands, |index, y, band| {
            let first = index * each;
            let mut rows = y.chunks_exact_mut(row_len);
            for (image, places) in pieces(g, first..first + rows.len()) {
                copy_band(g, x, image, places.clone(), band);
                for (at, y) in rows.by_ref().take(places.len()).enumerate() {
                    let source = &band[at * g.stride_height * band_row_len(g)..];
                    let row = Row { source, down: g.dilation_height * band_row_len(g), run: run_len(g), depth };
                    row.panels(step(g), b_wide, (epilogue.bias, 0), (y, g.out_channels));
                    row.panels(step(g), b_narrow, (epilogue.bias, from), (y, g.out_channels));
                    Epilogue { bias: &[], ..epilogue }.finish(&mut Tile::whole(y, g.out_channels), 0);
                }
            }
        });
    });
}

/// What a row of places sees: the first place's first run begins the source, its next one lies `down` items further.
#[derive(Clone, Copy)]
struct Row<'a> {
    source: &'a [f32],
    down: usize,
    run: usize,
    /// Items of all its runs.
    depth: usize,
}

impl Row<'_> {
    /// The outputs of all panels of B, from output `col` on.
    fn panels<const V: usize>(
        &self,
        step: usize,
        b: &[Step<V>],
        (bias, col): (&[f32], usize),
        (y, outputs): (&mut [f32], usize),
    ) {
        for (b, col) in b.chunks_exact(self.depth).zip((col..).step_by(V * LANES)) {
            let bias = bias.get(col..).unwrap_or_default();
            // The distance of places as a constant: four items by one address.
            match step {
                1 => self.panel::<1, 4, V>(b, bias, (y, outputs, col)),
                2 => self.panel::<2, 7, V>(b, bias, (y, outputs, col)),
                3 => self.panel::<3, 10, V>(b, bias, (y, outputs, col)),
                4 => self.panel::<4, 13, V>(b, bias, (y, outputs, col)),
                6 => self.panel::<6, 19, V>(b, bias, (y, outputs, col)),
                _ => unreachable!("no kernel for places {step} items apart"),
            }
        }
    }

    /// One panel of outputs along the row; N = (PLACES - 1) * STEP + 1 items hold the first of each of the places' runs.
    #[inline(never)]
    fn panel<const STEP: usize, const N: usize, const V: usize>(
        &self,
        b: &[Step<V>],
        bias: &[f32],
        (y, outputs, col): (&mut [f32], usize, usize),
    ) {
        let bias: [F32x4; V] = core::array::from_fn(|v| {
            F32x4::load(&core::array::from_fn(|lane| bias.get(v * LANES + lane).copied().unwrap_or(0.0)))
        });
        let width = y.len() / outputs;
        for place in (0..width).step_by(PLACES) {
            // The last block begins early enough to be whole, and computes some places again.
            let place = place.min(width - PLACES);
            let sums = self.block::<STEP, N, V>(b, bias, place);
            for (p, sums) in sums.iter().enumerate() {
                let y = &mut y[(place + p) * outputs + col..(place + p + 1) * outputs];
                for (y, sum) in y.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
                    sum.store(y);
                }
            }
        }
    }

    #[inline(always)]
    fn block<const STEP: usize, const N: usize, const V: usize>(
        &self,
        b: &[Step<V>],
        bias: [F32x4; V],
        place: usize,
    ) -> [[F32x4; V]; PLACES] {
        let mut sums = [bias; PLACES];
        for (down, b) in b.chunks_exact(self.run).enumerate() {
            let source = &self.source[down * self.down + place * STEP..][..self.run + N - 1];
            for (a, b) in source.array_windows::<N>().zip(b) {
                let b: [F32x4; V] = core::array::from_fn(|v| F32x4::load(&b[v]));
                for (p, sums) in sums.iter_mut().enumerate() {
                    compiler_fence(SeqCst);
                    let a = F32x4::splat(a[p * STEP]);
                    for (sum, b) in sums.iter_mut().zip(b) {
                        *sum = a.madd(b, *sum);
                    }
                }
            }
        }
        sums
    }
}
