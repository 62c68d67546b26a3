//! The largest of each window, and where it is: the first of equals; the last NaN before all. As in PyTorch.

use super::windows::{PoolGeometry, Span};
use crate::door::Refusal;
use crate::machine::memory::Element;
use crate::machine::simd::{F32x4, I32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

/// A place within a window: row by row from its upper left corner, padding included.
pub trait Place: Element {
    fn of(place: i32) -> Self;
    fn get(self) -> usize;
}

impl Place for u8 {
    fn of(place: i32) -> u8 {
        place as u8
    }

    fn get(self) -> usize {
        usize::from(self)
    }
}

impl Place for i32 {
    fn of(place: i32) -> i32 {
        place
    }

    fn get(self) -> usize {
        self as usize
    }
}

/// The cells of a window: the place of each within it, and where its channels begin in the image.
fn cells(geometry: &PoolGeometry, rows: Span, cols: Span, into: &mut Vec<(i32, usize)>) {
    let across = geometry.width.longest();
    into.clear();
    for (i, row) in rows.cells() {
        for (j, col) in cols.cells() {
            into.push(((i * across + j) as i32, (row * geometry.width.size + col) * geometry.channels));
        }
    }
}

/// The largest of each window into `y`, its place into `place`.
pub fn forward<P: Place>(geometry: &PoolGeometry, x: &[f32], y: &mut [f32], place: &mut [P]) {
    let PoolGeometry { channels, height, width, .. } = *geometry;
    if y.is_empty() {
        return;
    }
    let (rows, cols) = (height.spans(), width.spans());
    let line = width.out * channels;
    let lines = chunk_len(geometry.batch * height.out, 3 * line * geometry.cells(), 1);
    parallel((chunks(y, lines * line), chunks(place, lines * line)), |chunk, (y, place)| {
        let mut window = Vec::new();
        for (at, (y, place)) in y.chunks_exact_mut(line).zip(place.chunks_exact_mut(line)).enumerate() {
            let at = chunk * lines + at;
            let image = &x[at / height.out * geometry.image()..][..geometry.image()];
            let outputs = y.chunks_exact_mut(channels).zip(place.chunks_exact_mut(channels));
            for (&col, (y, place)) in cols.iter().zip(outputs) {
                cells(geometry, rows[at % height.out], col, &mut window);
                largest(image, &window, y, place);
            }
        }
    });
}

/// The largest over the cells, channel by channel.
fn largest<P: Place>(image: &[f32], window: &[(i32, usize)], y: &mut [f32], place: &mut [P]) {
    let channels = y.len();
    let first = window.first().map_or(0, |&(place, _)| place);
    let (bodies, tail) = y.as_chunks_mut::<LANES>();
    let (places, places_tail) = place.as_chunks_mut::<LANES>();
    for (v, (y, place)) in bodies.iter_mut().zip(places).enumerate() {
        let mut best = F32x4::splat(f32::NEG_INFINITY);
        let mut at = I32x4::splat(first).from_bits();
        for &(number, from) in window {
            let new = F32x4::load(image[from + v * LANES..].first_chunk().expect("a cell holds all channels"));
            let wins = new.gt(best) | new.is_nan();
            best = wins.select(new, best);
            at = wins.select(I32x4::splat(number).from_bits(), at);
        }
        best.store(y);
        for (place, at) in place.iter_mut().zip(at.to_array()) {
            *place = P::of(at.to_bits() as i32);
        }
    }
    for (c, (y, place)) in (channels - tail.len()..channels).zip(tail.iter_mut().zip(places_tail)) {
        let (mut best, mut at) = (f32::NEG_INFINITY, first);
        for &(number, from) in window {
            let new = image[from + c];
            if new > best || new.is_nan() {
                (best, at) = (new, number);
            }
        }
        (*y, *place) = (best, P::of(at));
    }
}

/// All of dy goes to the place that was chosen.
pub fn backward<P: Place>(geometry: &PoolGeometry, dy: &[f32], place: &[P], dx: &mut [f32]) -> Result<(), Refusal> {
    let PoolGeometry { channels, height, width, .. } = *geometry;
    let (kernel, across) = (geometry.cells(), width.longest());
    if let Some(wrong) = place.iter().find(|place| place.get() >= kernel) {
        return Err(format!("max pool: place {} came, expected 0 to {}", wrong.get(), kernel as i64 - 1));
    }
    if dx.is_empty() {
        return Ok(());
    }
    let (rows, cols) = (height.spans(), width.spans());
    // Where each place lies from the first: a division for each would cost more than all else.
    let (down, along) = (rows.first().map_or(1, |row| row.step), cols.first().map_or(1, |col| col.step));
    let offsets: Vec<usize> =
        (0..kernel).map(|place| place / across * down * width.size + place % across * along).collect();
    let (image, windows) = (geometry.image(), height.out * width.out * channels);
    let images = chunk_len(geometry.batch, image + 3 * windows, 1);
    parallel(chunks(dx, images * image), |chunk, dx| {
        dx.fill(0.0);
        for (at, dx) in dx.chunks_exact_mut(image).enumerate() {
            let from = (chunk * images + at) * windows;
            let mut outputs = dy[from..].chunks_exact(channels).zip(place[from..].chunks_exact(channels));
            for &row in &rows {
                for &col in &cols {
                    let (dy, place) = outputs.next().expect("a cell for each window");
                    if row.count == 0 || col.count == 0 {
                        // A window in the padding alone has no pixel to give anything to.
                        continue;
                    }
                    // From the place's (0, 0), which may lie in the padding: wraps there and comes back.
                    let origin = (row.first.wrapping_sub(row.skipped * row.step).wrapping_mul(width.size))
                        .wrapping_add(col.first.wrapping_sub(col.skipped * col.step));
                    for (c, (&dy, &place)) in dy.iter().zip(place).enumerate() {
                        let cell = origin.wrapping_add(offsets[place.get()]);
                        if let Some(dx) = dx.get_mut(cell.wrapping_mul(channels).wrapping_add(c)) {
                            *dx += dy;
                        }
                    }
                }
            }
        }
    });
    Ok(())
}
