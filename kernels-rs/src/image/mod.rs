//! Augmentation of stored images, bytes [images, height, width, channels], on the way to the numbers of a batch.
//!
//! `shift`: mirrored and moved by whole pixels, with holes; `affine`: turned, scaled and sheared. Both pick their images by
//! row, and normalize: (byte / divisor − mean) / deviation, channel by channel.

use crate::door::{Refusal, kernel};
use crate::random::philox::Sequence;

mod affine;
mod shift;

/// The numbers that bytes become: one table of 256 a channel.
pub struct Normalized(Vec<[f32; 256]>);

impl Normalized {
    fn new(divisor: f64, mean: &[f32], deviation: &[f32]) -> Normalized {
        let table = |(&mean, &deviation): (&f32, &f32)| {
            core::array::from_fn(|byte| ((byte as f64 / divisor - f64::from(mean)) / f64::from(deviation)) as f32)
        };
        Normalized(mean.iter().zip(deviation).map(table).collect())
    }
}

kernel! {
    /// y[i] = image rows[i], mirrored where moves[i, 0] is not 0, then seen through a window of the result's size whose upper
    /// left corner is at row moves[i, 1], column moves[i, 2]. Beyond the image: byte 0, or the image mirrored at its
    /// outermost pixels. Holes, if there are any, are [top, left, height, width] in the result and are 0 there.
    fn image_shift(count: usize, images: usize, height: usize, width: usize, channels: usize, out_height: usize,
        out_width: usize, reflect: bool, divisor: f64;
        table: u8[images * height * width * channels], rows: i32[count], moves: i32[3 * count],
        holes: i32[crate::door::optional(holes, 4 * count)], mean: f32[channels], deviation: f32[channels];
        y: f32[count * out_height * out_width * channels]) -> Result<(), Refusal> {
        check_rows(rows, images)?;
        let shift = shift::Shift { size: (height, width), out: (out_height, out_width), channels, reflect };
        shift.run(table, rows, (moves, holes), &Normalized::new(divisor, mean, deviation), y)
    }

    /// y[i] = image rows[i] at (row, col) = matrices[i] · (row, col, 1), between pixels by bilinear interpolation; byte 0
    /// beyond the image. Positions are counted from the centre of the image and of the result. Holes as above.
    fn image_affine(count: usize, images: usize, height: usize, width: usize, channels: usize, out_height: usize,
        out_width: usize, divisor: f64;
        table: u8[images * height * width * channels], rows: i32[count], matrices: f32[6 * count],
        holes: i32[crate::door::optional(holes, 4 * count)], mean: f32[channels], deviation: f32[channels];
        y: f32[count * out_height * out_width * channels]) -> Result<(), Refusal> {
        check_rows(rows, images)?;
        let sizes = ((height, width), (out_height, out_width));
        affine::run(sizes, channels, (table, rows, matrices, holes), &Normalized::new(divisor, mean, deviation), y);
        Ok(())
    }

    /// The matrices of images that are turned by `turn` (of a whole turn, counter-clockwise), sheared by `shear`
    /// (columns per row), magnified by `scale`, mirrored where `flip` is not 0 and moved by (`down`, `right`) pixels:
    /// each maps a place of the result to the place of the image that is seen there.
    fn image_affine_matrices(count: usize;
        flip: i32[count], turn: f32[count], shear: f32[count], scale: f32[count], down: f32[count], right: f32[count];
        matrices: f32[6 * count]) {
        for (i, matrix) in matrices.as_chunks_mut::<6>().0.iter_mut().enumerate() {
            *matrix = affine::matrix(flip[i] != 0, turn[i], shear[i], scale[i], [down[i], right[i]]);
        }
    }

    /// 32 random bits, `numbers` (at most 16) of them for each image: by seed, stream, epoch and the image's index alone,
    /// so that neither the order of a batch nor where a run was interrupted shows.
    fn image_draw(count: usize, numbers: usize, seed_low: u32, seed_high: u32, stream: u32, epoch: u32;
        indices: i32[count]; bits: i32[count * numbers]) -> Result<(), Refusal> {
        const MOST: usize = 16;
        if numbers > MOST {
            return Err(format!("image: {numbers} numbers an image came, expected at most {MOST}"));
        }
        let sequence = Sequence::new(seed_low, seed_high, stream, 0.0);
        for (&index, bits) in indices.iter().zip(bits.chunks_exact_mut(numbers.max(1))) {
            let place = (u64::from(epoch) << 32 | u64::from(index as u32)).wrapping_mul(MOST as u64);
            for (bits, j) in bits.iter_mut().zip(0..) {
                *bits = sequence.number(place.wrapping_add(j)) as i32;
            }
        }
        Ok(())
    }
}

fn check_rows(rows: &[i32], images: usize) -> Result<(), Refusal> {
    let Some(at) = rows.iter().position(|&row| row < 0 || row as usize >= images) else {
        return Ok(());
    };
    Err(format!("image: row {} at place {at} came, expected 0 to {} ({images} images)", rows[at], images as i64 - 1))
}

/// Zeros, which after normalizing are the mean colour, where the hole [top, left, height, width] lies in the result.
fn cut_out([top, left, height, width]: [i32; 4], (rows, cols): (usize, usize), channels: usize, y: &mut [f32]) {
    let within = |from: i32, length: i32, size: usize| {
        let end = (i64::from(from) + i64::from(length)).clamp(0, size as i64) as usize;
        (from.max(0) as usize).min(end)..end
    };
    let hole = within(left, width, cols);
    for row in within(top, height, rows) {
        y[(row * cols + hole.start) * channels..(row * cols + hole.end) * channels].fill(0.0);
    }
}

#[cfg(test)]
mod tests;
