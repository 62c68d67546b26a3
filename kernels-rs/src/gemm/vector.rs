//! A vector times a matrix that lies row by row: read where it lies, once. Packing would read it, write it and read it again,
//! with nothing to win: each item is used once.

use super::blocking::KC;
use super::product::{Plan, Product};
use crate::buffers::with_scratch;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::parallel_with_scratch;
use crate::machine::tiles::{Place, Tile, tiles};

/// Columns whose sums stay in L1 while rows of B go past.
const MOST_COLUMNS: usize = 2048;
/// Rows of B that go past at once: a sum is loaded and stored once for so many products.
const ROWS: usize = 4;

pub fn is_for(product: &Product) -> bool {
    product.m == 1 && product.b.lies_across()
}

/// The bits are those of packed products: each sum is taken in the same order, in blocks of KC.
pub fn multiply(plan: Plan, threads: usize, product: &Product, c: &mut [f32]) {
    let n = product.n;
    if plan == Plan::Alone {
        with_scratch(n.min(MOST_COLUMNS), |scratch| {
            for (matrix, c) in c.chunks_exact_mut(n).enumerate() {
                fill(product, Place { matrix, row: 0, col: 0 }, Tile::whole(c, n), scratch);
            }
        });
    } else {
        let (_, cols) = product.tile_size((1, MOST_COLUMNS), threads);
        with_scratch(threads * cols, |scratch| {
            parallel_with_scratch(tiles(c, (1, n), (1, cols)), scratch, |_, (place, tile), scratch| {
                fill(product, place, tile, scratch);
            });
        });
    }
}

fn fill(product: &Product, place: Place, mut tile: Tile<f32>, scratch: &mut [f32]) {
    let (a, b) = (product.a.matrix(place.matrix), product.b.matrix(place.matrix));
    product.begin(&mut tile);
    for col in (0..tile.cols()).step_by(MOST_COLUMNS) {
        let cols = MOST_COLUMNS.min(tile.cols() - col);
        let sums = &mut scratch[..cols];
        for from in (0..product.k).step_by(KC) {
            sums.fill(0.0);
            let to = product.k.min(from + KC);
            let whole = from + (to - from) / ROWS * ROWS;
            for p in (from..whole).step_by(ROWS) {
                let rows: [_; ROWS] = core::array::from_fn(|r| (a.item(0, p + r), b.row(p + r, place.col + col, cols)));
                add_rows(rows, sums);
            }
            for p in whole..to {
                add_rows([(a.item(0, p), b.row(p, place.col + col, cols))], sums);
            }
            let add = product.accumulate || from > 0;
            for (c, &sum) in tile.row(0)[col..].iter_mut().zip(&*sums) {
                *c = if add { *c + sum } else { sum };
            }
        }
    }
    product.epilogue.finish(&mut tile, place.col);
}

/// Adds each row, times its factor, to the sums, in order.
#[inline(never)]
fn add_rows<const R: usize>(rows: [(f32, &[f32]); R], sums: &mut [f32]) {
    let factors = rows.map(|(factor, _)| F32x4::splat(factor));
    let (sums, sums_left) = sums.as_chunks_mut::<LANES>();
    let (vectors, left): ([_; R], [_; R]) = {
        let parts = rows.map(|(_, row)| row.as_chunks::<LANES>());
        (parts.map(|(vectors, _)| &vectors[..sums.len()]), parts.map(|(_, left)| &left[..sums_left.len()]))
    };
    for (at, sums) in sums.iter_mut().enumerate() {
        let mut sum = F32x4::load(sums);
        for (factor, row) in factors.iter().zip(&vectors) {
            sum = factor.madd(F32x4::load(&row[at]), sum);
        }
        sum.store(sums);
    }
    for (at, sum) in sums_left.iter_mut().enumerate() {
        let mut last = F32x4::splat(*sum);
        for (factor, row) in factors.iter().zip(&left) {
            last = factor.madd(F32x4::splat(row[at]), last);
        }
        *sum = last.to_array()[0];
    }
}
