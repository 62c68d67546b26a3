//! The loops around the micro-kernel, for one thread: a tile of C is filled block by block of k.
//!
//! An item of C is summed over k in blocks of KC, the blocks' sums added in order. Neither the micro-kernel's width nor
//! the cut into tiles of C changes that, so the result depends on no setting and on no number of threads.

use super::microkernel::{MR, MR_FEW, NV_WIDE, Step, micro_kernel};
use super::pack::Pack;
use super::product::Product;
use crate::machine::simd::LANES;
use crate::machine::tiles::{Place, Tile};
use core::sync::atomic::{Ordering::SeqCst, compiler_fence};

/// The longest stretch of k that is summed in one go; it bounds the error, and a panel of B stays in L1.
pub const KC: usize = 256;
/// Rows of a packed block of A: MC x KC items stay in L2, to be read once for each panel of B.
pub const MC: usize = 128;
/// Columns of a packed block of B: the more, the less often A is packed.
const NC: usize = 1024;
/// The same where one block of A serves all columns: B is packed into L1, beside that block, and used from there.
const NC_SMALL: usize = 16;

fn block_cols(rows: usize) -> usize {
    if rows <= MC { NC_SMALL } else { NC }
}

/// The scratch memory, in f32, that `fill` needs for tiles of so many rows and columns.
pub fn scratch_len<const V: usize>(rows: usize, cols: usize, k: usize) -> usize {
    let cols = cols.min(block_cols(rows));
    (rows.min(MC).next_multiple_of(LANES) + cols.next_multiple_of(V * LANES)) * k.min(KC)
}

/// Computes one tile of C, packing A and B on the way.
pub fn fill<const V: usize, A: Pack<1>, B: Pack<V>>(
    product: &Product<A, B>,
    place: Place,
    mut tile: Tile<f32>,
    scratch: &mut [f32],
) {
    let (a, b) = (product.a.matrix(place.matrix), product.b.matrix(place.matrix));
    let nc = block_cols(tile.rows());
    product.begin(&mut tile);
    for from in (0..product.k).step_by(KC) {
        let along = from..product.k.min(from + KC);
        let depth = along.len();
        let add = product.accumulate || from > 0;
        let (a_block, b_block) = scratch.split_at_mut(tile.rows().min(MC).next_multiple_of(LANES) * depth);
        let (a_block, b_block) = (steps::<1>(a_block), steps::<V>(b_block));
        for col in (0..tile.cols()).step_by(nc) {
            let cols = place.col + col..place.col + tile.cols().min(col + nc);
            let b_block = &mut b_block[..cols.len().div_ceil(V * LANES) * depth];
            b.pack(cols, along.clone(), b_block);
            for row in (0..tile.rows()).step_by(MC) {
                let rows = place.row + row..place.row + tile.rows().min(row + MC);
                let a_block = &mut a_block[..rows.len().div_ceil(LANES) * depth];
                // The only block of A is packed for the first columns and stays.
                if col == 0 || tile.rows() > MC {
                    a.pack(rows, along.clone(), a_block);
                }
                multiply_panels(a_block, b_block, depth, &mut tile, (row, col), add);
            }
        }
    }
    product.epilogue.finish(&mut tile, place.col);
}

/// Scratch memory as the steps of panels.
pub fn steps<const V: usize>(scratch: &mut [f32]) -> &mut [Step<V>] {
    scratch.as_chunks_mut::<LANES>().0.as_chunks_mut::<V>().0
}

/// All panels of A with all panels of B, each `depth` long, into (or added to) the tile from (row, col) on.
///
/// A panel of B stays in L1 while all of A, in L2, goes past it. Three panels of A are two blocks of MR rows.
#[inline(never)]
pub fn multiply_panels<const V: usize>(
    a: &[Step<1>],
    b: &[Step<V>],
    depth: usize,
    tile: &mut Tile<f32>,
    (row, col): (usize, usize),
    add: bool,
) {
    for (b, col) in b.chunks_exact(depth).zip((col..).step_by(V * LANES)) {
        let is_wide = col + V * LANES <= tile.cols();
        for (a, row) in a.chunks(3 * depth).zip((row..).step_by(2 * MR)) {
            if is_wide && row + 2 * MR <= tile.rows() && a.len() == 3 * depth {
                let (first, a) = a.split_at(depth);
                let (second, third) = a.split_at(depth);
                micro_kernel::<0, MR, _, V>([first, second], b, tile.block(row, col), add);
                micro_kernel::<{ MR - LANES }, MR, _, V>([second, third], b, tile.block(row + MR, col), add);
                continue;
            }
            for (a, row) in a.chunks_exact(depth).zip((row..).step_by(LANES)) {
                if is_wide && row + LANES <= tile.rows() {
                    micro_kernel::<0, LANES, _, V>([a, &[]], b, tile.block(row, col), add);
                } else {
                    multiply_at_edge(a, b, tile, (row, col), add);
                }
            }
        }
    }
}

/// A block that reaches beyond its tile: computed aside, the part inside copied.
#[inline(never)]
fn multiply_at_edge<const V: usize>(
    a: &[Step<1>],
    b: &[Step<V>],
    tile: &mut Tile<f32>,
    (row, col): (usize, usize),
    add: bool,
) {
    let mut block = [[[0.0; LANES]; V]; LANES];
    if V == NV_WIDE && tile.rows() - row <= MR_FEW {
        let (few, _) = block.split_first_chunk_mut::<MR_FEW>().expect("fewer than a panel has");
        micro_kernel::<0, MR_FEW, _, V>([a, &[]], b, few.each_mut(), false);
    } else {
        micro_kernel::<0, LANES, _, V>([a, &[]], b, block.each_mut(), false);
    }
    for (row, values) in (row..tile.rows()).zip(&block) {
        put(values.as_flattened(), &mut tile.row(row)[col..], add);
    }
}

/// As many values as there is place for. (Out of line, once for all widths.)
#[inline(never)]
fn put(values: &[f32], to: &mut [f32], add: bool) {
    for (c, value) in to.iter_mut().zip(values) {
        // Without the fence the loop becomes a copy of unknown length, a slow call in V8.
        compiler_fence(SeqCst);
        *c = if add { *c + value } else { *value };
    }
}
