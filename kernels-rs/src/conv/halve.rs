//! A 2x2 max-pool of a result that is small: the pass after a convolution that Winograd's algorithm does not pay for.

use super::geometry::ConvGeometry;

/// Of each 2x2 of `whole`, a convolution's result, the largest and its place: the first of equals, a NaN before all.
pub fn halve(g: &ConvGeometry, whole: &[f32], y: &mut [f32], index: &mut [u8]) {
    let (height, width) = g.pooled_size();
    let channels = g.out_channels;
    let pixels = y.chunks_exact_mut(channels).zip(index.chunks_exact_mut(channels));
    for (at, (y, index)) in pixels.enumerate() {
        let (col, row, image) = (at % width, at / width % height, at / width / height);
        let corner = |place: usize| {
            let pixel = (image * g.out_height + 2 * row + place / 2) * g.out_width + 2 * col + place % 2;
            &whole[pixel * channels..][..channels]
        };
        y.copy_from_slice(corner(0));
        index.fill(0);
        for place in 1..4 {
            for ((y, index), &value) in y.iter_mut().zip(&mut *index).zip(corner(place)) {
                if value > *y || (value.is_nan() && !y.is_nan()) {
                    (*y, *index) = (value, place as u8);
                }
            }
        }
    }
}
