//! The last transform: from the products at the points to pixels, or to the largest of each 2x2 of them.

use super::grid::{Grid, Spot, TILE};
use super::transforms::{POINTS, SIDE, output, square};
use super::wide::Wide;
use crate::gemm::microkernel::{MR, Step};
use crate::machine::simd::{F32x4, I32x4, LANES};
use crate::machine::tiles::Tile;
use core::array::from_fn;
use core::ops::Range;

/// Results along a side of a tile where they are pooled.
const POOLED: usize = TILE / 2;

/// What is noted beside a result.
pub trait Result: Send {
    /// How many pixels along a side become one result.
    const SHRINK: usize;
    fn of(index: u8) -> Self;
}

/// A plain convolution notes nothing.
impl Result for () {
    const SHRINK: usize = 1;
    fn of(_: u8) {}
}

/// A 2x2 max-pool notes which pixel won.
impl Result for u8 {
    const SHRINK: usize = 2;
    fn of(index: u8) -> u8 {
        index
    }
}

/// Writes the results of one piece of y.
pub struct Writer<'a, 'b, R> {
    pub y: &'b mut Tile<'a, f32>,
    pub index: Tile<'a, R>,
    pub bias: &'b [f32],
    pub channels: usize,
    /// Results of an image.
    pub rows: usize,
    pub cols: usize,
    /// The piece's first tile, and the grid of its tiles.
    pub first: Spot,
    pub band: Grid,
}

impl<R: Result> Writer<'_, '_, R> {
    /// Where tile `tile` of the piece lies in its image.
    pub fn spot(&self, tile: usize) -> Spot {
        let Spot { image, row, col } = self.band.spot(tile);
        Spot { image: self.first.image + image, row: self.first.row + row, col }
    }

    /// The results of the tiles `range` of the piece, from `products`: `[group][panel][point][tile]`, the first tile at 0.
    #[inline(never)]
    pub fn write<const V: usize, const W: usize>(&mut self, products: &mut [Step<V>], range: Range<usize>) {
        let group = self.channels.div_ceil(V * LANES) * POINTS * MR;
        for (group, first) in products.chunks_exact_mut(group).zip(range.clone().step_by(MR)) {
            let spots: [_; MR] = from_fn(|at| self.band.spot(first + at));
            let spots = &spots[..MR.min(range.end - first)];
            for (panel, products) in group.chunks_exact_mut(POINTS * MR).enumerate() {
                let mut products = Tile::whole(products.as_flattened_mut(), MR * V);
                for (tile, &spot) in spots.iter().enumerate() {
                    for at in (0..V).step_by(W) {
                        let channel = (panel * V + at) * LANES;
                        if channel < self.channels {
                            self.write_tile::<W>(products.block::<POINTS, 1, W>(0, tile * V + at), spot, channel);
                        }
                    }
                }
            }
        }
    }

    /// Some channels of one tile.
    #[inline(always)]
    fn write_tile<const W: usize>(
        &mut self,
        products: [&mut [[[f32; LANES]; W]; 1]; POINTS],
        spot: Spot,
        channel: usize,
    ) {
        let side = TILE / R::SHRINK;
        let (row, col) = (spot.row * side, spot.col * side);
        let down = side.min(self.rows - self.first.row * side - row);
        let across = side.min(self.cols - col);
        let place = (spot.image * self.rows + row, col * self.channels + channel);
        let bias = Wide::<W>::padded(&self.bias[channel.min(self.bias.len())..]);
        let mut pixels = [[Wide::<W>::ZERO; TILE]; TILE];
        let get = |i: usize, j: usize| Wide::<W>::load(&products[i * SIDE + j][0], 0);
        square(output, get, |i, j, value| pixels[i][j] = value + bias);
        if down == side && across == side && channel + W * LANES <= self.channels {
            self.put_all(pixels, place);
        } else {
            self.put_some(pixels, place, (down, across), (W * LANES).min(self.channels - channel));
        }
    }

    /// The pixels of a whole tile, to `place` on.
    #[inline(always)]
    fn put_all<const W: usize>(&mut self, pixels: [[Wide<W>; TILE]; TILE], (row, col): (usize, usize)) {
        if R::SHRINK == 1 {
            for (i, j) in (0..TILE).flat_map(|i| (0..TILE).map(move |j| (i, j))) {
                let [y] = self.y.block::<1, W, LANES>(row + i, col + j * self.channels);
                pixels[i][j].store(y, 0);
            }
            return;
        }
        for (i, j) in (0..POOLED).flat_map(|i| (0..POOLED).map(move |j| (i, j))) {
            let [y] = self.y.block::<1, W, LANES>(row + i, col + j * self.channels);
            let [index] = self.index.block::<1, W, LANES>(row + i, col + j * self.channels);
            let (largest, won) = largest(from_fn(|at| pixels[2 * i + at / 2][2 * j + at % 2]));
            largest.store(y, 0);
            *index = won.map(|won| won.to_array().map(|won| R::of(won.to_bits() as u8)));
        }
    }

    /// The pixels that there are of a tile at the edge, and the channels.
    #[inline(never)]
    fn put_some<const W: usize>(
        &mut self,
        pixels: [[Wide<W>; TILE]; TILE],
        (row, col): (usize, usize),
        (down, across): (usize, usize),
        channels: usize,
    ) {
        for (i, j) in (0..down).flat_map(|i| (0..across).map(move |j| (i, j))) {
            let place = col + j * self.channels;
            let y = &mut self.y.row(row + i)[place..][..channels];
            if R::SHRINK == 1 {
                pixels[i][j].store_some(y);
            } else {
                let (largest, won) = largest(from_fn(|at| pixels[2 * i + at / 2][2 * j + at % 2]));
                largest.store_some(y);
                let index = &mut self.index.row(row + i)[place..][..channels];
                let won = won.map(F32x4::to_array);
                for (index, won) in index.iter_mut().zip(won.as_flattened()) {
                    *index = R::of(won.to_bits() as u8);
                }
            }
        }
    }
}

/// The largest of four, and which it is, in the bits: the first of equals, a NaN before all.
#[inline(always)]
fn largest<const W: usize>(four: [Wide<W>; 4]) -> (Wide<W>, [F32x4; W]) {
    let four = four.map(Wide::vectors);
    let mut best = four[0];
    let mut won = [F32x4::ZERO; W];
    for (at, other) in four.into_iter().enumerate().skip(1) {
        for w in 0..W {
            let better = !other[w].le(best[w]) & best[w].eq(best[w]);
            best[w] = better.select(other[w], best[w]);
            won[w] = better.select(I32x4::splat(at as i32).from_bits(), won[w]);
        }
    }
    (Wide::of(best), won)
}
