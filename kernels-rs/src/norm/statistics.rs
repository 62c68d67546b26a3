//! Mean and variance of each channel, in one pass over memory: blocks of rows that stay in the cache are summed twice in
//! f32, around their own mean the second time, and put together in f64 (T. Chan, G. Golub and R. LeVeque, 1979). So no
//! digits cancel however far the mean lies from 0, and the order, fixed by the sizes, does not show.

use super::rows::{BLOCK, Rows};
use crate::lanes::update;
use crate::machine::simd::F32x4;
use crate::machine::threads::{chunks, parallel};

/// What some rows amount to: their number, and column by column their mean and the sum of squared distances from it.
struct Moments<'a> {
    count: f64,
    mean: &'a mut [f64],
    squares: &'a mut [f64],
}

impl Moments<'_> {
    /// Adds `count` numbers of column `at`.
    #[inline(always)]
    fn merge(&mut self, at: usize, count: f64, mean: f64, squares: f64) {
        let total = self.count + count;
        let step = mean - self.mean[at];
        self.mean[at] += step * (count / total);
        self.squares[at] += squares + step * step * (self.count * count / total);
    }

    /// Adds rows that have as many columns as this has.
    fn add_rows(&mut self, x: &[f32], scratch: &mut Vec<f32>) {
        let cols = self.mean.len();
        for block in x.chunks(BLOCK * cols) {
            let count = (block.len() / cols) as f64;
            scratch.clear();
            scratch.resize(3 * cols, 0.0);
            let (centre, sums) = scratch.split_at_mut(cols);
            let (sum, squares) = sums.split_at_mut(cols);
            add_up(block, centre);
            let share = F32x4::splat((1.0 / count) as f32);
            update([], [&mut *centre], |[], [sum]| [sum * share]);
            for x in block.chunks_exact(cols) {
                update([x, centre], [&mut *sum, &mut *squares], |[x, centre], [sum, squares]| {
                    let step = x - centre;
                    [sum + step, step.madd(step, squares)]
                });
            }
            for at in 0..cols {
                // The f32 mean is off by `rest`: that is taken out of the squares.
                let rest = f64::from(sum[at]) / count;
                self.merge(at, count, f64::from(centre[at]) + rest, f64::from(squares[at]) - rest * rest * count);
            }
            self.count += count;
        }
    }
}

/// sums += the rows of x, four at a time.
fn add_up(x: &[f32], sums: &mut [f32]) {
    let cols = sums.len();
    let fours = x.chunks_exact(4 * cols);
    let rest = fours.remainder();
    for four in fours {
        let (ab, cd) = four.split_at(2 * cols);
        let ((a, b), (c, d)) = (ab.split_at(cols), cd.split_at(cols));
        update([a, b, c, d], [&mut *sums], |[a, b, c, d], [sum]| [sum + ((a + b) + (c + d))]);
    }
    for row in rest.chunks_exact(cols) {
        update([row], [&mut *sums], |[x], [sum]| [sum + x]);
    }
}

/// Writes the mean and the variance (that of the numbers themselves: divided by their count) of each channel.
pub fn moments(rows: Rows, x: &[f32], mean: &mut [f32], variance: &mut [f32]) {
    let Rows { channels, width, .. } = rows;
    let band = rows.band();
    let mut partial = vec![0.0; rows.count.div_ceil(band) * 2 * channels];
    parallel(chunks(&mut partial, 2 * channels), |b, partial| {
        let (wide, rest) = rows.split(rows.part(x, b * band, band));
        let mut scratch = Vec::new();
        let mut columns = vec![0.0; 2 * width];
        let (m, s) = columns.split_at_mut(width);
        let mut across = Moments { count: 0.0, mean: m, squares: s };
        across.add_rows(wide, &mut scratch);
        let (m, s) = partial.split_at_mut(channels);
        let mut moments = Moments { count: 0.0, mean: m, squares: s };
        if across.count > 0.0 {
            for from in (0..width).step_by(channels) {
                for c in 0..channels {
                    moments.merge(c, across.count, across.mean[from + c], across.squares[from + c]);
                }
                moments.count += across.count;
            }
        }
        moments.add_rows(rest, &mut scratch);
    });
    let mut whole = vec![0.0; 2 * channels];
    let (m, s) = whole.split_at_mut(channels);
    let mut total = Moments { count: 0.0, mean: m, squares: s };
    for (b, partial) in partial.chunks_exact(2 * channels).enumerate() {
        let count = band.min(rows.count - b * band) as f64;
        for c in 0..channels {
            total.merge(c, count, partial[c], partial[channels + c]);
        }
        total.count += count;
    }
    for c in 0..channels {
        mean[c] = total.mean[c] as f32;
        let squares = total.squares[c] / total.count;
        // Rounding may leave a constant channel a hair below 0; a NaN stays.
        variance[c] = if squares < 0.0 { 0.0 } else { squares as f32 };
    }
}
