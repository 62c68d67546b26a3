//! Rows by index: taken out of a table, added back, and as vectors of one 1.

use crate::door::{Refusal, kernel};
use crate::machine::memory::Element;
use crate::machine::threads::{chunk_len, chunks, parallel};

kernel! {
    /// y[i] = table[rows[i]]: rows of `cols` numbers.
    fn take_rows_forward(count: usize, table_rows: usize, cols: usize;
        table: f32[table_rows * cols], rows: i32[count]; y: f32[count * cols]) -> Result<(), Refusal> {
        take_rows(table_rows, cols, (table, rows), y, |x| x)
    }

    /// dtable[rows[i]] += dy[i], the rows in order: a row taken twice gets both.
    fn take_rows_backward(count: usize, table_rows: usize, cols: usize;
        rows: i32[count], dy: f32[count * cols]; dtable: f32[table_rows * cols]) -> Result<(), Refusal> {
        check_rows("takeRows: index", rows, table_rows)?;
        dtable.fill(0.0);
        for (&row, dy) in rows.iter().zip(dy.chunks_exact(cols.max(1))) {
            let from = row as usize * cols;
            for (dx, dy) in dtable[from..from + cols].iter_mut().zip(dy) {
                *dx += dy;
            }
        }
        Ok(())
    }

    /// Rows of integers by index.
    fn take_rows_i32(count: usize, table_rows: usize, cols: usize;
        table: i32[table_rows * cols], rows: i32[count]; y: i32[count * cols]) -> Result<(), Refusal> {
        take_rows(table_rows, cols, (table, rows), y, |x| x)
    }

    /// Rows of bytes by index, as numbers: (byte - shift) / divisor. A division, so that bytes by 255 are the numbers that
    /// NumPy and PyTorch make; a product with 1/255 differs from them for half of the bytes.
    fn take_rows_u8(count: usize, table_rows: usize, cols: usize, shift: f32, divisor: f32;
        table: u8[table_rows * cols], rows: i32[count]; y: f32[count * cols]) -> Result<(), Refusal> {
        take_rows(table_rows, cols, (table, rows), y, |x| (f32::from(x) - shift) / divisor)
    }

    /// y[i, j] = 1 where j is labels[i], else 0.
    fn one_hot(rows: usize, classes: usize; labels: i32[rows]; y: f32[rows * classes]) -> Result<(), Refusal> {
        check_rows("oneHot: label", labels, classes)?;
        y.fill(0.0);
        for (&label, y) in labels.iter().zip(y.chunks_exact_mut(classes.max(1))) {
            y[label as usize] = 1.0;
        }
        Ok(())
    }
}

fn check_rows(what: &str, rows: &[i32], count: usize) -> Result<(), Refusal> {
    let Some(place) = rows.iter().position(|&row| row < 0 || row as usize >= count) else {
        return Ok(());
    };
    if count == 0 {
        return Err(format!("{what} {} at place {place} came, but there is nothing to choose from", rows[place]));
    }
    Err(format!("{what} {} at place {place} came, expected 0 to {}", rows[place], count - 1))
}

fn take_rows<A: Element, B: Element>(
    table_rows: usize,
    cols: usize,
    (table, rows): (&[A], &[i32]),
    y: &mut [B],
    to: impl Fn(A) -> B + Sync,
) -> Result<(), Refusal> {
    check_rows("takeRows: index", rows, table_rows)?;
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
    fn rows_by_index_and_back() {
        let table = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut y = [0.0; 6];
        take_rows_forward(3, 3, 2, &table, &[2, 0, 2], &mut y).unwrap();
        assert_eq!(y, [5.0, 6.0, 1.0, 2.0, 5.0, 6.0]);
        let mut dtable = [9.0; 6];
        take_rows_backward(3, 3, 2, &[2, 0, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut dtable).unwrap();
        assert_eq!(dtable, [3.0, 4.0, 0.0, 0.0, 6.0, 8.0]);
        let mut integers = [0; 2];
        take_rows_i32(2, 3, 1, &[7, 8, 9], &[2, 1], &mut integers).unwrap();
        assert_eq!(integers, [9, 8]);
    }

    #[test]
    fn every_byte_by_255_is_numpys() {
        // NumPy: x.astype(float32) / 255, a division rounded once.
        let table: Vec<u8> = (0..=255).collect();
        let mut y = vec![9.0; 256];
        take_rows_u8(1, 1, 256, 0.0, 255.0, &table, &[0], &mut y).unwrap();
        assert!(y.iter().zip(&table).all(|(&y, &x)| y == (f64::from(x) / 255.0) as f32));
        take_rows_u8(1, 2, 2, 128.0, 64.0, &[0, 0, 0, 255], &[1], &mut y[..2]).unwrap();
        assert_eq!(y[..2], [-2.0, 127.0 / 64.0]);
    }

    #[test]
    fn an_index_out_of_range_is_named() {
        let refusal = take_rows_forward(2, 3, 1, &[1.0, 2.0, 3.0], &[0, 3], &mut [0.0; 2]).unwrap_err();
        assert!(refusal.contains("index 3 at place 1 came, expected 0 to 2"), "{refusal}");
        let refusal = take_rows_backward(1, 3, 1, &[-1], &[1.0], &mut [0.0; 3]).unwrap_err();
        assert!(refusal.contains("index -1 at place 0 came, expected 0 to 2"), "{refusal}");
        assert!(take_rows_forward(1, 0, 2, &[], &[0], &mut [0.0; 2]).unwrap_err().contains("nothing to choose from"));
        assert!(one_hot(1, 2, &[2], &mut [0.0; 2]).unwrap_err().contains("label 2 at place 0"));
    }

    #[test]
    fn t01_no_rows_and_rows_of_nothing() {
        take_rows_forward(0, 3, 2, &[0.0; 6], &[], &mut []).unwrap();
        take_rows_forward(2, 3, 0, &[], &[1, 2], &mut []).unwrap();
        take_rows_backward(2, 3, 0, &[1, 2], &[], &mut []).unwrap();
        one_hot(0, 0, &[], &mut []).unwrap();
    }

    #[test]
    fn labels_as_vectors() {
        let mut y = [9.0; 6];
        one_hot(2, 3, &[2, 0], &mut y).unwrap();
        assert_eq!(y, [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    }
}
