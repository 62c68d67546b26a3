//! dw = x * dy as F(3x3,4x4): the input and dy at the points, their products summed over all tiles, then dw from the sums.
//!
//! Tiles are taken a stack at a time. All threads transform the stack, then each adds to the sums of some of the points:
//! what is added to a sum, and in which order, depends on the sizes alone.

use super::filters::Joined;
use super::grid::{Grid, Images, TILE};
use super::transforms::{POINTS, SIDE, filter_gradient, input, output_gradient, square};
use super::wide::{BLOCK, Block, Wide};
use crate::buffers::with_scratch;
use crate::gemm::blocking::steps;
use crate::gemm::microkernel::{MR, Step, micro_kernel_of_half};
use crate::machine::simd::LANES;
use crate::machine::threads::{parallel, parallel_with_scratch, threads};
use crate::machine::tiles::{Place, Tile, tiles};

/// f32 at the points of a stack, which stays in L3, and bounds on its tiles: the sums are read and written once a stack.
const STACK: usize = 2 << 20;
const FEWEST: usize = 64;
const MOST: usize = 256;
/// Tiles that a thread transforms at once.
const SHEAF: usize = 8;

/// The gradient of filters that join x to y, from `x` and `dy`.
pub struct WeightGradient<'a, const V: usize> {
    pub x: Images<'a>,
    pub dy: Images<'a>,
    pub joined: Joined<V>,
    pub batch: usize,
}

impl<const V: usize> WeightGradient<'_, V> {
    const SUB: usize = V * LANES / BLOCK;

    fn stack(&self) -> usize {
        let each = POINTS * (self.joined.depth() + self.joined.panels() * V * LANES);
        (STACK / each).clamp(FEWEST, MOST).next_multiple_of(SHEAF)
    }

    pub fn run<const W: usize>(&self, dw: &mut [f32]) {
        let Joined { inputs, outputs } = self.joined;
        let (blocks, panels) = (self.x.blocks(), self.joined.panels());
        let grid = Grid::over(self.dy.height, self.dy.width);
        let all = self.batch * grid.tiles();
        if all == 0 {
            dw.fill(0.0);
            return;
        }
        let stack = self.stack().min(all.next_multiple_of(SHEAF));
        // One more tile than there are, so that what is written at once does not fall on the same lines of the cache.
        let stride = stack + 1;
        let lens = [
            POINTS * blocks * stride * BLOCK,
            POINTS * panels * stride * V * LANES,
            self.joined.packed_len(),
            threads() * BLOCK * self.x.desk_len::<SIDE>().max(self.dy.desk_len::<TILE>()),
        ];
        with_scratch(lens.iter().sum(), |scratch| {
            let (xs, scratch) = scratch.split_at_mut(lens[0]);
            let (dys, scratch) = scratch.split_at_mut(lens[1]);
            let (sums, desks) = scratch.split_at_mut(lens[2]);
            for first in (0..all).step_by(stack) {
                let count = (all - first).min(stack);
                let split = (
                    tiles(steps::<2>(xs), (POINTS * blocks, stride), (POINTS * blocks, SHEAF)),
                    tiles(steps::<2>(dys), (POINTS * panels, stride * Self::SUB), (POINTS * panels, SHEAF * Self::SUB)),
                );
                parallel_with_scratch(split, desks, |_, ((place, xs), (_, dys)), desk| {
                    let from = first + place.col;
                    let to = (first + count).min(from + SHEAF);
                    self.transform_x::<W>(grid, from..to, xs, steps::<2>(desk));
                    self.transform_dy::<W>(grid, from..to, dys, steps::<2>(desk));
                });
                let (xs, dys) = (&*steps::<2>(xs), &*steps::<V>(dys));
                let split = tiles(steps::<V>(sums), (POINTS, self.joined.point_len()), (1, self.joined.depth()));
                parallel(split, |_, (place, mut sums)| {
                    let panel = place.col / self.joined.depth();
                    if panel < panels {
                        let xs = &xs[place.row * blocks * stride..][..blocks * stride];
                        let dys = &dys[(place.row * panels + panel) * stride..][..count];
                        multiply(xs, stride, dys, sums.row(0), first > 0);
                    }
                });
            }
            let sums = &*steps::<V>(sums);
            parallel(tiles(dw, (9, inputs * outputs), (9, BLOCK * outputs)), |_, (place, tile)| {
                self.finish::<W>(sums, place, tile);
            });
        });
    }

    /// x at the points as `[point][block of inputs][tile]`.
    #[inline(never)]
    fn transform_x<const W: usize>(
        &self,
        grid: Grid,
        range: core::ops::Range<usize>,
        mut out: Tile<Block>,
        desk: &mut [Block],
    ) {
        let blocks = self.x.blocks();
        for (at, tile) in range.enumerate() {
            let window = self.x.window::<SIDE>(grid.spot(tile), desk);
            for block in 0..blocks {
                let mut out: [_; POINTS] = out.comb::<POINTS, 1, 1>((block, blocks), at);
                for half in (0..2).step_by(W) {
                    let get = |i: usize, j: usize| Wide::<W>::load(&window[i][j * blocks + block], half);
                    square(input, get, |i, j, value| value.store(&mut out[i * SIDE + j][0][0], half));
                }
            }
        }
    }

    /// dy at the points as `[point][panel of outputs][tile]`.
    #[inline(never)]
    fn transform_dy<const W: usize>(
        &self,
        grid: Grid,
        range: core::ops::Range<usize>,
        mut out: Tile<Block>,
        desk: &mut [Block],
    ) {
        let (panels, blocks) = (self.joined.panels(), self.dy.blocks());
        for (at, tile) in range.enumerate() {
            let window = self.dy.window::<TILE>(grid.spot(tile), desk);
            for block in 0..blocks {
                let (panel, col) = (block / Self::SUB, at * Self::SUB + block % Self::SUB);
                let mut out: [_; POINTS] = out.comb::<POINTS, 1, 1>((panel, panels), col);
                for half in (0..2).step_by(W) {
                    let get = |i: usize, j: usize| Wide::<W>::load(&window[i][j * blocks + block], half);
                    square(output_gradient, get, |i, j, value| value.store(&mut out[i * SIDE + j][0][0], half));
                }
            }
        }
    }

    /// dw of up to eight input channels.
    #[inline(never)]
    fn finish<const W: usize>(&self, sums: &[Step<V>], place: Place, mut dw: Tile<f32>) {
        let (outputs, depth) = (self.joined.outputs, self.joined.depth());
        let (first, point) = (place.col / outputs, self.joined.point_len());
        for channel in (0..outputs).step_by(W * LANES) {
            for at in 0..dw.cols() / outputs {
                let sums = &sums[channel / (V * LANES) * depth + first + at..];
                let get = |i: usize, j: usize| Wide::<W>::load(&sums[(i * SIDE + j) * point], channel / LANES % V);
                square(filter_gradient, get, |i, j, value| {
                    let to = &mut dw.row(i * 3 + j)[at * outputs..][channel..outputs];
                    let len = to.len().min(W * LANES);
                    value.store_some(&mut to[..len]);
                });
            }
        }
    }
}

/// Adds the products of one point and one panel of outputs, over all tiles, to its sums.
#[inline(never)]
fn multiply<const V: usize>(xs: &[Block], stride: usize, dys: &[Step<V>], sums: &mut [Step<V>], add: bool) {
    for (xs, sums) in xs.chunks_exact(stride).zip(sums.as_chunks_mut::<{ 2 * MR }>().0) {
        let (low, high) = sums.split_first_chunk_mut::<MR>().expect("two of them");
        let high = high.first_chunk_mut::<MR>().expect("two of them");
        micro_kernel_of_half::<0, V>(xs, dys, low.each_mut(), add);
        micro_kernel_of_half::<1, V>(xs, dys, high.each_mut(), add);
    }
}
