//! Sums, means, sums of squares and running sums.
//!
//! All go through f64: the sum of f32 numbers is then as good as exact, and the order of the additions, which is fixed
//! all the same (lanes, then blocks of a fixed length, then the blocks in order), does not show.

use super::View;
use crate::door::kernel;
use crate::machine::threads::{chunk_len, chunks, parallel};

/// Elements of one block when a long sum is cut up.
const BLOCK: usize = 1 << 14;

kernel! {
    /// y[o, i] = Σ x[o, ·, i].
    fn sum_forward(outer: usize, length: usize, inner: usize; x: f32[outer * length * inner]; y: f32[outer * inner]) {
        sums(View::new(outer, length, inner), x, y, |sum| sum as f32, f64::from);
    }

    /// y[o, i] = Σ x[o, ·, i] / length, rounded once; NaN where the length is 0.
    fn mean_forward(outer: usize, length: usize, inner: usize; x: f32[outer * length * inner]; y: f32[outer * inner]) {
        sums(View::new(outer, length, inner), x, y, |sum| (sum / length as f64) as f32, f64::from);
    }

    /// y[o, i] = Σ x[o, ·, i]².
    fn sum_squares_forward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; y: f32[outer * inner]) {
        sums(View::new(outer, length, inner), x, y, |sum| sum as f32, |x| f64::from(x) * f64::from(x));
    }

    /// y[o, j, i] = Σ x[o, ..=j, i]; in reverse (the gradient of the former) Σ x[o, j.., i].
    fn cumsum(outer: usize, length: usize, inner: usize, reverse: bool;
        x: f32[outer * length * inner]; y: f32[outer * length * inner]) {
        let size = (length * inner).max(1);
        let slabs = chunk_len(outer, size, 1);
        parallel(chunks(y, slabs * size), |chunk, y| {
            for (o, y) in y.chunks_exact_mut(size).enumerate() {
                running_sums(inner, reverse, &x[(chunk * slabs + o) * size..][..size], y);
            }
        });
    }

    /// How many of two rows of integers are equal, place by place.
    fn count_equal(len: usize; a: i32[len], b: i32[len]; count: i32[1]) {
        count[0] = a.iter().zip(b).filter(|(a, b)| a == b).count() as i32;
    }
}

fn running_sums(inner: usize, reverse: bool, x: &[f32], y: &mut [f32]) {
    let length = x.len() / inner;
    for i in 0..inner {
        let mut sum = 0.0;
        for step in 0..length {
            let at = if reverse { length - 1 - step } else { step } * inner + i;
            sum += f64::from(x[at]);
            y[at] = sum as f32;
        }
    }
}

fn sums(
    view: View,
    x: &[f32],
    y: &mut [f32],
    finish: impl Fn(f64) -> f32 + Sync,
    term: impl Fn(f32) -> f64 + Sync + Copy,
) {
    let View { outer, length, inner } = view;
    if inner == 1 && outer == 1 {
        y[0] = finish(long_sum(x, term));
    } else if inner == 1 {
        let rows = chunk_len(outer, length, 1);
        parallel(chunks(y, rows), |chunk, y| {
            for (r, y) in y.iter_mut().enumerate() {
                *y = finish(block_sum(view.slab(x, chunk * rows + r), term));
            }
        });
    } else if outer == 1 && length * inner > 2 * BLOCK {
        tall_column_sums(inner, x, y, finish, term);
    } else {
        let slabs = chunk_len(outer, length * inner, 1);
        parallel(chunks(y, (slabs * inner).max(1)), |chunk, y| {
            let mut sums = vec![0.0; inner];
            for (o, y) in y.chunks_exact_mut(inner).enumerate() {
                sums.fill(0.0);
                column_sums(view.slab(x, chunk * slabs + o), &mut sums, term);
                y.iter_mut().zip(&sums).for_each(|(y, &sum)| *y = finish(sum));
            }
        });
    }
}

/// Adds the terms of each row of `x` to `sums`, one a column.
fn column_sums(x: &[f32], sums: &mut [f64], term: impl Fn(f32) -> f64) {
    for row in x.chunks_exact(sums.len().max(1)) {
        for (sum, &x) in sums.iter_mut().zip(row) {
            *sum += term(x);
        }
    }
}

/// Column sums of many rows: bands of rows on all threads, then the bands' sums in order.
fn tall_column_sums(
    inner: usize,
    x: &[f32],
    y: &mut [f32],
    finish: impl Fn(f64) -> f32,
    term: impl Fn(f32) -> f64 + Sync + Copy,
) {
    // Bands of at least a block, and few enough that their sums are little beside the input.
    let rows = x.len() / inner;
    let band = BLOCK.div_ceil(inner).max(rows.div_ceil(64));
    let mut partial = vec![0.0; rows.div_ceil(band) * inner];
    parallel(chunks(&mut partial, inner), |b, sums| {
        let from = b * band * inner;
        column_sums(&x[from..x.len().min(from + band * inner)], sums, term);
    });
    let (total, rest) = partial.split_at_mut(inner);
    for sums in rest.chunks_exact(inner) {
        total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
    }
    y.iter_mut().zip(total).for_each(|(y, sum)| *y = finish(*sum));
}

/// The sum of one long row: blocks on all threads, then the blocks' sums in order.
fn long_sum(x: &[f32], term: impl Fn(f32) -> f64 + Sync + Copy) -> f64 {
    if x.len() <= BLOCK {
        return block_sum(x, term);
    }
    let block = BLOCK.max(x.len().div_ceil(64));
    let mut partial = vec![0.0; x.len().div_ceil(block)];
    parallel(chunks(&mut partial, 1), |b, sum| {
        let from = b * block;
        sum[0] = block_sum(&x[from..x.len().min(from + block)], term);
    });
    partial.iter().sum()
}

/// Four running sums, put together in a fixed order.
pub fn block_sum(x: &[f32], term: impl Fn(f32) -> f64) -> f64 {
    let (fours, tail) = x.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, &x) in sums.iter_mut().zip(four) {
            *sum += term(x);
        }
    }
    let rest: f64 = tail.iter().map(|&x| term(x)).sum();
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_each_axis_of_a_small_block() {
        // x[o, j, i] = 1..=12 as [2, 3, 2]: over j, 1 + 3 + 5 = 9, 2 + 4 + 6 = 12, 7 + 9 + 11 = 27, 8 + 10 + 12 = 30.
        let x: Vec<f32> = (1..=12).map(|v| v as f32).collect();
        let mut y = [0.0; 4];
        sum_forward(2, 3, 2, &x, &mut y);
        assert_eq!(y, [9.0, 12.0, 27.0, 30.0]);
        mean_forward(4, 3, 1, &x, &mut y);
        assert_eq!(y, [2.0, 5.0, 8.0, 11.0]);
        let mut all = [0.0];
        sum_forward(1, 12, 1, &x, &mut all);
        assert_eq!(all, [78.0]);
        sum_squares_forward(1, 12, 1, &x, &mut all);
        assert_eq!(all, [650.0]);
    }

    #[test]
    fn every_path_gives_the_sums_of_whole_numbers() {
        // Sums of integers are exact in each path, whatever their order.
        for (outer, length, inner) in
            [(1, 40_001, 1), (3, 31, 1), (1, 9_001, 5), (1, 3, 20_011), (70, 33, 5), (40_000, 2, 3)]
        {
            let x: Vec<f32> = (0..outer * length * inner).map(|i| (i % 7) as f32 - 3.0).collect();
            let (mut y, mut want) = (vec![9.0; outer * inner], vec![0.0; outer * inner]);
            for (at, x) in x.iter().enumerate() {
                want[at / (length * inner) * inner + at % inner] += x;
            }
            sum_forward(outer, length, inner, &x, &mut y);
            assert!(y == want, "{outer} x {length} x {inner}");
        }
    }

    #[test]
    fn a_long_sum_is_exact_where_f32_would_lose_all_but_the_first() {
        // 2^24 + 1 is 2^24 in f32: added one by one, the ones vanish.
        let mut x = vec![1.0; 50_001];
        x[0] = 16_777_216.0;
        let mut y = [0.0];
        sum_forward(1, x.len(), 1, &x, &mut y);
        assert_eq!(y, [16_827_216.0]);
        let pairs: Vec<f32> = x.iter().flat_map(|&x| [x, x]).collect();
        let mut y = [0.0; 2];
        sum_forward(1, x.len(), 2, &pairs, &mut y);
        assert_eq!(y, [16_827_216.0; 2]);
    }

    #[test]
    fn n07_the_mean_is_the_exact_one_rounded_once() {
        let x = [
            2132166414.0524406,
            1061001875.3433719,
            -1378280739.4604993,
            580317280.6221428,
            189636615.92772198,
            1046490414.9768481,
        ]
        .map(|v: f64| v as f32);
        let mut y = [0.0];
        mean_forward(1, 6, 1, &x, &mut y);
        assert_eq!(y, [605222016.0]);
    }

    #[test]
    fn no_elements_sum_to_zero_and_have_no_mean() {
        let mut y = [7.0; 2];
        sum_forward(2, 0, 1, &[], &mut y);
        assert_eq!(y, [0.0, 0.0]);
        sum_forward(1, 0, 2, &[], &mut y);
        assert_eq!(y, [0.0, 0.0]);
        mean_forward(1, 0, 2, &[], &mut y);
        assert!(y.iter().all(|y| y.is_nan()));
        sum_forward(0, 3, 2, &[], &mut []);
        sum_forward(2, 3, 0, &[], &mut []);
    }

    #[test]
    fn t07_running_sums_of_repeated_columns_and_back() {
        // [[1], [2]] repeated to [2, 3], along the rows.
        let (x, mut y) = ([1.0, 1.0, 1.0, 2.0, 2.0, 2.0], [0.0; 6]);
        cumsum(2, 3, 1, false, &x, &mut y);
        assert_eq!(y, [1.0, 2.0, 3.0, 2.0, 4.0, 6.0]);
        cumsum(1, 2, 3, true, &x, &mut y);
        assert_eq!(y, [3.0, 3.0, 3.0, 2.0, 2.0, 2.0]);
        cumsum(2, 0, 3, false, &[], &mut []);
    }

    #[test]
    fn equal_integers_are_counted() {
        let mut count = [7];
        count_equal(5, &[1, 2, 3, 4, 5], &[1, 0, 3, 4, -5], &mut count);
        assert_eq!(count, [3]);
    }
}
