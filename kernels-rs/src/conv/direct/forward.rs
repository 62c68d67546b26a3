//! y from x: each row of places as a product of its band with the packed weight.

use super::band::{band_len, copy_band, depth, order, step};
use crate::buffers::with_scratch;
use crate::conv::geometry::ConvGeometry;
use crate::gemm::epilogue::Epilogue;
use crate::gemm::pack::Operand;
use crate::gemm::rows::{Packed, packed_len};
use crate::machine::threads::{chunk_len, chunks, parallel_with_scratch, threads};
use crate::machine::tiles::Tile;

pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    if y.is_empty() {
        return;
    }
    let (n, row_len) = (g.out_channels, g.out_width * g.out_channels);
    let packed_len = packed_len(depth(g), n);
    with_scratch(packed_len + threads() * band_len(g), |scratch| {
        let (packed, bands) = scratch.split_at_mut(packed_len);
        let weight = Packed::new(Operand::new(weight, n, false), n, order(g), epilogue.bias, packed);
        let each = chunk_len(g.batch * g.out_height, row_len * depth(g), 1);
        parallel_with_scratch(chunks(y, each * row_len), bands, |index, y, band| {
            for (row, y) in (index * each..).zip(y.chunks_exact_mut(row_len)) {
                copy_band(g, x, row, band);
                weight.multiply(band, step(g), y);
                Epilogue { bias: &[], ..epilogue }.finish(&mut Tile::whole(y, n), 0);
            }
        });
    });
}
