//! What a product is, and who computes it: one thread, or all of them, packing apart or together.

use super::blocking::{KC, MC, fill, multiply_panels, scratch_len, steps};
use super::epilogue::Epilogue;
use super::microkernel::{MR, MR_FEW, NV, NV_WIDE};
use super::pack::{Operand, Pack};
use super::vector;
use crate::buffers::with_scratch;
use crate::machine::simd::LANES;
use crate::machine::threads::{Both, Either, chunks, parallel, parallel_with_scratch, threads};
use crate::machine::tiles::{Place, Tile, tiles};
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Multiply-adds below which a product stays on the calling thread, and the least that a tile of C is worth.
const WORTH_THREADS: usize = 1 << 19;
const WORTH_A_TILE: usize = 1 << 16;
/// Multiply-adds of a tile at most: some 50 ms.
const MOST_A_TILE: usize = 1 << 30;
/// Rows and columns up to which one tile for each thread is enough: to cut it again for a better balance would cost more,
/// as each half packs the uncut side.
const SMALL_TILE: usize = 128;
/// Columns of a tile whose operands are packed together: KC x NC_TOGETHER items stay in L2 or near it.
const NC_TOGETHER: usize = 256;
/// Rows of A up to which each thread packs what its tiles need: hardly any of B is packed twice, and all of it stays in the
/// caches of the thread that uses it.
const FEW_ROWS: usize = 2 * MC;
/// Items that A and B have at most to be packed together.
const MOST_TOGETHER: usize = 4 << 20;

/// Whether panels of B have NV_WIDE vectors, or else NV.
static WIDE: AtomicBool = AtomicBool::new(false);

pub fn use_wide_tile(wide: bool) {
    WIDE.store(wide, Relaxed);
}

/// For tests that set the tile, which is one for the process: one at a time.
#[cfg(test)]
pub fn with_tile_held<R>(work: impl FnOnce() -> R) -> R {
    static HELD: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _held = HELD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let result = work();
    use_wide_tile(false);
    result
}

/// Whether kernels should pack B in panels of NV_WIDE vectors (or else of NV).
pub fn is_tile_wide() -> bool {
    WIDE.load(Relaxed)
}

/// `batch` products of [m, k] and [k, n]: c = a b or c += a b, then the epilogue.
pub struct Product<'a, A = Operand<'a>, B = Operand<'a>> {
    pub batch: usize,
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub a: A,
    pub b: B,
    pub accumulate: bool,
    pub epilogue: Epilogue<'a>,
}

impl<A, B> Product<'_, A, B> {
    /// Whether other threads are worth waking.
    pub fn is_worth_threads(&self, products: usize) -> bool {
        [self.batch, self.m, self.n, self.k].into_iter().fold(products, usize::saturating_mul) >= WORTH_THREADS
    }

    /// A sum over no items is 0.
    pub fn begin(&self, tile: &mut Tile<f32>) {
        if self.k == 0 && !self.accumulate {
            (0..tile.rows()).for_each(|row| tile.row(row).fill(0.0));
        }
    }

    /// Rows and columns of the tiles of C: no larger than `most`, small enough to give each thread its share and to be done
    /// long before the pool takes a thread for dead.
    pub fn tile_size(&self, most: (usize, usize), threads: usize) -> (usize, usize) {
        const NR: usize = NV_WIDE * LANES;
        let (mut rows, mut cols) = (self.m.min(most.0), self.n.min(most.1));
        loop {
            let count = self.batch.saturating_mul(self.m.div_ceil(rows) * self.n.div_ceil(cols));
            let work = (rows * cols).saturating_mul(self.k);
            let is_shared_out = count >= 2 * threads || (count >= threads && rows.max(cols) <= SMALL_TILE);
            if work < 2 * WORTH_A_TILE || (is_shared_out && work <= MOST_A_TILE) {
                break;
            }
            if rows > LANES && (rows >= cols || cols <= NR) {
                // Whole blocks, where there are enough of them to share out.
                rows = rows.div_ceil(2).next_multiple_of(if rows > 8 * MR { 2 * MR } else { LANES });
            } else if cols > NR {
                cols = cols.div_ceil(2).next_multiple_of(NR);
            } else {
                break;
            }
        }
        (rows, cols)
    }
}

/// A matrix times a vector as the vector times the transposed matrix, which is computed 16 rows at a time.
fn turned<'a>(product: &Product<'a>, bias: &'a [f32]) -> Product<'a> {
    let epilogue = Epilogue { bias, ..product.epilogue };
    Product { m: 1, n: product.m, a: product.b, b: product.a, epilogue, ..*product }
}

/// Who computes a product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plan {
    /// The calling thread.
    Alone,
    /// All threads, each packing what its tiles need.
    Apart,
    /// All threads, which first pack A and B together (one product, not a batch).
    Together,
}

fn choose(product: &Product, threads: usize) -> Plan {
    // A vector times a matrix waits for memory: a product takes several times as long as elsewhere.
    let weight = if vector::is_for(product) { 4 } else { 1 };
    if threads == 1 || !product.is_worth_threads(weight) {
        Plan::Alone
    } else if product.batch == 1
        && product.m > FEW_ROWS
        && (product.m + product.n).saturating_mul(product.k) <= MOST_TOGETHER
    {
        Plan::Together
    } else {
        Plan::Apart
    }
}

pub fn multiply(product: &Product, c: &mut [f32]) {
    let threads = threads();
    if product.n == 1 && product.m > 1 {
        let bias: Vec<f32> = product.epilogue.bias.iter().flat_map(|&bias| vec![bias; product.m]).collect();
        let turned = turned(product, &bias);
        multiply_by(choose(&turned, threads), threads, &turned, c);
    } else {
        multiply_by(choose(product, threads), threads, product, c);
    }
}

/// Multiplies by the given plan, C cut for so many threads.
pub fn multiply_by(plan: Plan, threads: usize, product: &Product, c: &mut [f32]) {
    if c.is_empty() {
        return;
    }
    if vector::is_for(product) {
        vector::multiply(plan, threads, product, c);
    } else if is_tile_wide() || product.m <= MR_FEW {
        multiply_with::<NV_WIDE>(plan, threads, product, c);
    } else {
        multiply_with::<NV>(plan, threads, product, c);
    }
}

fn multiply_with<const V: usize>(plan: Plan, threads: usize, product: &Product, c: &mut [f32]) {
    let (m, n) = (product.m, product.n);
    match plan {
        Plan::Alone => with_scratch(scratch_len::<V>(m, n, product.k), |scratch| {
            for (matrix, c) in c.chunks_exact_mut(m * n).enumerate() {
                fill::<V, _, _>(product, Place { matrix, row: 0, col: 0 }, Tile::whole(c, n), scratch);
            }
        }),
        Plan::Apart => {
            let (rows, cols) = product.tile_size((m, n), threads);
            with_scratch(threads * scratch_len::<V>(rows, cols, product.k), |scratch| {
                parallel_with_scratch(tiles(c, (m, n), (rows, cols)), scratch, |_, (place, tile), scratch| {
                    fill::<V, _, _>(product, place, tile, scratch)
                });
            });
        }
        Plan::Together => multiply_together::<V>(threads, product, c),
    }
}

/// All threads pack A and B, each item once, then fill the tiles of C.
///
/// The packed operands lie as `[block of k][tile's rows or columns][panel][p]`.
fn multiply_together<const V: usize>(threads: usize, product: &Product, c: &mut [f32]) {
    let (m, n, k) = (product.m, product.n, product.k);
    let (rows, cols) = product.tile_size((MC, NC_TOGETHER), threads);
    let (down, across, blocks) = (m.div_ceil(rows), n.div_ceil(cols), k.div_ceil(KC));
    let a_len = rows.div_ceil(LANES) * k.min(KC);
    let b_len = cols.div_ceil(V * LANES) * k.min(KC);
    let along = |block: usize| block * KC..k.min((block + 1) * KC);
    with_scratch(blocks * (down * a_len * LANES + across * b_len * V * LANES), |scratch| {
        let (a_packed, b_packed) = scratch.split_at_mut(blocks * down * a_len * LANES);
        let (a_packed, b_packed) = (steps::<1>(a_packed), steps::<V>(b_packed));
        parallel(Both(chunks(a_packed, a_len.max(1)), chunks(b_packed, b_len.max(1))), |_, piece| match piece {
            Either::First(index, out) => {
                let row = index % down * rows;
                product.a.pack(row..m.min(row + rows), along(index / down), out);
            }
            Either::Second(index, out) => {
                let col = index % across * cols;
                product.b.pack(col..n.min(col + cols), along(index / across), out);
            }
        });
        let (a_packed, b_packed) = (&*a_packed, &*b_packed);
        parallel(tiles(c, (m, n), (rows, cols)), |_, (place, mut tile)| {
            product.begin(&mut tile);
            for block in 0..blocks {
                let depth = along(block).len();
                let a = &a_packed[(block * down + place.row / rows) * a_len..][..tile.rows().div_ceil(LANES) * depth];
                let b = &b_packed[(block * across + place.col / cols) * b_len..];
                let b = &b[..tile.cols().div_ceil(V * LANES) * depth];
                multiply_panels(a, b, depth, &mut tile, (0, 0), product.accumulate || block > 0);
            }
            product.epilogue.finish(&mut tile, place.col);
        });
    });
}
