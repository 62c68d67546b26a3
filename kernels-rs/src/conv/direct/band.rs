//! What a row of places sees, copied so that each patch lies in one piece.
//!
//! A band holds the rows of x under one row of places, padded with zeros, column by column: a column is the pixels that
//! the kernel's rows see there. So a patch is the columns of `kernel_width` neighbours, and the next place's begins
//! `step` items later.

use crate::conv::geometry::ConvGeometry;
use core::ops::Range;

/// Items that a kernel may read behind the end of the last patch.
pub const SLACK: usize = 8;

/// Items of a patch.
pub fn depth(g: &ConvGeometry) -> usize {
    g.kernel_width * column_len(g)
}

fn column_len(g: &ConvGeometry) -> usize {
    g.kernel_height * g.in_channels
}

/// Items from a place's patch to the next place's.
pub fn step(g: &ConvGeometry) -> usize {
    g.stride_width * column_len(g)
}

fn columns(g: &ConvGeometry) -> usize {
    (g.out_width - 1) * g.stride_width + g.kernel_width
}

pub fn band_len(g: &ConvGeometry) -> usize {
    columns(g) * column_len(g) + SLACK
}

/// The rows of the weight in the order of a patch's items.
pub fn order(g: &ConvGeometry) -> impl Iterator<Item = Range<usize>> + Clone {
    let (height, width, channels) = (g.kernel_height, g.kernel_width, g.in_channels);
    let taps = (0..width).flat_map(move |across| (0..height).map(move |down| down * width + across));
    taps.map(move |tap| tap * channels..(tap + 1) * channels)
}

/// Copies what row `row` of places (counted over all images) sees.
pub fn copy_band(g: &ConvGeometry, x: &[f32], row: usize, band: &mut [f32]) {
    let (image, place) = (row / g.out_height, row % g.out_height);
    let column = column_len(g);
    let left = g.pad_left.min(columns(g));
    let have = g.width.min(columns(g) - left);
    band[..left * column].fill(0.0);
    band[(left + have) * column..band_len(g)].fill(0.0);
    let inside = &mut band[left * column..];
    for down in 0..g.kernel_height {
        let h = (place * g.stride_height + down * g.dilation_height).checked_sub(g.pad_top).filter(|&h| h < g.height);
        let pixels = h.map(|h| &x[(image * g.height + h) * g.width * g.in_channels..][..have * g.in_channels]);
        let inside = &mut inside[down * g.in_channels..];
        match g.in_channels {
            1 => spread::<1>(pixels, have, column, inside),
            2 => spread::<2>(pixels, have, column, inside),
            3 => spread::<3>(pixels, have, column, inside),
            _ => spread::<4>(pixels, have, column, inside),
        }
    }
}

/// Copies a row's pixels of C channels, or zeros, `column` items apart.
fn spread<const C: usize>(pixels: Option<&[f32]>, count: usize, column: usize, into: &mut [f32]) {
    let places = into.chunks_mut(column).take(count).filter_map(|column| column.first_chunk_mut::<C>());
    match pixels {
        Some(pixels) => places.zip(pixels.as_chunks().0).for_each(|(place, pixel)| *place = *pixel),
        None => places.for_each(|place| *place = [0.0; C]),
    }
}
