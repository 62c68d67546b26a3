//! Comparisons, which give masks of 1 and 0, and choices by a mask; all with broadcasting as in `binary`.

use super::binary::{Spread, by_parts};
use crate::door::kernel;
use crate::machine::memory::Element;
use crate::machine::threads::{chunk_len, chunks, parallel};

fn compare<T: Element>(
    cols: usize,
    (a, a_spread): (&[T], u32),
    (b, b_spread): (&[T], u32),
    out: &mut [u8],
    holds: impl Fn(T, T) -> bool + Sync,
) {
    let (a_spread, b_spread) = (Spread::of(a_spread), Spread::of(b_spread));
    by_parts(cols, out, 2, |row, from, out| {
        let len = out.len();
        let (a, b) = (a_spread.part(a, row, cols, from, len), b_spread.part(b, row, cols, from, len));
        if b.len() == len && a.len() == len {
            for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
                *out = u8::from(holds(a, b));
            }
        } else if a.len() == len {
            out.iter_mut().zip(a).for_each(|(out, &a)| *out = u8::from(holds(a, b[0])));
        } else {
            out.iter_mut().enumerate().for_each(|(i, out)| *out = u8::from(holds(a[0], b[i.min(b.len() - 1)])));
        }
    });
}

macro_rules! comparisons {
    ($($name:ident: $type:ident, $a:ident $op:tt $b:ident;)*) => {$(
        kernel! {
            fn $name(rows: usize, cols: usize, a_spread: u32, b_spread: u32;
                a: $type[Spread::len(a_spread, rows, cols)], b: $type[Spread::len(b_spread, rows, cols)];
                out: u8[rows * cols]) {
                compare(cols, (a, a_spread), (b, b_spread), out, |$a, $b| $a $op $b);
            }
        }
    )*};
}

comparisons! {
    compare_eq: f32, a == b;
    compare_ne: f32, a != b;
    compare_lt: f32, a < b;
    compare_le: f32, a <= b;
    compare_gt: f32, a > b;
    compare_ge: f32, a >= b;
    compare_eq_i32: i32, a == b;
    compare_ne_i32: i32, a != b;
    compare_lt_i32: i32, a < b;
    compare_le_i32: i32, a <= b;
    compare_gt_i32: i32, a > b;
    compare_ge_i32: i32, a >= b;
}

kernel! {
    /// out = a where the mask is not 0, else b. What is not chosen is not looked at: its NaN does no harm.
    fn where_forward(rows: usize, cols: usize, mask_spread: u32, a_spread: u32, b_spread: u32;
        mask: u8[Spread::len(mask_spread, rows, cols)],
        a: f32[Spread::len(a_spread, rows, cols)], b: f32[Spread::len(b_spread, rows, cols)];
        out: f32[rows * cols]) {
        let [mask_spread, a_spread, b_spread] = [mask_spread, a_spread, b_spread].map(Spread::of);
        by_parts(cols, out, 3, |row, from, out| {
            let len = out.len();
            let mask = mask_spread.part(mask, row, cols, from, len);
            let (a, b) = (a_spread.part(a, row, cols, from, len), b_spread.part(b, row, cols, from, len));
            for (i, out) in out.iter_mut().enumerate() {
                let side = if mask[i.min(mask.len() - 1)] != 0 { a } else { b };
                *out = side[i.min(side.len() - 1)];
            }
        });
    }

    /// The gradient of a choice by the side that is taken where the mask is `taken`: dy there, else 0.
    fn where_backward(len: usize, taken: bool; mask: u8[len], dy: f32[len]; dx: f32[len]) {
        let chunk = chunk_len(len, 2, 1);
        parallel(chunks(dx, chunk), |c, dx| {
            for ((dx, &dy), &mask) in dx.iter_mut().zip(&dy[c * chunk..]).zip(&mask[c * chunk..]) {
                *dx = if (mask != 0) == taken { dy } else { 0.0 };
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Comparison = fn(usize, usize, u32, u32, &[f32], &[f32], &mut [u8]);

    #[test]
    fn comparisons_with_nan_are_false_but_for_inequality() {
        let (a, b, mut out) = ([1.0, 2.0, f32::NAN, 0.0, 3.0], [1.0, 3.0, f32::NAN, -0.0, 2.0], [9; 5]);
        let cases: [(Comparison, [u8; 5]); 6] = [
            (compare_eq, [1, 0, 0, 1, 0]),
            (compare_ne, [0, 1, 1, 0, 1]),
            (compare_lt, [0, 1, 0, 0, 0]),
            (compare_le, [1, 1, 0, 1, 0]),
            (compare_gt, [0, 0, 0, 0, 1]),
            (compare_ge, [1, 0, 0, 1, 1]),
        ];
        for (kernel, want) in cases {
            kernel(1, 5, 0, 0, &a, &b, &mut out);
            assert_eq!(out, want);
        }
    }

    #[test]
    fn sides_are_repeated() {
        let mut out = [9; 6];
        // Rows [1, 2, 3] and [4, 5, 6] against the column [2, 5], the row [4, 2, 6] and the number 3.
        let x = [1, 2, 3, 4, 5, 6];
        compare_ge_i32(2, 3, 0, 2, &x, &[2, 5], &mut out);
        assert_eq!(out, [0, 1, 1, 0, 1, 1]);
        compare_eq_i32(2, 3, 1, 0, &[4, 2, 6], &x, &mut out);
        assert_eq!(out, [0, 1, 0, 1, 0, 1]);
        compare_lt_i32(2, 3, 3, 0, &[3], &x, &mut out);
        assert_eq!(out, [0, 0, 0, 1, 1, 1]);
        compare_eq_i32(2, 3, 2, 3, &[3, 4], &[3], &mut out);
        assert_eq!(out, [1, 1, 1, 0, 0, 0]);
        compare_gt(0, 3, 0, 3, &[], &[3.0], &mut []);
    }

    #[test]
    fn a10_a_choice_passes_no_nan_from_the_other_side() {
        let mut out = [9.0; 4];
        where_forward(2, 2, 1, 0, 3, &[1, 0], &[1.0, f32::NAN, 2.0, f32::NAN], &[7.0], &mut out);
        assert_eq!(out, [1.0, 7.0, 2.0, 7.0]);
        let (mask, dy) = ([1, 0, 2, 0, 1], [1.0, f32::NAN, 3.0, 4.0, 5.0]);
        let mut dx = [9.0; 5];
        where_backward(5, true, &mask, &dy, &mut dx);
        assert_eq!(dx, [1.0, 0.0, 3.0, 0.0, 5.0]);
        where_backward(5, false, &mask, &[1.0, 2.0, 3.0, 4.0, 5.0], &mut dx);
        assert_eq!(dx, [0.0, 2.0, 0.0, 4.0, 0.0]);
    }
}
