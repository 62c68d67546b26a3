//! Functions of two values with broadcasting over a matrix: each side is whole, a row, a column or one number.
//!
//! Shapes of more axes are brought to this form, or copied out by `layout`, before they come here.

use crate::door::{fail, kernel};
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

    fn of(code: u32) -> Spread {
        *Spread::ALL.get(code as usize).unwrap_or_else(|| fail("a spread is 0 whole, 1 row, 2 column or 3 one number"))
    }

    fn len(code: u32, rows: usize, cols: usize) -> usize {
        match Spread::of(code) {
            Spread::Whole => rows * cols,
            Spread::Row => cols,
            Spread::Column => rows,
            Spread::One => 1,
        }
    }

    /// The side's part for columns `from..from + len` of a row; one number where it has just one there.
    fn part(self, side: &[f32], row: usize, cols: usize, from: usize, len: usize) -> &[f32] {
        match self {
            Spread::Whole => &side[row * cols + from..][..len],
            Spread::Row => &side[from..][..len],
            Spread::Column => &side[row..=row],
            Spread::One => &side[..1],
        }
    }
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
    let len = chunk_len(out.len(), 1, LANES);
    parallel(chunks(out, len), |chunk, mut out| {
        let mut at = chunk * len;
        while !out.is_empty() {
            let (row, from) = (at / cols, at % cols);
            let count = out.len().min(cols - from);
            let (now, rest) = out.split_at_mut(count);
            combine_row(a_spread.part(a, row, cols, from, count), b_spread.part(b, row, cols, from, count), now, &op);
            at += count;
            out = rest;
        }
    });
}

/// `out` = op of `a` and `b`, either of which may be one number.
fn combine_row(a: &[f32], b: &[f32], out: &mut [f32], op: impl Fn(F32x4, F32x4) -> F32x4) {
    if a.len() == out.len() && b.len() == out.len() {
        combine_lanes(out, lanes(a), lanes(b), op);
    } else if b.len() == out.len() {
        let a = F32x4::splat(a[0]);
        combine_lanes(out, |_, _| a, lanes(b), op);
    } else if a.len() == out.len() {
        let b = F32x4::splat(b[0]);
        combine_lanes(out, lanes(a), |_, _| b, op);
    } else {
        let value = op(F32x4::splat(a[0]), F32x4::splat(b[0])).to_array()[0];
        out.fill(value);
    }
}

/// The lanes of `side` from item `from`, `len` of them, zeros behind.
#[inline(always)]
fn lanes(side: &[f32]) -> impl Fn(usize, usize) -> F32x4 + '_ {
    move |from, len| match side[from..].first_chunk::<LANES>() {
        Some(full) if len == LANES => F32x4::load(full),
        _ => {
            let mut padded = [0.0; LANES];
            padded[..len].copy_from_slice(&side[from..][..len]);
            F32x4::load(&padded)
        }
    }
}

#[inline(always)]
fn combine_lanes(
    out: &mut [f32],
    a: impl Fn(usize, usize) -> F32x4,
    b: impl Fn(usize, usize) -> F32x4,
    op: impl Fn(F32x4, F32x4) -> F32x4,
) {
    let (body, tail) = out.as_chunks_mut::<LANES>();
    let tail_from = body.len() * LANES;
    for (i, out) in body.iter_mut().enumerate() {
        op(a(i * LANES, LANES), b(i * LANES, LANES)).store(out);
    }
    if !tail.is_empty() {
        let last = op(a(tail_from, tail.len()), b(tail_from, tail.len())).to_array();
        tail.copy_from_slice(&last[..tail.len()]);
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
