//! The loops around the micro-kernel: tiles of C shared out to the threads, each filled block by block of k.
//!
//! An item of C is summed over k in blocks of KC, the blocks' sums added in order. Neither the tile of the micro-kernel
//! nor the cut into tiles of C changes that, so the result depends on no setting and on no number of threads.

use super::epilogue::Epilogue;
use super::microkernel::{MR, NV, NV_WIDE, Step, micro_kernel};
use super::pack::Operand;
use crate::buffers::with_scratch;
use crate::machine::simd::LANES;
use crate::machine::threads::{parallel_with_scratch, threads};
use crate::machine::tiles::{Place, Tile, tiles};
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The longest stretch of k that is summed in one go; it bounds the error, and a panel of B of KC x NR stays in L1.
pub const KC: usize = 256;
/// Rows of a packed block of A: MC x KC items stay in L2, to be read once for each panel of B.
const MC: usize = 128;
/// Columns of a packed block of B, and rows of a tile: the larger, the less often A and B are packed.
const NC: usize = 1024;
const TILE_ROWS: usize = 1024;

/// Multiply-adds below which a product stays on the calling thread, and the least that a tile of C is worth.
const WORTH_THREADS: usize = 1 << 19;
const WORTH_A_TILE: usize = 1 << 16;

/// Whether panels of B have NV_WIDE vectors, or else NV.
static WIDE: AtomicBool = AtomicBool::new(false);

pub fn use_wide_tile(wide: bool) {
    WIDE.store(wide, Relaxed);
}

/// Whether kernels should pack B in panels of NV_WIDE vectors (or else of NV).
pub fn is_tile_wide() -> bool {
    WIDE.load(Relaxed)
}

/// `batch` products of [m, k] and [k, n]: c = a b or c += a b, then the epilogue.
pub struct Product<'a> {
    pub batch: usize,
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub a: Operand<'a>,
    pub b: Operand<'a>,
    pub accumulate: bool,
    pub epilogue: Epilogue<'a>,
}

impl Product<'_> {
    fn multiply_adds(&self) -> usize {
        self.batch.saturating_mul(self.m).saturating_mul(self.n).saturating_mul(self.k)
    }
}

pub fn multiply(product: &Product, c: &mut [f32]) {
    if c.is_empty() {
        return;
    }
    if is_tile_wide() {
        multiply_with::<NV_WIDE>(product, c);
    } else {
        multiply_with::<NV>(product, c);
    }
}

fn multiply_with<const V: usize>(product: &Product, c: &mut [f32]) {
    let threads = if product.multiply_adds() < WORTH_THREADS { 1 } else { threads() };
    let (rows, cols) = tile_size(product, threads);
    let scratch_len = (rows.min(MC).next_multiple_of(MR) + cols.next_multiple_of(V * LANES)) * product.k.min(KC);
    with_scratch(threads * scratch_len, |scratch| {
        if threads == 1 && product.m <= rows && product.n <= cols {
            for (matrix, c) in c.chunks_exact_mut(product.m * product.n).enumerate() {
                fill::<V>(product, Place { matrix, row: 0, col: 0 }, Tile::whole(c, product.n), scratch);
            }
        } else {
            let split = tiles(c, (product.m, product.n), (rows, cols));
            parallel_with_scratch(split, scratch, |_, (place, tile), scratch| fill::<V>(product, place, tile, scratch));
        }
    });
}

/// Rows and columns of the tiles of C: as large as the caches like, small enough to give each thread its share.
fn tile_size(product: &Product, threads: usize) -> (usize, usize) {
    let (mut rows, mut cols) = (product.m.min(TILE_ROWS), product.n.min(NC));
    if threads == 1 {
        return (rows, cols);
    }
    let count = |rows: usize, cols: usize| product.batch * product.m.div_ceil(rows) * product.n.div_ceil(cols);
    while count(rows, cols) < 2 * threads && rows * cols * product.k >= 2 * WORTH_A_TILE {
        if rows >= cols {
            rows = rows.div_ceil(2).next_multiple_of(MR);
        } else {
            cols = cols.div_ceil(2).next_multiple_of(NV_WIDE * LANES);
        }
    }
    (rows, cols)
}

/// Computes one tile of C.
fn fill<const V: usize>(product: &Product, place: Place, mut tile: Tile<f32>, scratch: &mut [f32]) {
    let (a, b) = (product.a.matrix(place.matrix), product.b.matrix(place.matrix));
    let rows = place.row..place.row + tile.rows();
    let cols = place.col..place.col + tile.cols();
    if product.k == 0 && !product.accumulate {
        (0..tile.rows()).for_each(|row| tile.row(row).fill(0.0));
    }
    for from in (0..product.k).step_by(KC) {
        let along = from..product.k.min(from + KC);
        let depth = along.len();
        let add = product.accumulate || from > 0;
        let (b_block, a_block) = scratch.split_at_mut(cols.len().next_multiple_of(V * LANES) * depth);
        let (b_block, a_block) = (steps::<V>(b_block), steps::<1>(a_block));
        b.pack(cols.clone(), along.clone(), b_block);
        for row in rows.clone().step_by(MC) {
            let block_rows = row..rows.end.min(row + MC);
            let a_block = &mut a_block[..block_rows.len().div_ceil(MR) * depth];
            a.pack(block_rows, along.clone(), a_block);
            multiply_panels(a_block, b_block, depth, &mut tile, row - rows.start, add);
        }
    }
    product.epilogue.finish(&mut tile, place.col);
}

/// Scratch memory as the steps of panels.
pub fn steps<const V: usize>(scratch: &mut [f32]) -> &mut [Step<V>] {
    scratch.as_chunks_mut::<LANES>().0.as_chunks_mut::<V>().0
}

/// All panels of A with all panels of B, each `depth` long, into (or added to) the tile's rows from `row` on.
pub fn multiply_panels<const V: usize>(
    a: &[Step<1>],
    b: &[Step<V>],
    depth: usize,
    tile: &mut Tile<f32>,
    row: usize,
    add: bool,
) {
    for (b, col) in b.chunks_exact(depth).zip((0..tile.cols()).step_by(V * LANES)) {
        for (a, row) in a.chunks_exact(depth).zip((row..tile.rows()).step_by(MR)) {
            if row + MR <= tile.rows() && col + V * LANES <= tile.cols() {
                micro_kernel(a, b, tile.block(row, col), add);
            } else {
                multiply_at_edge(a, b, tile, (row, col), add);
            }
        }
    }
}

/// A block that reaches beyond its tile: computed aside, the part inside copied.
fn multiply_at_edge<const V: usize>(
    a: &[Step<1>],
    b: &[Step<V>],
    tile: &mut Tile<f32>,
    (row, col): (usize, usize),
    add: bool,
) {
    let mut block = [[[0.0; LANES]; V]; MR];
    micro_kernel(a, b, block.each_mut(), false);
    for (row, values) in (row..tile.rows()).zip(&block) {
        for (c, value) in tile.row(row)[col..].iter_mut().zip(values.as_flattened()) {
            *c = if add { *c + value } else { *value };
        }
    }
}
