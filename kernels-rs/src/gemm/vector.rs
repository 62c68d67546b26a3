//! A vector times a matrix that lies row by row: read where it lies, once. Packing would read it, write it and read it again,
//! with nothing to win: each item is used once.

use super::blocking::KC;
use super::pack::Operand;
use super::product::{Plan, Product};
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::parallel;
use crate::machine::tiles::{Place, Tile, tiles};
use core::ops::Range;

/// Vectors of sums that stay in registers while all rows go past: as many lie in two cache lines.
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
        let mut col = place.col;
        let (wide, left) = tile.row(0).as_chunks_mut::<LANES>().0.as_chunks_mut::<WIDE>();
        for c in wide {
            multiply_columns(&a, &b, along.clone(), col, c, add);
            col += WIDE * LANES;
        }
        for c in left {
            multiply_columns(&a, &b, along.clone(), col, core::array::from_mut(c), add);
            col += LANES;
        }
        for c in tile.row(0).as_chunks_mut::<LANES>().1 {
            multiply_column(&a, &b, along.clone(), col, c, add);
            col += 1;
        }
    }
    product.epilogue.finish(&mut tile, place.col);
}

/// V vectors of columns from `col` on.
#[inline(never)]
fn multiply_columns<const V: usize>(
    a: &Operand,
    b: &Operand,
    along: Range<usize>,
    col: usize,
    c: &mut [[f32; LANES]; V],
    add: bool,
) {
    let mut sums = [F32x4::ZERO; V];
    for p in along {
        let factor = F32x4::splat(a.item(0, p));
        for (sum, b) in sums.iter_mut().zip(b.row(p, col, V * LANES).as_chunks().0) {
            *sum = factor.madd(F32x4::load(b), *sum);
        }
    }
    for (c, sum) in c.iter_mut().zip(sums) {
        if add { F32x4::load(c) + sum } else { sum }.store(c);
    }
}

/// One of the last columns, by the same operations.
fn multiply_column(a: &Operand, b: &Operand, along: Range<usize>, col: usize, c: &mut f32, add: bool) {
    let mut sum = F32x4::ZERO;
    for p in along {
        sum = F32x4::splat(a.item(0, p)).madd(F32x4::splat(b.item(col, p)), sum);
    }
    let [sum, ..] = sum.to_array();
    *c = if add { *c + sum } else { sum };
}
