//! Winograd's algorithm for 3x3 convolutions of stride 1: 36 multiplications for 16 results where the definition has 144.
//!
//! - `transforms`: what makes it so. `wide`: the vectors they work on. `grid`: tiles and their windows.
//! - `filters`, `forward`, `results`: y, and by turned filters dx. `weight`: dw.
//! - The pooled passes are fused with a 2x2 max-pool: the convolution's own result is never written, nor its gradient.
//!
//! An error is below 1e-4 · max|x| over the tile · Σ|w|; a NaN or an infinity spreads over its tile.

mod filters;
mod forward;
mod grid;
mod results;
#[cfg(test)]
mod tests;
mod transforms;
mod weight;
mod wide;

use super::geometry::ConvGeometry;
use crate::buffers::with_scratch;
use crate::gemm::epilogue::Epilogue;
use crate::gemm::microkernel::{NV, NV_WIDE};
use crate::gemm::product::is_tile_wide;
use filters::Joined;
use forward::Convolution;
use grid::Images;
use results::Result;
use weight::WeightGradient;

/// y = activation(x * weight + bias).
pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    convolve(&forth(g, x, weight, epilogue), y, &mut nothing(y.len()));
}

/// y and index = max-pool(x * weight + bias).
pub fn max_pool_forward(g: &ConvGeometry, x: &[f32], weight: &[f32], bias: &[f32], y: &mut [f32], index: &mut [u8]) {
    convolve(&forth(g, x, weight, Epilogue { bias, ..Epilogue::NONE }), y, index);
}

/// dx from dy.
pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    convolve_back(g, gradients(g, dy), weight, dx);
}

/// dx from the gradient of the pooled result.
pub fn max_pool_backward_input(g: &ConvGeometry, dy: &[f32], index: &[u8], weight: &[f32], dx: &mut [f32]) {
    convolve_back(g, Images::unpooled(dy, index, g.pooled_size(), g.out_channels), weight, dx);
}

/// dw from dy.
pub fn backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    differentiate(g, x, gradients(g, dy), dw);
}

/// dw from the gradient of the pooled result.
pub fn max_pool_backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], index: &[u8], dw: &mut [f32]) {
    differentiate(g, x, Images::unpooled(dy, index, g.pooled_size(), g.out_channels), dw);
}

fn inputs<'a>(g: &ConvGeometry, x: &'a [f32]) -> Images<'a> {
    Images::plain(x, (g.height, g.width), g.in_channels).padded(g.pad_top as isize, g.pad_left as isize)
}

fn forth<'a>(g: &ConvGeometry, x: &'a [f32], weight: &'a [f32], epilogue: Epilogue<'a>) -> Way<'a> {
    let (rows, cols) = (g.out_height, g.out_width);
    Way { images: inputs(g, x), batch: g.batch, weight, outputs: g.out_channels, epilogue, rows, cols }
}

fn gradients<'a>(g: &ConvGeometry, dy: &'a [f32]) -> Images<'a> {
    Images::plain(dy, (g.out_height, g.out_width), g.out_channels)
}

/// The numbers of a convolution, one way or the other.
struct Way<'a> {
    images: Images<'a>,
    batch: usize,
    weight: &'a [f32],
    outputs: usize,
    epilogue: Epilogue<'a>,
    rows: usize,
    cols: usize,
}

fn convolve<R: Result>(way: &Way, y: &mut [f32], index: &mut [R]) {
    // Vectors in a panel of the micro-kernel, and those that are transformed together.
    if is_tile_wide() {
        convolve_with::<R, NV_WIDE, 2>(way, y, index);
    } else {
        convolve_with::<R, NV, 1>(way, y, index);
    }
}

fn convolve_with<R: Result, const V: usize, const W: usize>(way: &Way, y: &mut [f32], index: &mut [R]) {
    let joined = Joined::<V> { inputs: way.images.channels, outputs: way.outputs };
    with_scratch(joined.packed_len(), |filters| {
        filters::pack::<V, W>(joined, way.weight, filters);
        let Way { images, batch, epilogue, rows, cols, .. } = *way;
        Convolution { images, batch, joined, filters, epilogue, rows, cols }.run::<R, W>(y, index);
    });
}

fn convolve_back(g: &ConvGeometry, dy: Images, weight: &[f32], dx: &mut [f32]) {
    with_scratch(weight.len(), |turned| {
        filters::turn(weight, (g.in_channels, g.out_channels), turned);
        let way = Way {
            images: dy.padded(2 - g.pad_top as isize, 2 - g.pad_left as isize),
            batch: g.batch,
            weight: turned,
            outputs: g.in_channels,
            epilogue: Epilogue::NONE,
            rows: g.height,
            cols: g.width,
        };
        convolve(&way, dx, &mut nothing(dx.len()));
    });
}

fn differentiate(g: &ConvGeometry, x: &[f32], dy: Images, dw: &mut [f32]) {
    if is_tile_wide() {
        differentiate_with::<NV_WIDE, 2>(g, x, dy, dw);
    } else {
        differentiate_with::<NV, 1>(g, x, dy, dw);
    }
}

fn differentiate_with<const V: usize, const W: usize>(g: &ConvGeometry, x: &[f32], dy: Images, dw: &mut [f32]) {
    let joined = Joined::<V> { inputs: g.in_channels, outputs: g.out_channels };
    WeightGradient { x: inputs(g, x), dy, joined, batch: g.batch }.run::<W>(dw);
}

/// What a plain convolution notes beside its results.
fn nothing(len: usize) -> Vec<()> {
    vec![(); len]
}
