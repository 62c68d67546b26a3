//! Moving elements: copies in other orders, rows by index, conversions, filling, adding up.

use crate::door::{Refusal, kernel};
use crate::machine::memory::Element;
use crate::machine::threads::{chunk_len, chunks, parallel};

kernel! {
    fn fill(len: usize, value: f32;; y: f32[len]) {
        y.fill(value);
    }

    fn copy(len: usize; x: f32[len]; y: f32[len]) {
        y.copy_from_slice(x);
    }

    /// y[i, j, …] = x[offset + i · strides[0] + j · strides[1] + …]: transposes, slices, flips (negative strides) and
    /// repetition (stride 0).
    fn strided_copy(shape: &[u32], strides: &[i32], offset: usize, x_len: usize; x: f32[x_len]; y: f32[volume(shape)]) {
        gather(shape, strides, offset, x, y);
    }

    /// The same for integers.
    fn strided_copy_i32(shape: &[u32], strides: &[i32], offset: usize, x_len: usize;
        x: i32[x_len]; y: i32[volume(shape)]) {
        gather(shape, strides, offset, x, y);
    }

    /// y[offset + i · strides[0] + …] += x[i, …]: the adjoint of `strided_copy`, in the order of x.
    fn strided_add(shape: &[u32], strides: &[i32], offset: usize, y_len: usize; x: f32[volume(shape)]; y: f32[y_len]) {
        for (row, x) in x.chunks(row_len(shape)).enumerate() {
            let (from, stride) = row_start(shape, strides, offset, row);
            for (j, &x) in x.iter().enumerate() {
                y[(from + j as i64 * stride) as usize] += x;
            }
        }
    }

    /// y[offset + i · strides[0] + …] = x[i, …]: writes a block into its place in a larger array.
    fn strided_write(shape: &[u32], strides: &[i32], offset: usize, y_len: usize; x: f32[volume(shape)]; y: f32[y_len]) {
        for (row, x) in x.chunks(row_len(shape)).enumerate() {
            let (from, stride) = row_start(shape, strides, offset, row);
            for (j, &x) in x.iter().enumerate() {
                y[(from + j as i64 * stride) as usize] = x;
            }
        }
    }

    /// y[i] = table[rows[i]]: rows of `cols` numbers.
    fn take_rows_forward(count: usize, table_rows: usize, cols: usize;
        table: f32[table_rows * cols], rows: i32[count]; y: f32[count * cols]) -> Result<(), Refusal> {
        take_rows("takeRows", table_rows, cols, (table, rows), y, |x| x)
    }

    /// dtable[rows[i]] += dy[i], the rows in order: a row taken twice gets both.
    fn take_rows_backward(count: usize, table_rows: usize, cols: usize;
        rows: i32[count], dy: f32[count * cols]; dtable: f32[table_rows * cols]) {
        dtable.fill(0.0);
        if cols == 0 {
            return;
        }
        for (&row, dy) in rows.iter().zip(dy.chunks_exact(cols)) {
            let from = row as usize * cols;
            for (dx, dy) in dtable[from..from + cols].iter_mut().zip(dy) {
                *dx += dy;
            }
        }
    }

    /// Rows of integers by index.
    fn take_rows_i32(count: usize, table_rows: usize, cols: usize;
        table: i32[table_rows * cols], rows: i32[count]; y: i32[count * cols]) -> Result<(), Refusal> {
        take_rows("takeRows", table_rows, cols, (table, rows), y, |x| x)
    }

    /// Rows of bytes by index, as numbers: (byte - shift) / divisor. A division, so that bytes by 255 are the numbers that
    /// NumPy and PyTorch make; a product with 1/255 differs from them for half of the bytes.
    fn take_rows_u8(count: usize, table_rows: usize, cols: usize, shift: f32, divisor: f32;
        table: u8[table_rows * cols], rows: i32[count]; y: f32[count * cols]) -> Result<(), Refusal> {
        take_rows("takeRows", table_rows, cols, (table, rows), y, |x| (f32::from(x) - shift) / divisor)
    }

    /// Toward zero; beyond the range its end, NaN 0.
    fn cast_f32_i32(len: usize; x: f32[len]; y: i32[len]) {
        convert(x, y, |x| x as i32);
    }

    fn cast_i32_f32(len: usize; x: i32[len]; y: f32[len]) {
        convert(x, y, |x| x as f32);
    }

    /// Toward zero; beyond 0..255 its end, NaN 0.
    fn cast_f32_u8(len: usize; x: f32[len]; y: u8[len]) {
        convert(x, y, |x| x as u8);
    }

    fn cast_u8_f32(len: usize; x: u8[len]; y: f32[len]) {
        convert(x, y, f32::from);
    }

    /// 1 where x is not 0; NaN is not 0.
    fn cast_f32_bool(len: usize; x: f32[len]; y: u8[len]) {
        convert(x, y, |x| u8::from(x != 0.0));
    }
}

fn convert<A: Copy, B>(x: &[A], y: &mut [B], to: impl Fn(A) -> B) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = to(x);
    }
}

/// The number of elements of a shape.
fn volume(shape: &[u32]) -> usize {
    shape.iter().map(|&length| length as usize).product()
}

/// The length of the innermost axis, at least 1.
fn row_len(shape: &[u32]) -> usize {
    shape.last().map_or(1, |&length| length as usize).max(1)
}

/// Where row `row` of a strided view begins, and the stride within it.
fn row_start(shape: &[u32], strides: &[i32], offset: usize, row: usize) -> (i64, i64) {
    let Some((&stride, outer)) = strides.split_last() else {
        return (offset as i64, 1);
    };
    let mut at = offset as i64;
    let mut rest = row;
    for (&length, &stride) in shape.iter().zip(outer).rev() {
        at += (rest % length as usize) as i64 * i64::from(stride);
        rest /= length as usize;
    }
    (at, i64::from(stride))
}

fn gather<T: Element>(shape: &[u32], strides: &[i32], offset: usize, x: &[T], y: &mut [T]) {
    assert_eq!(shape.len(), strides.len(), "a stride for each axis");
    let cols = row_len(shape);
    let rows_a_chunk = chunk_len(y.len() / cols, cols, 1);
    parallel(chunks(y, rows_a_chunk * cols), |chunk, y| {
        for (r, y) in y.chunks_exact_mut(cols).enumerate() {
            let (from, stride) = row_start(shape, strides, offset, chunk * rows_a_chunk + r);
            match stride {
                1 => y.copy_from_slice(&x[from as usize..][..cols]),
                0 => y.fill(x[from as usize]),
                _ => {
                    for (j, y) in y.iter_mut().enumerate() {
                        *y = x[(from + j as i64 * stride) as usize];
                    }
                }
            }
        }
    });
}

fn take_rows<A: Element, B: Element>(
    op: &str,
    table_rows: usize,
    cols: usize,
    (table, rows): (&[A], &[i32]),
    y: &mut [B],
    to: impl Fn(A) -> B + Sync,
) -> Result<(), Refusal> {
    if let Some(place) = rows.iter().position(|&row| row < 0 || row as usize >= table_rows) {
        let last = table_rows as i64 - 1;
        return Err(format!("{op}: index {} at place {place} came, expected 0 to {last}", rows[place]));
    }
    if cols == 0 {
        return Ok(());
    }
    let rows_a_chunk = chunk_len(rows.len(), cols, 1);
    parallel(chunks(y, rows_a_chunk * cols), |chunk, y| {
        for (r, y) in y.chunks_exact_mut(cols).enumerate() {
            let from = rows[chunk * rows_a_chunk + r] as usize * cols;
            for (y, &x) in y.iter_mut().zip(&table[from..from + cols]) {
                *y = to(x);
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposes_flips_and_repeats_by_strides() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]; // [[1, 2, 3], [4, 5, 6]]
        let mut y = [0.0; 6];
        strided_copy(&[3, 2], &[1, 3], 0, 6, &x, &mut y);
        assert_eq!(y, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        strided_copy(&[2, 3], &[3, -1], 2, 6, &x, &mut y);
        assert_eq!(y, [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
        strided_copy(&[2, 3], &[1, 0], 0, 6, &x, &mut y);
        assert_eq!(y, [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
        let mut one = [0.0];
        strided_copy(&[], &[], 4, 6, &x, &mut one);
        assert_eq!(one, [5.0]);
        strided_copy(&[2, 0], &[3, 1], 0, 6, &x, &mut []);
    }

    #[test]
    fn the_adjoint_adds_back() {
        let mut y = [0.0; 2];
        strided_add(&[2, 3], &[1, 0], 0, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut y);
        assert_eq!(y, [6.0, 15.0]);
    }

    #[test]
    fn rows_by_index_and_back() {
        let table = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut y = [0.0; 6];
        take_rows_forward(3, 3, 2, &table, &[2, 0, 2], &mut y).unwrap();
        assert_eq!(y, [5.0, 6.0, 1.0, 2.0, 5.0, 6.0]);
        let mut dtable = [9.0; 6];
        take_rows_backward(3, 3, 2, &[2, 0, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut dtable);
        assert_eq!(dtable, [3.0, 4.0, 0.0, 0.0, 6.0, 8.0]);
        let mut bytes = [0.0; 2];
        take_rows_u8(1, 2, 2, 0.0, 255.0, &[1, 2, 0, 255], &[1], &mut bytes).unwrap();
        assert_eq!(bytes, [0.0, 1.0]);
    }

    #[test]
    fn an_index_out_of_range_is_named() {
        let refusal = take_rows_forward(2, 3, 1, &[1.0, 2.0, 3.0], &[0, 3], &mut [0.0; 2]).unwrap_err();
        assert!(refusal.contains("index 3 at place 1 came, expected 0 to 2"), "{refusal}");
    }

    #[test]
    fn n18_casts_saturate_and_nan_is_zero() {
        let x = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3e9, -1.9];
        let (mut i, mut u, mut b) = ([0; 5], [0; 5], [0; 5]);
        cast_f32_i32(5, &x, &mut i);
        cast_f32_u8(5, &x, &mut u);
        cast_f32_bool(5, &x, &mut b);
        assert_eq!(i, [0, i32::MAX, i32::MIN, i32::MAX, -1]);
        assert_eq!(u, [0, 255, 0, 255, 0]);
        assert_eq!(b, [1; 5]);
    }
}
