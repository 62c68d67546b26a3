//! A vector times a matrix that lies row by row: read where it lies, once. Packing would read it, write it and read it again,
//! with nothing to win: each item is used once.

use super::blocking::KC;
use super::pack::{Operand, RowsInOrder};
use super::product::{Plan, Product};
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::parallel;
use crate::machine::tiles::{Place, Tile, tiles};
use core::ops::Range;

/// Columns whose sums lie in the first-level cache while the rows go past.
const COLUMNS: usize = 512;
/// Rows that are read side by side: few enough that their pages, and what comes next in each, are known to the core. Down
/// all rows of a large matrix, each item would be on a page of its own.
const ROWS: usize = 32;
/// Vectors of sums that stay in registers while those rows go past: as many lie in two cache lines.
const WIDE: usize = 8;

pub fn is_for(product: &Product) -> bool {
    product.m == 1 && product.b.lies_across()
}

/// The bits are those of packed products: each sum is taken in the same order, in blocks of KC.
pub fn multiply(plan: Plan, threads: usize, product: &Product, c: &mut [f32]) {
    let n = product.n;
    if plan == Plan::Alone {
        for (matrix, c) in c.chunks_exact_mut(n).enumerate() {
            fill(product, Place { matrix, row: 0, col: 0 }, Tile::whole(c, n));
        }
    } else {
        let size = product.tile_size((1, n), threads);
        parallel(tiles(c, (1, n), size), |_, (place, tile)| fill(product, place, tile));
    }
}

fn fill(product: &Product, place: Place, mut tile: Tile<f32>) {
    let (a, b) = (product.a.matrix(place.matrix), product.b.matrix(place.matrix));
    product.begin(&mut tile);
    for from in (0..product.k).step_by(KC) {
        let along = from..product.k.min(from + KC);
        let add = product.accumulate || from > 0;
        for (block, c) in tile.row(0).chunks_mut(COLUMNS).enumerate() {
            multiply_columns(&a, &b, along.clone(), place.col + block * COLUMNS, c, add);
        }
    }
    product.epilogue.finish(&mut tile, place.col);
}

/// The columns of `c`, the first of which is column `col` of B.
#[inline(never)]
fn multiply_columns(a: &Operand, b: &Operand, along: Range<usize>, col: usize, c: &mut [f32], add: bool) {
    let mut sums = [0.0; COLUMNS];
    let sums = &mut sums[..c.len()];
    for from in along.clone().step_by(ROWS) {
        let mut factors = [0.0; ROWS];
        let factors = &mut factors[..ROWS.min(along.end - from)];
        for (p, factor) in (from..).zip(factors.iter_mut()) {
            *factor = a.item(0, p);
        }
        let rows = |at: usize| b.rows(from, col + at);
        let (body, rest) = sums.as_chunks_mut::<LANES>();
        let (wide, left) = body.as_chunks_mut::<WIDE>();
        let mut at = 0;
        for sums in wide {
            add_rows(factors, rows(at), sums);
            at += WIDE * LANES;
        }
        for sums in left {
            add_rows(factors, rows(at), core::array::from_mut(sums));
            at += LANES;
        }
        for sum in rest {
            add_column(factors, rows(at), sum);
            at += 1;
        }
    }
    for (c, sum) in c.iter_mut().zip(sums) {
        *c = if add { *c + *sum } else { *sum };
    }
}

/// Adds to V vectors of sums their items of each row, in order.
#[inline(always)]
fn add_rows<const V: usize>(factors: &[f32], mut rows: RowsInOrder, sums: &mut [[f32; LANES]; V]) {
    let mut held = sums.each_ref().map(F32x4::load);
    for &factor in factors {
        let factor = F32x4::splat(factor);
        for (sum, b) in held.iter_mut().zip(rows.next(V * LANES).as_chunks().0) {
            *sum = factor.madd(F32x4::load(b), *sum);
        }
    }
    for (sum, held) in sums.iter_mut().zip(held) {
        held.store(sum);
    }
}

/// One of the last columns, by the same operations.
fn add_column(factors: &[f32], mut rows: RowsInOrder, sum: &mut f32) {
    let mut held = F32x4::splat(*sum);
    for &factor in factors {
        held = F32x4::splat(factor).madd(F32x4::splat(rows.next(1)[0]), held);
    }
    [*sum, ..] = held.to_array();
}
