//! Where the tiles lie: squares of 4 x 4 results, row by row, image by image; and the pixels that a tile is made from.

use super::wide::{BLOCK, Block};
use crate::machine::simd::{F32x4, LANES};
use core::array::from_fn;

/// Results along a side of a tile.
pub const TILE: usize = 4;

/// The tiles of one image, or of a band of one.
#[derive(Clone, Copy)]
pub struct Grid {
    pub down: usize,
    pub across: usize,
}

/// A tile: its image, its row and column among that image's tiles.
#[derive(Clone, Copy)]
pub struct Spot {
    pub image: usize,
    pub row: usize,
    pub col: usize,
}

impl Grid {
    pub fn over(rows: usize, cols: usize) -> Grid {
        Grid { down: rows.div_ceil(TILE), across: cols.div_ceil(TILE) }
    }

    pub fn tiles(self) -> usize {
        self.down * self.across
    }

    pub fn spot(self, tile: usize) -> Spot {
        Spot { image: tile / self.tiles(), row: tile / self.across % self.down, col: tile % self.across }
    }
}

/// Images to cut windows from, NHWC; outside of them everything is 0.
#[derive(Clone, Copy)]
pub struct Images<'a> {
    pub data: &'a [f32],
    /// After a 2x2 max-pool: which item of its window each of `data` belongs to; empty where nothing was pooled.
    pub index: &'a [u8],
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    /// Row and column of the first tile's window, less what lies outside.
    pub origin: (isize, isize),
}

impl<'a> Images<'a> {
    /// Images that were pooled to [height, width], as large as they were before.
    pub fn unpooled(data: &'a [f32], index: &'a [u8], (height, width): (usize, usize), channels: usize) -> Images<'a> {
        Images { data, index, height: 2 * height, width: 2 * width, channels, origin: (0, 0) }
    }

    pub fn plain(data: &'a [f32], (height, width): (usize, usize), channels: usize) -> Images<'a> {
        Images { data, index: &[], height, width, channels, origin: (0, 0) }
    }

    /// The same with windows that begin so far above and left of their tiles.
    pub fn padded(self, top: isize, left: isize) -> Images<'a> {
        Images { origin: (-top, -left), ..self }
    }

    /// Blocks of channels of a pixel, the last one filled up with zeros.
    pub fn blocks(&self) -> usize {
        self.channels.div_ceil(BLOCK)
    }

    /// Blocks of memory that `window` wants.
    pub fn desk_len<const S: usize>(&self) -> usize {
        S * S * self.blocks()
    }

    /// The rows of a tile's window of S x S pixels: as they lie in memory, or laid out on the desk.
    #[inline(always)]
    pub fn window<'w, const S: usize>(&self, spot: Spot, desk: &'w mut [Block]) -> [&'w [Block]; S]
    where
        'a: 'w,
    {
        let len = S * self.blocks();
        let top = (spot.row * TILE) as isize + self.origin.0;
        let left = (spot.col * TILE) as isize + self.origin.1;
        if self.is_whole() && left >= 0 && left as usize + S <= self.width {
            if top < 0 || top as usize + S > self.height {
                desk[..len].fill([[0.0; LANES]; 2]);
            }
            let (zeros, data) = (&desk[..len], self.data.as_chunks::<LANES>().0.as_chunks::<2>().0);
            from_fn(|i| match self.pixel(spot.image, top + i as isize, left) {
                Some(pixel) => &data[pixel * self.blocks()..][..len],
                None => zeros,
            })
        } else {
            for (i, row) in desk.chunks_exact_mut(len).take(S).enumerate() {
                self.lay_out(spot.image, top + i as isize, left, row);
            }
            let desk = &*desk;
            from_fn(|i| &desk[i * len..][..len])
        }
    }

    /// Whether a pixel lies in memory as it is wanted: in whole blocks.
    fn is_whole(&self) -> bool {
        self.index.is_empty() && self.channels.is_multiple_of(BLOCK)
    }

    /// Pixels of a row from column `left` on, as many as there is place for.
    #[inline(never)]
    fn lay_out(&self, image: usize, row: isize, left: isize, out: &mut [Block]) {
        let len = self.blocks();
        if self.is_whole() {
            out.fill([[0.0; LANES]; 2]);
            let first = left.clamp(0, self.width as isize);
            let last = (left + (out.len() / len) as isize).clamp(first, self.width as isize);
            if first < last
                && let Some(pixel) = self.pixel(image, row, first)
            {
                let from = &self.data.as_chunks::<LANES>().0.as_chunks::<2>().0[pixel * len..];
                let (first, last) = ((first - left) as usize * len, (last - left) as usize * len);
                out[first..last].copy_from_slice(&from[..last - first]);
            }
            return;
        }
        for (j, pixel) in out.chunks_exact_mut(len).enumerate() {
            self.lay_out_pixel(image, row, left + j as isize, pixel);
        }
    }

    /// The number of a pixel, if it lies inside.
    #[inline(always)]
    fn pixel(&self, image: usize, row: isize, col: isize) -> Option<usize> {
        let (row, col) = (row as usize, col as usize);
        // A row or column below 0 is a huge one here.
        (row < self.height && col < self.width).then(|| (image * self.height + row) * self.width + col)
    }

    /// One pixel in whole blocks.
    fn lay_out_pixel(&self, image: usize, row: isize, col: isize, out: &mut [Block]) {
        let out = out.as_flattened_mut();
        let Some(pixel) = self.pixel(image, row, col) else {
            out.fill([0.0; LANES]);
            return;
        };
        if self.index.is_empty() {
            fill_up(&self.data[pixel * self.channels..][..self.channels], out);
            return;
        }
        let (row, col) = (row as usize, col as usize);
        let cell = ((image * self.height + row) / 2 * (self.width / 2) + col / 2) * self.channels;
        let mine = (row % 2 * 2 + col % 2) as u8;
        let (values, index) = (&self.data[cell..][..self.channels], &self.index[cell..][..self.channels]);
        fill_up(values, out);
        let (body, rest) = index.as_chunks::<LANES>();
        for (out, &index) in out.iter_mut().zip(body) {
            let won = F32x4::load(&index.map(f32::from)).eq(F32x4::splat(f32::from(mine)));
            won.select(F32x4::load(out), F32x4::ZERO).store(out);
        }
        for (out, &index) in out.as_flattened_mut()[body.len() * LANES..].iter_mut().zip(rest) {
            if index != mine {
                *out = 0.0;
            }
        }
    }
}

/// Numbers into whole vectors, zeros behind them.
fn fill_up(from: &[f32], out: &mut [[f32; LANES]]) {
    let (body, rest) = from.as_chunks::<LANES>();
    for (out, from) in out.iter_mut().zip(body) {
        *out = *from;
    }
    for (at, out) in out[body.len()..].iter_mut().enumerate() {
        *out = from_fn(|lane| rest.get(at * LANES + lane).copied().unwrap_or(0.0));
    }
}
