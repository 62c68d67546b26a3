//! How rows of channels are walked: some at a time where the channels are few, so that lanes are always full.

use crate::machine::simd::LANES;
use crate::machine::threads::chunk_len;

/// Rows that are summed up in f32 before f64 takes over.
pub const BLOCK: usize = 64;

/// `count` rows of `channels` numbers; `width` is a few rows' length, a multiple of the lanes.
#[derive(Clone, Copy)]
pub struct Rows {
    pub count: usize,
    pub channels: usize,
    pub width: usize,
}

impl Rows {
    pub fn new(count: usize, channels: usize) -> Rows {
        const FEW: usize = 32;
        let joined = if channels < FEW {
            LANES * FEW.div_ceil(LANES * channels.max(1))
        } else if channels.is_multiple_of(LANES) {
            1
        } else {
            LANES
        };
        Rows { count, channels, width: joined * channels }
    }

    /// Rows that one thread takes at once: few enough bands that what they leave is little beside the input.
    pub fn band(self) -> usize {
        chunk_len(self.count, 4 * self.channels, BLOCK * self.width / self.channels.max(1))
    }

    /// `count` rows of x from row `from` on, or as many as there are.
    pub fn part(self, x: &[f32], from: usize, count: usize) -> &[f32] {
        let from = from * self.channels;
        &x[from..x.len().min(from + count * self.channels)]
    }

    /// The part of x that whole widths fill, and the rest.
    pub fn split(self, x: &[f32]) -> (&[f32], &[f32]) {
        x.split_at(x.len() / self.width * self.width)
    }

    /// A number for each channel, once for each row of a width.
    pub fn repeat(self, of: impl Fn(usize) -> f32) -> Vec<f32> {
        (0..self.width).map(|at| of(at % self.channels)).collect()
    }
}
