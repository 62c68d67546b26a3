//! y = x * w over all tiles, and by turned filters dx = dy * w: the tiles of a few images, or of a band of one, at a time.
//!
//! A thread takes no more tiles at once than the cache holds, MR of them as a group: the input at the points as
//! `[group][point][block of inputs][tile]`, in the order in which it is multiplied, then a matrix product for each point
//! into `[group][panel of outputs][point][tile]`, then the results. So what a transform reads or writes at once lies
//! close together. A result does not depend on where the tiles are cut.

use super::filters::Joined;
use super::grid::{Grid, Images, Spot, TILE};
use super::results::{Result, Writer};
use super::transforms::{POINTS, SIDE, input, square};
use super::wide::{BLOCK, Block, Wide};
use crate::buffers::with_scratch;
use crate::gemm::blocking::{KC, steps};
use crate::gemm::epilogue::{Activation, Epilogue};
use crate::gemm::microkernel::{MR, Rows, Step, micro_kernel_of_rows};
use crate::machine::simd::LANES;
use crate::machine::threads::{parallel_with_scratch, threads};
use crate::machine::tiles::{Place, Tile, tiles};
use core::array::from_fn;

/// f32 at the points that a thread has at work: what stays in L2, or not far from it.
const NEAR: usize = 128 << 10;
/// Tiles at work at once.
const FEWEST: usize = 16;
const MOST: usize = 64;

/// A convolution of `images`, its filters packed, to results of `rows` x `cols` an image.
pub struct Convolution<'a, const V: usize> {
    pub images: Images<'a>,
    pub batch: usize,
    pub joined: Joined<V>,
    pub filters: &'a [f32],
    pub epilogue: Epilogue<'a>,
    pub rows: usize,
    pub cols: usize,
}

/// A thread's memory.
struct Bench<'a, const V: usize> {
    inputs: &'a mut [Rows],
    products: &'a mut [Step<V>],
    desk: &'a mut [Block],
}

impl<const V: usize> Convolution<'_, V> {
    /// From point to point of a group's inputs: one more than there are blocks, so that what is written at once does not
    /// fall on the same lines of the cache.
    fn point_len(&self) -> usize {
        self.images.blocks() + 1
    }

    /// Of a group's inputs.
    fn inputs_len(&self) -> usize {
        POINTS * self.point_len()
    }

    /// Of a group's products.
    fn products_len(&self) -> usize {
        POINTS * self.joined.panels() * MR
    }

    /// How many tiles a thread takes at once.
    fn tiles_at_once(&self, all: usize) -> usize {
        let (inputs, outputs) = (self.images.blocks() * BLOCK, self.joined.panels() * V * LANES);
        let near = NEAR / (POINTS * (inputs + outputs));
        // All filters are read once for so many tiles: that must not cost more than the tiles themselves.
        let worth = inputs * outputs / (4 * (inputs + outputs));
        near.max(worth).clamp(FEWEST, MOST).min(all.div_ceil(threads())).next_multiple_of(MR)
    }

    fn scratch_len(&self, tiles: usize) -> usize {
        let groups = tiles / MR;
        let blocks = groups * self.inputs_len() * MR + MR * self.images.desk_len::<SIDE>();
        blocks * BLOCK + groups * self.products_len() * V * LANES
    }

    fn bench<'a>(&self, tiles: usize, scratch: &'a mut [f32]) -> Bench<'a, V> {
        let groups = tiles / MR;
        let (inputs, scratch) = scratch.split_at_mut(groups * self.inputs_len() * MR * BLOCK);
        let (products, desk) = scratch.split_at_mut(groups * self.products_len() * V * LANES);
        let inputs = steps::<2>(inputs).as_chunks_mut().0;
        Bench { inputs, products: steps::<V>(products), desk: steps::<2>(desk) }
    }

    /// Convolves into `y`, and into `index` where R pools.
    pub fn run<R: Result, const W: usize>(&self, y: &mut [f32], index: &mut [R]) {
        let channels = self.joined.outputs;
        let (rows, cols) = (self.rows / R::SHRINK, self.cols / R::SHRINK);
        let grid = Grid::over(rows * R::SHRINK, cols * R::SHRINK);
        if self.batch * grid.tiles() == 0 {
            return;
        }
        let at_once = self.tiles_at_once(self.batch * grid.tiles());
        // Either whole images together, as the rows of one tall matrix, or bands of each.
        let together = (at_once / grid.tiles()).max(1);
        let is_whole = grid.tiles() <= at_once;
        let (all_rows, piece_rows) = if is_whole {
            (self.batch * rows, together * rows)
        } else {
            (rows, (at_once / grid.across).max(1) * TILE / R::SHRINK)
        };
        let (all, piece) = ((all_rows, cols * channels), (piece_rows, cols * channels));
        with_scratch(threads() * self.scratch_len(at_once), |scratch| {
            let split = (tiles(y, all, piece), tiles(index, all, piece));
            parallel_with_scratch(split, scratch, |_, ((place, mut y), (_, index)), scratch| {
                let (first, band, images) = if is_whole {
                    (Spot { image: place.row / rows, row: 0, col: 0 }, grid, y.rows() / rows)
                } else {
                    (band_start(place, R::SHRINK), Grid::over(y.rows() * R::SHRINK, cols * R::SHRINK), 1)
                };
                let mut writer =
                    Writer { y: &mut y, index, bias: self.epilogue.bias, channels, rows, cols, first, band };
                let mut bench = self.bench(at_once, scratch);
                let count = images * band.tiles();
                for from in (0..count).step_by(at_once) {
                    let count = (count - from).min(at_once);
                    self.transform::<W>(&mut bench, count, |tile| writer.spot(from + tile));
                    self.multiply(&mut bench, count);
                    writer.write::<V, W>(bench.products, from..from + count);
                }
                let activation = Epilogue { bias: &[], ..self.epilogue };
                if activation.activation != Activation::None {
                    activation.finish(&mut y, 0);
                }
            });
        });
    }

    /// The input at the points.
    #[inline(never)]
    fn transform<const W: usize>(&self, bench: &mut Bench<V>, count: usize, spot: impl Fn(usize) -> Spot) {
        let (blocks, desk_len) = (self.images.blocks(), self.images.desk_len::<SIDE>());
        let groups = bench.inputs.chunks_exact_mut(self.inputs_len());
        for (inputs, first) in groups.zip((0..count).step_by(MR)) {
            let mut points = Tile::whole(inputs, self.point_len());
            let mut desks = bench.desk.chunks_exact_mut(desk_len);
            // Where fewer are left, the last one again, to no effect.
            let windows: [_; MR] = from_fn(|tile| {
                self.images.window::<SIDE>(spot((first + tile).min(count - 1)), desks.next().expect("a desk each"))
            });
            for at in 0..blocks {
                let mut out: [_; POINTS] = points.block::<POINTS, 1, 1>(0, at);
                for (tile, window) in windows.iter().enumerate() {
                    for half in (0..2).step_by(W) {
                        let get = |i: usize, j: usize| Wide::<W>::load(&window[i][j * blocks + at], half);
                        square(input, get, |i, j, value| value.store(&mut out[i * SIDE + j][0][0][tile], half));
                    }
                }
            }
        }
    }

    /// The products, point by point.
    #[inline(never)]
    fn multiply(&self, bench: &mut Bench<V>, count: usize) {
        let (depth, panels) = (self.joined.depth(), self.joined.panels());
        let filters = self.filters.as_chunks::<LANES>().0.as_chunks::<V>().0;
        let inputs = &bench.inputs[..count.div_ceil(MR) * self.inputs_len()];
        let products = bench.products.as_chunks_mut::<MR>().0;
        for point in 0..POINTS {
            let filters = &filters[point * self.joined.point_len()..];
            for (panel, filters) in filters.chunks_exact(depth).take(panels).enumerate() {
                for from in (0..depth).step_by(KC) {
                    let filters = &filters[from..depth.min(from + KC)];
                    let products = products[panel * POINTS + point..].iter_mut().step_by(POINTS * panels);
                    for (group, (inputs, products)) in inputs.chunks_exact(self.inputs_len()).zip(products).enumerate()
                    {
                        let inputs = &inputs[point * self.point_len()..][from / BLOCK..self.images.blocks()];
                        // In the last group there may be fewer tiles.
                        if count <= group * MR + LANES {
                            micro_kernel_of_rows::<LANES, V>(inputs, filters, products, from > 0);
                        } else {
                            micro_kernel_of_rows::<MR, V>(inputs, filters, products, from > 0);
                        }
                    }
                }
            }
        }
    }
}

fn band_start(place: Place, shrink: usize) -> Spot {
    Spot { image: place.matrix, row: place.row * shrink / TILE, col: 0 }
}
