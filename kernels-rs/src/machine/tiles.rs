//! Row-major matrices split into tiles: rectangles of rows and columns that threads write at once.

use super::threads::Split;
use core::marker::PhantomData;

/// A rectangle of a row-major matrix, to write.
pub struct Tile<'a, T> {
    start: *mut T,
    rows: usize,
    cols: usize,
    /// Items from one row to the next.
    stride: usize,
    matrix: PhantomData<&'a mut [T]>,
}

impl<'a, T> Tile<'a, T> {
    /// The whole of a matrix of `cols` columns.
    pub fn whole(matrix: &'a mut [T], cols: usize) -> Tile<'a, T> {
        let rows = matrix.len().checked_div(cols).unwrap_or(0);
        Tile { start: matrix.as_mut_ptr(), rows, cols, stride: cols, matrix: PhantomData }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn cols(&self) -> usize {
        self.cols
    }

    pub fn row(&mut self, row: usize) -> &mut [T] {
        assert!(row < self.rows, "row {row} of a tile of {} rows", self.rows);
        // SAFETY: the row lies in the tile (asserted), the tile in an exclusively borrowed matrix that no other tile covers.
        unsafe { core::slice::from_raw_parts_mut(self.start.add(row * self.stride), self.cols) }
    }

    /// `R` rows of the tile by `V` times `L` columns, from (row, col) on.
    #[inline(always)]
    pub fn block<const R: usize, const V: usize, const L: usize>(
        &mut self,
        row: usize,
        col: usize,
    ) -> [&mut [[T; L]; V]; R] {
        self.comb((row, 1), col)
    }

    /// As `block`, of every `step`th row from `row` on.
    #[inline(always)]
    pub fn comb<const R: usize, const V: usize, const L: usize>(
        &mut self,
        (row, step): (usize, usize),
        col: usize,
    ) -> [&mut [[T; L]; V]; R] {
        let is_inside = row + (R - 1) * step < self.rows && col + V * L <= self.cols;
        assert!(step > 0 && is_inside, "a block beyond its tile");
        // SAFETY: the block lies in the tile (asserted), its rows are disjoint since a row is no longer than the stride,
        // and the tile is borrowed exclusively while they live.
        core::array::from_fn(|r| unsafe { &mut *self.start.add((row + r * step) * self.stride + col).cast() })
    }
}

/// Matrices that lie one behind the other, to be handed out tile by tile.
pub struct Tiles<'a, T> {
    start: *mut T,
    matrices: usize,
    rows: usize,
    cols: usize,
    tile_rows: usize,
    tile_cols: usize,
    slice: PhantomData<&'a mut [T]>,
}

/// What a tile covers: columns `col..` of rows `row..` of a matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub matrix: usize,
    pub row: usize,
    pub col: usize,
}

/// `slice` as matrices of `rows` by `cols`, in tiles of `tile_rows` by `tile_cols`, smaller at the lower and right edge.
pub fn tiles<T>(slice: &mut [T], (rows, cols): (usize, usize), (tile_rows, tile_cols): (usize, usize)) -> Tiles<'_, T> {
    assert!(tile_rows > 0 && tile_cols > 0, "tiles of no items");
    let each = rows.checked_mul(cols).expect("a matrix that memory can hold");
    let matrices = slice.len().checked_div(each).unwrap_or(0);
    Tiles { start: slice.as_mut_ptr(), matrices, rows, cols, tile_rows, tile_cols, slice: PhantomData }
}

impl<T> Tiles<'_, T> {
    fn place(&self, index: usize) -> Place {
        let (down, across) = (self.rows.div_ceil(self.tile_rows), self.cols.div_ceil(self.tile_cols));
        let (matrix, index) = (index / (down * across), index % (down * across));
        Place { matrix, row: index / across * self.tile_rows, col: index % across * self.tile_cols }
    }
}

// SAFETY: `Split::piece` hands out disjoint parts of an exclusively borrowed slice.
unsafe impl<T: Send> Sync for Tiles<'_, T> {}

// SAFETY: tile (matrix, i, j) covers rows from i·tile_rows and columns from j·tile_cols, up to the next tile's, and no other.
unsafe impl<'a, T: Send> Split for Tiles<'a, T> {
    type Piece = (Place, Tile<'a, T>);

    fn count(&self) -> usize {
        self.matrices * self.rows.div_ceil(self.tile_rows) * self.cols.div_ceil(self.tile_cols)
    }

    unsafe fn piece(&self, index: usize) -> Self::Piece {
        let place = self.place(index);
        let tile = Tile {
            // SAFETY: index < count(), so the place lies in the slice.
            start: unsafe { self.start.add((place.matrix * self.rows + place.row) * self.cols + place.col) },
            rows: self.tile_rows.min(self.rows - place.row),
            cols: self.tile_cols.min(self.cols - place.col),
            stride: self.cols,
            matrix: PhantomData,
        };
        (place, tile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::threads::parallel;

    #[test]
    fn the_tiles_cover_each_item_once() {
        let mut two = vec![0usize; 2 * 5 * 7];
        parallel(tiles(&mut two, (5, 7), (2, 3)), |index, (place, mut tile)| {
            for row in 0..tile.rows() {
                for (col, item) in tile.row(row).iter_mut().enumerate() {
                    *item += 1000 * (index + 1) + (place.matrix * 5 + place.row + row) * 7 + place.col + col;
                }
            }
        });
        assert!(two.iter().enumerate().all(|(at, item)| item % 1000 == at));
        // The last tile of 2 x 3 x 3 is one row by one column.
        assert_eq!((two[69] / 1000, two[68] / 1000, two[62] / 1000), (18, 17, 15));
    }

    #[test]
    fn a_block_is_rows_of_equal_columns() {
        let mut matrix: Vec<usize> = (0..20).collect();
        let mut tile = Tile::whole(&mut matrix, 5);
        assert_eq!(tile.block::<2, 1, 3>(1, 2), [&mut [[7, 8, 9]], &mut [[12, 13, 14]]]);
        assert_eq!(tile.block::<1, 2, 2>(3, 0), [&mut [[15, 16], [17, 18]]]);
        assert_eq!(tile.comb::<2, 1, 2>((1, 2), 3), [&mut [[8, 9]], &mut [[18, 19]]]);
    }

    #[test]
    #[should_panic(expected = "beyond its tile")]
    fn a_block_beyond_the_tile_is_refused() {
        Tile::whole(&mut [0; 20], 5).block::<2, 3, 1>(1, 3);
    }

    #[test]
    #[should_panic(expected = "beyond its tile")]
    fn a_comb_beyond_the_tile_is_refused() {
        Tile::whole(&mut [0; 20], 5).comb::<2, 1, 1>((1, 3), 0);
    }

    #[test]
    fn nothing_to_cover_gives_no_tiles() {
        assert_eq!(tiles::<f32>(&mut [], (0, 4), (2, 2)).count(), 0);
        assert_eq!(tiles::<f32>(&mut [], (4, 0), (2, 2)).count(), 0);
    }
}
