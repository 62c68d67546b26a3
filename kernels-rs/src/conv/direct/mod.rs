//! Convolutions of few input channels (images): nothing is packed, as what a place sees in a row of x lies in one piece.
//!
//! A patch is `kernel_height` runs of `kernel_width * in_channels` items, and from place to place a run begins
//! `stride_width * in_channels` items later. So four places side by side are four items at a constant distance, and the
//! kernels here read them from a copy of a few rows (a band), padded with zeros, where gemm's micro-kernel reads a panel.

mod backward_input;
mod backward_weight;
mod forward;

use super::geometry::ConvGeometry;
use crate::lanes;
use crate::machine::simd::LANES;
use core::ops::Range;

pub use backward_input::backward_input;
pub use backward_weight::backward_weight;
pub use forward::forward;

/// Places side by side that are computed at once.
const PLACES: usize = 4;
/// Items that a kernel may read behind the end of a run.
const SLACK: usize = LANES;
/// Rows of places whose part of x lies in a band.
const BAND_ROWS: usize = 16;

/// Whether the kernels here can compute it, and well.
pub fn is_for(g: &ConvGeometry) -> bool {
    let patch = g.kernel_height * g.kernel_width * g.in_channels;
    let is_one_run = g.groups == 1 && g.dilation_width == 1;
    // Sums over more than 256 items would have to be cut.
    is_one_run
        && [1, 2, 3, 4, 6].contains(&step(g))
        && g.in_channels <= 4
        && patch <= 256
        && g.out_channels <= 256
        && g.out_channels.is_multiple_of(LANES)
        && (PLACES..=256).contains(&g.out_width)
}

/// Items from a place's run to the next place's.
fn step(g: &ConvGeometry) -> usize {
    g.stride_width * g.in_channels
}

/// Items of a run.
fn run_len(g: &ConvGeometry) -> usize {
    g.kernel_width * g.in_channels
}

/// Items of a row of a band.
fn band_row_len(g: &ConvGeometry) -> usize {
    (g.out_width - 1) * step(g) + run_len(g) + SLACK
}

/// Rows of x under so many rows of places.
fn band_rows(g: &ConvGeometry, places: usize) -> usize {
    (places - 1) * g.stride_height + (g.kernel_height - 1) * g.dilation_height + 1
}

fn band_len(g: &ConvGeometry) -> usize {
    band_rows(g, BAND_ROWS) * band_row_len(g)
}

/// Rows of places (counted over all images) cut where a band or an image ends: the image, and its rows.
fn pieces(g: &ConvGeometry, rows: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> {
    let height = g.out_height;
    let mut from = rows.start;
    core::iter::from_fn(move || {
        let (image, row) = (from / height, from % height);
        let count = (rows.end - from).min(height - row).min(BAND_ROWS);
        from += count;
        (count > 0).then_some((image, row..row + count))
    })
}

/// Copies the rows of x under some rows of places.
fn copy_band(g: &ConvGeometry, x: &[f32], image: usize, places: Range<usize>, band: &mut [f32]) {
    let (row_len, x_len) = (band_row_len(g), g.width * g.in_channels);
    let left = (g.pad_left * g.in_channels).min(row_len);
    let have = x_len.min(row_len - SLACK - left.min(row_len - SLACK));
    let rows = band.chunks_exact_mut(row_len).take(band_rows(g, places.len()));
    for (at, row) in rows.enumerate() {
        let h = (places.start * g.stride_height + at).checked_sub(g.pad_top).filter(|&h| h < g.height);
        match h {
            None => row.fill(0.0),
            Some(h) => {
                row[..left].fill(0.0);
                row[left + have..].fill(0.0);
                lanes::map([&x[(image * g.height + h) * x_len..][..have]], &mut row[left..left + have], |[x]| x);
            }
        }
    }
}
