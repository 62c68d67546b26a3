//! The average of each window; the gradient divides by what the forward pass divided by.

use super::windows::{PoolGeometry, Span};
use crate::lanes::update;
use crate::machine::simd::F32x4;
use crate::machine::threads::{chunk_len, chunks, parallel};

/// What the sum of a window is divided by.
#[derive(Clone, Copy)]
pub enum Divisor {
    /// Its cells, of the image alone.
    Cells,
    /// Its cells, those in the padding included.
    Padded,
    /// Always this number.
    Fixed(f64),
}

impl Divisor {
    /// `fixed` where it is not 0, else the window's cells, with or without those in the padding.
    pub fn new(fixed: f64, include_padding: bool) -> Divisor {
        match (fixed != 0.0, include_padding) {
            (true, _) => Divisor::Fixed(fixed),
            (false, true) => Divisor::Padded,
            (false, false) => Divisor::Cells,
        }
    }

    fn of(self, row: Span, col: Span) -> f32 {
        match self {
            Divisor::Cells => (row.count * col.count) as f32,
            Divisor::Padded => (row.padded * col.padded) as f32,
            Divisor::Fixed(number) => number as f32,
        }
    }
}

pub fn forward(geometry: &PoolGeometry, divisor: Divisor, x: &[f32], y: &mut [f32]) {
    let PoolGeometry { channels, height, width, .. } = *geometry;
    if y.is_empty() {
        return;
    }
    let (rows, cols) = (height.spans(), width.spans());
    let line = width.out * channels;
    let lines = chunk_len(geometry.batch * height.out, line * geometry.cells(), 1);
    parallel(chunks(y, lines * line), |chunk, y| {
        // One row of a window at a time: large windows lose less to rounding so.
        let mut sums = vec![0.0; channels];
        for (at, y) in y.chunks_exact_mut(line).enumerate() {
            let at = chunk * lines + at;
            let image = &x[at / height.out * geometry.image()..][..geometry.image()];
            let row = rows[at % height.out];
            for (&col, y) in cols.iter().zip(y.chunks_exact_mut(channels)) {
                y.fill(0.0);
                for (_, i) in row.cells() {
                    sums.fill(0.0);
                    for (_, j) in col.cells() {
                        let x = &image[(i * width.size + j) * channels..][..channels];
                        update([x], [&mut sums], |[x], [sum]| [sum + x]);
                    }
                    update([&sums], [&mut *y], |[sum], [y]| [y + sum]);
                }
                let by = F32x4::splat(divisor.of(row, col));
                update([], [y], |[], [y]| [y / by]);
            }
        }
    });
}

pub fn backward(geometry: &PoolGeometry, divisor: Divisor, dy: &[f32], dx: &mut [f32]) {
    let PoolGeometry { channels, height, width, .. } = *geometry;
    if dx.is_empty() {
        return;
    }
    let (rows, cols) = (height.spans(), width.spans());
    let (image, windows) = (geometry.image(), height.out * width.out * channels);
    let images = chunk_len(geometry.batch, image + windows * geometry.cells(), 1);
    parallel(chunks(dx, images * image), |chunk, dx| {
        dx.fill(0.0);
        let mut share = vec![0.0; channels];
        for (at, dx) in dx.chunks_exact_mut(image).enumerate() {
            let mut outputs = dy[(chunk * images + at) * windows..].chunks_exact(channels.max(1));
            for &row in &rows {
                for &col in &cols {
                    let by = F32x4::splat(divisor.of(row, col));
                    let dy = outputs.next().expect("a cell for each window");
                    update([dy], [&mut share], |[dy], [_]| [dy / by]);
                    for (_, i) in row.cells() {
                        for (_, j) in col.cells() {
                            let dx = &mut dx[(i * width.size + j) * channels..][..channels];
                            update([&share], [dx], |[share], [dx]| [dx + share]);
                        }
                    }
                }
            }
        }
    });
}
