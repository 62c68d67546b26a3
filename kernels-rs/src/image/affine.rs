//! Images turned, scaled and sheared: each place of the result looks up its place in the image.

use super::{Normalized, cut_out};
use crate::elementwise::double::sin_cos_of_turn;
use crate::machine::threads::{chunk_len, chunks, parallel};

/// Of a place of the result: the rows (row, col, 1 in; row out), then the same for col.
pub fn matrix(flip: bool, turn: f32, shear: f32, scale: f32, [down, right]: [f32; 2]) -> [f32; 6] {
    // The way back: unmove, unscale, unshear, turn back, mirror. Rows point down, so counter-clockwise is as below.
    let turn = f64::from(turn) - f64::from(turn).floor();
    let (sin, cos) = sin_cos_of_turn(turn);
    let (shear, scale) = (f64::from(shear), f64::from(scale));
    // (row, col) ↦ (row, col − shear · row) / scale, then turned.
    let unsheared = [[1.0 / scale, 0.0], [-shear / scale, 1.0 / scale]];
    let turned = [[cos, sin], [-sin, cos]];
    let product = |i: usize, j: usize| turned[i][0] * unsheared[0][j] + turned[i][1] * unsheared[1][j];
    let mirror = if flip { -1.0 } else { 1.0 };
    let rows = [[product(0, 0), product(0, 1)], [mirror * product(1, 0), mirror * product(1, 1)]];
    let moved = |[a, b]: [f64; 2]| [a, b, -(a * f64::from(down) + b * f64::from(right))];
    let ([a, b, c], [d, e, f]) = (moved(rows[0]), moved(rows[1]));
    [a, b, c, d, e, f].map(|number| number as f32)
}

type Sizes = ((usize, usize), (usize, usize));

pub fn run(
    ((height, width), (out_height, out_width)): Sizes,
    channels: usize,
    (table, rows, matrices, holes): (&[u8], &[i32], &[f32], &[i32]),
    normalized: &Normalized,
    y: &mut [f32],
) {
    let (image, result) = (height * width * channels, out_height * out_width * channels);
    if y.is_empty() {
        return;
    }
    let (matrices, holes) = (matrices.as_chunks::<6>().0, holes.as_chunks::<4>().0);
    let middle = |size: usize| (size as f32 - 1.0) / 2.0;
    let images = chunk_len(rows.len(), 20 * result, 1);
    parallel(chunks(y, images * result), |chunk, y| {
        for (at, y) in y.chunks_exact_mut(result).enumerate() {
            let at = chunk * images + at;
            let bytes = &table[rows[at] as usize * image..][..image];
            let [a, b, c, d, e, f] = matrices[at];
            for (place, y) in y.chunks_exact_mut(channels).enumerate() {
                let i = (place / out_width) as f32 - middle(out_height);
                let j = (place % out_width) as f32 - middle(out_width);
                let row = (a * i + b * j) + c + middle(height);
                let col = (d * i + e * j) + f + middle(width);
                between(bytes, (height, width), (row, col), normalized, y);
            }
            if let Some(hole) = holes.get(at) {
                cut_out(*hole, (out_height, out_width), channels, y);
            }
        }
    });
}

/// The mean of the four pixels around a place, by nearness. Interpolated after normalizing, which is the same.
fn between(
    bytes: &[u8],
    (height, width): (usize, usize),
    (row, col): (f32, f32),
    normalized: &Normalized,
    y: &mut [f32],
) {
    let (top, left) = (row.floor(), col.floor());
    let (down, right) = (row - top, col - left);
    // Saturating casts: far away, and NaN, are outside or give NaN weights.
    let inside = |from: f32, step: i64, size: usize| {
        let at = i64::from(from as i32) + step;
        (0..size as i64).contains(&at).then_some(at as usize)
    };
    for (c, (y, table)) in y.iter_mut().zip(&normalized.0).enumerate() {
        let pixel = |i: i64, j: i64| {
            let at = inside(top, i, height).zip(inside(left, j, width));
            table[at.map_or(0, |(i, j)| usize::from(bytes[(i * width + j) * normalized.0.len() + c]))]
        };
        let above = pixel(0, 0) * (1.0 - right) + pixel(0, 1) * right;
        let below = pixel(1, 0) * (1.0 - right) + pixel(1, 1) * right;
        *y = above * (1.0 - down) + below * down;
    }
}
