//! Reductions over the middle axis of an [outer, length, inner] view: sums, means, extremes and their places.
//!
//! Sums go through f64: the sum of f32 numbers is then as good as exact, and the order in which they are added, which is
//! fixed all the same, does not show.

use crate::door::kernel;
use crate::machine::threads::{chunk_len, chunks, parallel};

/// Items of one chunk when a single long sum is cut up.
const BLOCK: usize = 1 << 14;

kernel! {
    /// y[o, i] = Σ x[o, ·, i].
    fn sum_forward(outer: usize, length: usize, inner: usize; x: f32[outer * length * inner]; y: f32[outer * inner]) {
        sums((outer, length, inner), x, y, |sum| sum as f32, f64::from);
    }

    /// y[o, i] = Σ x[o, ·, i] / length, rounded once; NaN where the length is 0.
    fn mean_forward(outer: usize, length: usize, inner: usize; x: f32[outer * length * inner]; y: f32[outer * inner]) {
        sums((outer, length, inner), x, y, |sum| (sum / length as f64) as f32, f64::from);
    }

    /// y[o, i] = Σ x[o, ·, i]².
    fn sum_squares_forward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; y: f32[outer * inner]) {
        sums((outer, length, inner), x, y, |sum| sum as f32, |x| f64::from(x) * f64::from(x));
    }

    /// The largest of each row and its place: the first of equals; a NaN wins, the first of them.
    fn max_forward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; y: f32[outer * inner], place: i32[outer * inner]) {
        extremes((outer, length, inner), x, Some(y), place, |new, best| new > best);
    }

    /// The smallest of each row and its place, ties and NaN as for the largest.
    fn min_forward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; y: f32[outer * inner], place: i32[outer * inner]) {
        extremes((outer, length, inner), x, Some(y), place, |new, best| new < best);
    }

    /// The place of the largest.
    fn argmax(outer: usize, length: usize, inner: usize; x: f32[outer * length * inner]; place: i32[outer * inner]) {
        extremes((outer, length, inner), x, None, place, |new, best| new > best);
    }

    /// The place of the smallest.
    fn argmin(outer: usize, length: usize, inner: usize; x: f32[outer * length * inner]; place: i32[outer * inner]) {
        extremes((outer, length, inner), x, None, place, |new, best| new < best);
    }

    /// The gradient of an extreme: all of it at the place that won.
    fn pick_backward(outer: usize, length: usize, inner: usize;
        dy: f32[outer * inner], place: i32[outer * inner]; dx: f32[outer * length * inner]) {
        dx.fill(0.0);
        for o in 0..outer {
            for i in 0..inner {
                let from = o * inner + i;
                dx[(o * length + place[from] as usize) * inner + i] = dy[from];
            }
        }
    }

    /// How many of two rows of integers are equal, place by place.
    fn count_equal(len: usize; a: i32[len], b: i32[len]; count: i32[1]) {
        count[0] = a.iter().zip(b).filter(|(a, b)| a == b).count() as i32;
    }
}

fn sums(
    (outer, length, inner): (usize, usize, usize),
    x: &[f32],
    y: &mut [f32],
    finish: impl Fn(f64) -> f32 + Sync,
    term: impl Fn(f32) -> f64 + Sync,
) {
    if inner == 1 {
        if outer == 1 {
            y[0] = finish(long_sum(x, &term));
            return;
        }
        let rows = chunk_len(outer, length, 1);
        parallel(chunks(y, rows), |chunk, y| {
            for (r, y) in y.iter_mut().enumerate() {
                let row = chunk * rows + r;
                *y = finish(block_sum(&x[row * length..][..length], &term));
            }
        });
        return;
    }
    // Columns side by side: each chunk runs down its own of one outer index.
    for (o, y) in y.chunks_exact_mut(inner.max(1)).enumerate() {
        let x = &x[o * length * inner..][..length * inner];
        let cols = chunk_len(inner, length, 8);
        parallel(chunks(y, cols), |chunk, y| {
            for (c, y) in y.chunks_mut(COLUMNS).enumerate() {
                column_sums(x, inner, chunk * cols + c * COLUMNS, y, &finish, &term);
            }
        });
    }
}

/// Columns that are summed side by side: their partial sums fit into registers and the first cache.
const COLUMNS: usize = 64;

fn column_sums(
    x: &[f32],
    inner: usize,
    from: usize,
    y: &mut [f32],
    finish: &impl Fn(f64) -> f32,
    term: &impl Fn(f32) -> f64,
) {
    let mut sums = [0.0; COLUMNS];
    let sums = &mut sums[..y.len()];
    for row in x.chunks_exact(inner) {
        for (sum, &x) in sums.iter_mut().zip(&row[from..]) {
            *sum += term(x);
        }
    }
    for (y, &sum) in y.iter_mut().zip(sums.iter()) {
        *y = finish(sum);
    }
}

/// The sum of one long row: blocks on all threads, then the blocks' sums in order.
fn long_sum(x: &[f32], term: &(impl Fn(f32) -> f64 + Sync)) -> f64 {
    if x.len() <= BLOCK {
        return block_sum(x, term);
    }
    let mut partial = vec![0.0; x.len().div_ceil(BLOCK)];
    parallel(chunks(&mut partial, 1), |block, sum| {
        let from = block * BLOCK;
        sum[0] = block_sum(&x[from..x.len().min(from + BLOCK)], term);
    });
    partial.iter().sum()
}

/// Four running sums, put together in a fixed order.
fn block_sum(x: &[f32], term: &impl Fn(f32) -> f64) -> f64 {
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

fn extremes(
    (outer, length, inner): (usize, usize, usize),
    x: &[f32],
    mut y: Option<&mut [f32]>,
    place: &mut [i32],
    wins: impl Fn(f32, f32) -> bool,
) {
    for o in 0..outer {
        for i in 0..inner {
            let at = |j: usize| x[(o * length + j) * inner + i];
            let mut best = 0;
            for j in 1..length {
                let (new, old) = (at(j), at(best));
                if !old.is_nan() && (new.is_nan() || wins(new, old)) {
                    best = j;
                }
            }
            place[o * inner + i] = best as i32;
            if let Some(y) = y.as_deref_mut() {
                y[o * inner + i] = at(best);
            }
        }
    }
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
    fn a_long_sum_is_exact_where_f32_would_lose_half() {
        // 2^25 ones: f32 addition one by one stops at 2^24.
        let x = vec![1.0; 1 << 25];
        let mut y = [0.0];
        sum_forward(1, x.len(), 1, &x, &mut y);
        assert_eq!(y, [(1u32 << 25) as f32]);
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
    fn the_first_of_equals_and_the_first_nan_win() {
        let (mut y, mut place) = ([0.0; 2], [0; 2]);
        max_forward(2, 3, 1, &[1.0, 4.0, 4.0, 2.0, f32::NAN, 9.0], &mut y, &mut place);
        assert_eq!((y[0], place), (4.0, [1, 1]));
        assert!(y[1].is_nan());
        min_forward(1, 3, 2, &[5.0, 1.0, 3.0, 1.0, 3.0, 7.0], &mut y, &mut place);
        assert_eq!((y, place), ([3.0, 1.0], [1, 0]));
    }

    #[test]
    fn a06_the_gradient_of_a_maximum_goes_to_one_place() {
        let mut dx = [9.0; 4];
        pick_backward(1, 4, 1, &[1.0], &[0], &mut dx);
        assert_eq!(dx, [1.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn no_elements_sum_to_zero_and_have_no_mean() {
        let mut y = [7.0; 2];
        sum_forward(2, 0, 1, &[], &mut y);
        assert_eq!(y, [0.0, 0.0]);
        mean_forward(1, 0, 2, &[], &mut y);
        assert!(y.iter().all(|y| y.is_nan()));
    }
}
