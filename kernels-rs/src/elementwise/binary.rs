//! Functions of two values with broadcasting over a matrix: each side is whole, a row, a column or one number.
//!
//! Shapes of more axes are brought to this form, or copied out by `layout`, before they come here. The backward kernels
//! take whole sides; the caller sums where a side was repeated.

use super::{map, splat};
use crate::door::{fail, kernel};
use crate::lanes;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

/// How a side covers the `rows` by `cols` result. The numbers are those of `Spread` in the tensor package.
#[derive(Clone, Copy, PartialEq)]
pub enum Spread {
    Whole,
    Row,
    Column,
    One,
}

impl Spread {
    const ALL: [Spread; 4] = [Spread::Whole, Spread::Row, Spread::Column, Spread::One];

    pub fn of(code: u32) -> Spread {
        *Spread::ALL.get(code as usize).unwrap_or_else(|| fail("a spread is 0 whole, 1 row, 2 column or 3 one number"))
    }

    /// How many numbers a side of this spread has.
    pub fn len(code: u32, rows: usize, cols: usize) -> usize {
        match Spread::of(code) {
            Spread::Whole => rows * cols,
            Spread::Row => cols,
            Spread::Column => rows,
            Spread::One => 1,
        }
    }

    /// The side's part for columns `from..from + len` of a row; one number where it has just one there.
    pub fn part<T>(self, side: &[T], row: usize, cols: usize, from: usize, len: usize) -> &[T] {
        match self {
            Spread::Whole => &side[row * cols + from..][..len],
            Spread::Row => &side[from..][..len],
            Spread::Column => &side[row..=row],
            Spread::One => &side[..1],
        }
    }
}

/// Runs `work(row, from, part)` over `out` in parts of one row each, `from` the part's first column.
pub fn by_parts<T: Send>(cols: usize, out: &mut [T], cost: usize, work: impl Fn(usize, usize, &mut [T]) + Sync) {
    let len = chunk_len(out.len(), cost, LANES);
    parallel(chunks(out, len), |chunk, mut out| {
        let mut at = chunk * len;
        while !out.is_empty() {
            let (row, from) = (at / cols, at % cols);
            let count = out.len().min(cols - from);
            let (now, rest) = out.split_at_mut(count);
            work(row, from, now);
            at += count;
            out = rest;
        }
    });
}

fn combine(
    cols: usize,
    (a, a_spread): (&[f32], u32),
    (b, b_spread): (&[f32], u32),
    out: &mut [f32],
    op: impl Fn(F32x4, F32x4) -> F32x4 + Sync,
) {
    let (a_spread, b_spread) = (Spread::of(a_spread), Spread::of(b_spread));
    // Two whole sides are one long row.
    let both_whole = a_spread == Spread::Whole && b_spread == Spread::Whole;
    let cols = if both_whole { out.len() } else { cols };
    by_parts(cols, out, 1, |row, from, out| {
        let count = out.len();
        combine_row(a_spread.part(a, row, cols, from, count), b_spread.part(b, row, cols, from, count), out, &op);
    });
}

/// `out` = op of `a` and `b`, either of which may be one number.
fn combine_row(a: &[f32], b: &[f32], out: &mut [f32], op: impl Fn(F32x4, F32x4) -> F32x4) {
    if a.len() == out.len() && b.len() == out.len() {
        lanes::map([a, b], out, |[a, b]| op(a, b));
    } else if b.len() == out.len() {
        let a = splat(a[0]);
        lanes::map([b], out, |[b]| op(a, b));
    } else if a.len() == out.len() {
        let b = splat(b[0]);
        lanes::map([a], out, |[a]| op(a, b));
    } else {
        let value = op(splat(a[0]), splat(b[0])).to_array()[0];
        out.fill(value);
    }
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident($a:ident, $b:ident) = $value:expr;)*) => {$(
        kernel! {
            $(#[$doc])*
            fn $name(rows: usize, cols: usize, a_spread: u32, b_spread: u32;
                a: f32[Spread::len(a_spread, rows, cols)], b: f32[Spread::len(b_spread, rows, cols)];
                out: f32[rows * cols]) {
                combine(cols, (a, a_spread), (b, b_spread), out, |$a, $b| $value);
            }
        }
    )*};
}

binary! {
    add_forward(a, b) = a + b;
    sub_forward(a, b) = a - b;
    mul_forward(a, b) = a * b;
    div_forward(a, b) = a / b;
    /// The larger; NaN if either is.
    maximum_forward(a, b) = a.max(b);
    /// The smaller; NaN if either is.
    minimum_forward(a, b) = a.min(b);
}

unary! {
    #[cost(6)]
    /// The gradient of a / b by b: −dy · y / b.
    div_backward_b(b, y, dy) = -(dy * y / b);

    #[cost(4)]
    /// The gradient of the larger by `a` (by b: exchange them): dy where it won or is NaN, half of it at a tie.
    maximum_backward_a(a, b, dy) = a.eq(b).select(splat(0.5) * dy, a.lt(b).select(F32x4::ZERO, dy));

    #[cost(4)]
    /// The gradient of the smaller by `a` (by b: exchange them): dy where it won or is NaN, half of it at a tie.
    minimum_backward_a(a, b, dy) = a.eq(b).select(splat(0.5) * dy, a.gt(b).select(F32x4::ZERO, dy));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_spreads_agrees_with_a_plain_loop() {
        for (rows, cols) in [(0, 3), (3, 0), (1, 1), (3, 1), (1, 5), (4, 4), (5, 31), (33, 33), (2, 20_000)] {
            let out_len = rows * cols;
            for (a_spread, b_spread) in (0..16).map(|code| (code / 4, code % 4)) {
                let side = |spread: u32, shift: usize| -> Vec<f32> {
                    (0..Spread::len(spread, rows, cols)).map(|i| ((i * 7 + shift) % 13) as f32).collect()
                };
                let (a, b) = (side(a_spread, 1), side(b_spread, 5));
                let item = |side: &[f32], spread: u32, at: usize| match spread {
                    0 => side[at],
                    1 => side[at % cols],
                    2 => side[at / cols],
                    _ => side[0],
                };
                let mut out = vec![-1.0; out_len];
                sub_forward(rows, cols, a_spread, b_spread, &a, &b, &mut out);
                let wrong = (0..out_len).find(|&at| out[at] != item(&a, a_spread, at) - item(&b, b_spread, at));
                assert_eq!(wrong, None, "{rows} x {cols}, spreads {a_spread} and {b_spread}");
            }
        }
    }

    #[test]
    fn n12_nan_wins_on_either_side() {
        let mut out = [0.0; 2];
        maximum_forward(1, 2, 0, 0, &[f32::NAN, 1.0], &[1.0, f32::NAN], &mut out);
        assert!(out.iter().all(|x| x.is_nan()));
        minimum_forward(1, 2, 0, 0, &[f32::NAN, 1.0], &[1.0, f32::NAN], &mut out);
        assert!(out.iter().all(|x| x.is_nan()));
    }

    #[test]
    fn ties_share_the_gradient_and_quotients_pass_theirs() {
        let mut d = [9.0; 3];
        maximum_backward_a(3, &[1.0, 2.0, 3.0], &[2.0, 2.0, 2.0], &[4.0; 3], &mut d);
        assert_eq!(d, [0.0, 2.0, 4.0]);
        minimum_backward_a(3, &[1.0, 2.0, 3.0], &[2.0, 2.0, 2.0], &[4.0; 3], &mut d);
        assert_eq!(d, [4.0, 2.0, 0.0]);
        // a = 6, b = 3, y = 2: by b −6/9 per unit, times 3.
        div_backward_b(1, &[3.0], &[2.0], &[3.0], &mut d[..1]);
        assert_eq!(d[0], -2.0);
    }
}
