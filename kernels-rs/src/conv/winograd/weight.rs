//! dw = x * dy as F(3x3,4x4): the input and dy at the points, their products summed over all tiles, then dw from the sums.
//!
//! Tiles are taken a stack at a time. Where there are many for the size of the sums, each thread takes stretches of them
//! with sums of their own, and reads what it has itself just written; else all threads transform a stack, then each adds
//! to the sums of some of the points. What is added to a sum, and in which order, depends on the sizes alone.

use super::filters::Joined;
use super::grid::{Grid, Images, TILE};
use super::transforms::{POINTS, SIDE, filter_gradient, input, output_gradient, square};
use super::wide::{BLOCK, Block, Wide};
use crate::buffers::with_scratch;
use crate::gemm::blocking::steps;
use crate::gemm::microkernel::{MR, NV_WIDE, Step, micro_kernel};
use crate::machine::simd::LANES;
use crate::machine::threads::{chunks, parallel, parallel_with_scratch, threads};
use crate::machine::tiles::{Place, Tile, tiles};
use core::array::from_fn;
use core::ops::{Range, RangeInclusive};

/// f32 at the points of a stack that all threads share, which stays in L3, and of one that a thread has to itself, which
/// stays in L2; bounds on their tiles: the sums are read and written once a stack.
const SHARED: usize = 2 << 20;
const SHARED_TILES: RangeInclusive<usize> = 64..=256;
const OWN: usize = 192 << 10;
const OWN_TILES: RangeInclusive<usize> = 32..=64;
/// Stretches that are summed apart, the f32 that their sums may take together, and the tiles that make one worth its sums.
const STRETCHES: usize = 16;
const SUMS: usize = 12 << 20;
const WORTH: usize = 64;
/// Tiles that a thread transforms at once.
const SHEAF: usize = 8;
/// Of these, the tiles whose windows it holds at once.
const TOGETHER: usize = 4;

/// The gradient of filters that join x to y, from `x` and `dy`.
pub struct WeightGradient<'a, const V: usize> {
    pub x: Images<'a>,
    pub dy: Images<'a>,
    pub joined: Joined<V>,
    pub batch: usize,
}

impl<const V: usize> WeightGradient<'_, V> {
    const SUB: usize = V * LANES / BLOCK;

    /// Output channels in whole panels of the wider kind: what decides the order of sums is the same for either.
    fn outputs(&self) -> usize {
        self.joined.outputs.next_multiple_of(NV_WIDE * LANES)
    }

    /// Tiles of a stack that takes about so many f32.
    fn stack(&self, near: usize, tiles: RangeInclusive<usize>) -> usize {
        let each = POINTS * (self.joined.depth() + self.outputs());
        (near / each).clamp(*tiles.start(), *tiles.end()).next_multiple_of(SHEAF)
    }

    /// f32 of x and of dy at the points, from tile to tile of so many: one more than there are, so that what is written
    /// at once does not fall on the same lines of the cache.
    fn stack_lens(&self, stride: usize) -> [usize; 2] {
        [POINTS * self.x.blocks() * stride * BLOCK, POINTS * self.joined.panels() * stride * V * LANES]
    }

    fn desk_len(&self) -> usize {
        TOGETHER * BLOCK * self.x.desk_len::<SIDE>().max(self.dy.desk_len::<TILE>())
    }

    pub fn run<const W: usize>(&self, dw: &mut [f32]) {
        let Joined { inputs, outputs } = self.joined;
        let grid = Grid::over(self.dy.height, self.dy.width);
        let all = self.batch * grid.tiles();
        if all == 0 {
            dw.fill(0.0);
            return;
        }
        let len = self.joined.packed_len();
        let all_sums = (STRETCHES * POINTS).saturating_mul(self.joined.depth() * self.outputs());
        let is_apart = STRETCHES * WORTH <= all && all_sums <= SUMS;
        with_scratch(if is_apart { STRETCHES * len } else { len }, |sums| {
            if is_apart {
                self.sum_apart::<W>(grid, all, sums);
            } else {
                self.sum_together::<W>(grid, all, sums);
            }
            let sums = &*steps::<V>(sums);
            parallel(tiles(dw, (9, inputs * outputs), (9, BLOCK * outputs)), |_, (place, tile)| {
                self.finish::<W>(sums, place, tile);
            });
        });
    }

    /// The sums of each stretch of tiles.
    fn sum_apart<const W: usize>(&self, grid: Grid, all: usize, sums: &mut [f32]) {
        let (stretch, stack) = (all.div_ceil(STRETCHES), self.stack(OWN, OWN_TILES));
        let [xs_len, dys_len] = self.stack_lens(stack + 1);
        let len = xs_len + dys_len + self.desk_len();
        with_scratch(threads() * len, |scratch| {
            let sums = chunks(sums, self.joined.packed_len());
            parallel_with_scratch(sums, scratch, |index, sums, scratch| {
                let (xs, scratch) = scratch.split_at_mut(xs_len);
                let (dys, desk) = scratch.split_at_mut(dys_len);
                let (sums, first, end) = (steps::<V>(sums), index * stretch, all.min((index + 1) * stretch));
                for from in (first..end).step_by(stack) {
                    let to = end.min(from + stack);
                    self.transform_x::<W>(grid, from..to, Tile::whole(steps::<2>(xs), stack + 1), steps::<2>(desk));
                    let out = Tile::whole(steps::<2>(dys), (stack + 1) * Self::SUB);
                    self.transform_dy::<W>(grid, from..to, out, steps::<2>(desk));
                    let (xs, dys) = (&*steps::<2>(xs), &*steps::<V>(dys));
                    for (point, sums) in sums.chunks_exact_mut(self.joined.point_len()).enumerate() {
                        for (panel, sums) in sums.chunks_exact_mut(self.joined.depth()).enumerate() {
                            self.multiply((xs, dys), stack + 1, to - from, (point, panel), sums, from > first);
                        }
                    }
                }
            });
        });
    }

    /// The sums of all tiles.
    fn sum_together<const W: usize>(&self, grid: Grid, all: usize, sums: &mut [f32]) {
        let (blocks, panels) = (self.x.blocks(), self.joined.panels());
        let stack = self.stack(SHARED, SHARED_TILES).min(all.next_multiple_of(SHEAF));
        let stride = stack + 1;
        let [xs_len, dys_len] = self.stack_lens(stride);
        with_scratch(xs_len + dys_len + threads() * self.desk_len(), |scratch| {
            let (xs, scratch) = scratch.split_at_mut(xs_len);
            let (dys, desks) = scratch.split_at_mut(dys_len);
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
                        self.multiply((xs, dys), stride, count, (place.row, panel), sums.row(0), first > 0);
                    }
                });
            }
        });
    }

    /// x at the points as `[point][block of inputs][tile]`.
    #[inline(never)]
    fn transform_x<const W: usize>(&self, grid: Grid, range: Range<usize>, mut out: Tile<Block>, desk: &mut [Block]) {
        let blocks = self.x.blocks();
        for from in range.clone().step_by(TOGETHER) {
            let windows = windows::<SIDE>(self.x, grid, from..range.end, desk);
            for block in 0..blocks {
                for (tile, window) in (from..range.end).zip(&windows) {
                    let mut out: [_; POINTS] = out.comb::<POINTS, 1, 1>((block, blocks), tile - range.start);
                    for half in (0..2).step_by(W) {
                        let get = |i: usize, j: usize| Wide::<W>::load(&window[i][j * blocks + block], half);
                        square(input, get, |i, j, value| value.store(&mut out[i * SIDE + j][0][0], half));
                    }
                }
            }
        }
    }

    /// dy at the points as `[point][panel of outputs][tile]`.
    #[inline(never)]
    fn transform_dy<const W: usize>(&self, grid: Grid, range: Range<usize>, mut out: Tile<Block>, desk: &mut [Block]) {
        let (panels, blocks) = (self.joined.panels(), self.dy.blocks());
        for from in range.clone().step_by(TOGETHER) {
            let windows = windows::<TILE>(self.dy, grid, from..range.end, desk);
            for block in 0..blocks {
                for (tile, window) in (from..range.end).zip(&windows) {
                    let col = (tile - range.start) * Self::SUB + block % Self::SUB;
                    let mut out: [_; POINTS] = out.comb::<POINTS, 1, 1>((block / Self::SUB, panels), col);
                    for half in (0..2).step_by(W) {
                        let get = |i: usize, j: usize| Wide::<W>::load(&window[i][j * blocks + block], half);
                        square(output_gradient, get, |i, j, value| value.store(&mut out[i * SIDE + j][0][0], half));
                    }
                }
            }
        }
    }

    /// Adds the products of one point and one panel of outputs, over a stack's tiles, to its sums.
    #[inline(never)]
    fn multiply(
        &self,
        (xs, dys): (&[Block], &[Step<V>]),
        stride: usize,
        count: usize,
        (point, panel): (usize, usize),
        sums: &mut [Step<V>],
        add: bool,
    ) {
        let xs = &xs[point * self.x.blocks() * stride..][..self.x.blocks() * stride];
        let dys = &dys[(point * self.joined.panels() + panel) * stride..][..count];
        for (xs, sums) in xs.chunks(3 * stride).zip(sums.chunks_mut(3 * BLOCK)) {
            // Three panels of x are four blocks of MR rows; fewer go half by half.
            if let ([first, second, third, fourth], []) = sums.as_chunks_mut::<MR>() {
                let (low, xs) = xs.split_at(stride);
                let (middle, high) = xs.split_at(stride);
                micro_kernel::<0, MR, _, V>([low, &[]], dys, first.each_mut(), add);
                micro_kernel::<MR, MR, _, V>([low, middle], dys, second.each_mut(), add);
                micro_kernel::<{ 2 * MR - BLOCK }, MR, _, V>([middle, high], dys, third.each_mut(), add);
                micro_kernel::<{ BLOCK - MR }, MR, _, V>([high, &[]], dys, fourth.each_mut(), add);
                continue;
            }
            for (xs, sums) in xs.chunks_exact(stride).zip(sums.as_chunks_mut::<LANES>().0.as_chunks_mut().0) {
                let [low, high] = sums;
                micro_kernel::<0, LANES, _, V>([xs, &[]], dys, low.each_mut(), add);
                micro_kernel::<LANES, LANES, _, V>([xs, &[]], dys, high.each_mut(), add);
            }
        }
    }

    /// dw of up to eight input channels, from the sums of all stretches.
    #[inline(never)]
    fn finish<const W: usize>(&self, sums: &[Step<V>], place: Place, mut dw: Tile<f32>) {
        let (outputs, depth) = (self.joined.outputs, self.joined.depth());
        let (first, point) = (place.col / outputs, self.joined.point_len());
        for channel in (0..outputs).step_by(W * LANES) {
            for at in 0..dw.cols() / outputs {
                let sum = channel / (V * LANES) * depth + first + at;
                let get = |i: usize, j: usize| {
                    let stretches = sums[(i * SIDE + j) * point + sum..].iter().step_by(POINTS * point);
                    let mut of_each = stretches.map(|sum| Wide::<W>::load(sum, channel / LANES % V));
                    let first = of_each.next().expect("sums of a stretch");
                    of_each.fold(first, |total, sum| total + sum)
                };
                square(filter_gradient, get, |i, j, value| {
                    let to = &mut dw.row(i * 3 + j)[at * outputs..][channel..outputs];
                    let len = to.len().min(W * LANES);
                    value.store_some(&mut to[..len]);
                });
            }
        }
    }
}

/// The windows of the first tiles of `range`, which are transformed block by block: what they write at once lies together.
/// Where there are fewer than TOGETHER, the last one again.
fn windows<'w, const S: usize>(
    images: Images<'w>,
    grid: Grid,
    range: Range<usize>,
    desk: &'w mut [Block],
) -> [[&'w [Block]; S]; TOGETHER] {
    let mut desks = desk.chunks_exact_mut(images.desk_len::<S>());
    from_fn(|at| {
        let tile = (range.start + at).min(range.end - 1);
        images.window(grid.spot(tile), desks.next().expect("a desk each"))
    })
}
