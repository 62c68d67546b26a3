//! One value in, one value out: a line an operation, for each lane alike.
//!
//! `unary`, `activations`: functions of one value and their derivatives. `binary`, `compare`, `power`: two values with
//! broadcasting. `accumulate`: what the tape and the optimizers do to gradients. `math`, `special`, `trigonometry`: the
//! functions behind them in lanes; `double`: in f64; `gelu`: GELU alone.

use crate::lanes;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

/// Writes `op` of the inputs' lanes to `out`, on all threads; `cost` counts a value's operations.
fn map<const INPUTS: usize>(
    inputs: [&[f32]; INPUTS],
    out: &mut [f32],
    cost: usize,
    op: impl Fn([F32x4; INPUTS]) -> F32x4 + Sync,
) {
    let len = chunk_len(out.len(), cost, LANES);
    parallel(chunks(out, len), |chunk, out| {
        let from = chunk * len;
        lanes::map(inputs.map(|input| &input[from..from + out.len()]), out, &op);
    });
}

/// One export a line: `name{numbers}(inputs) = value`. `cost` counts a value's operations, from which the chunks follow.
macro_rules! unary {
    ($(#[cost($cost:literal)] $(#[$doc:meta])* $name:ident $({$($number:ident),*})? ($($input:ident),*) = $value:expr;)*) => {$(
        kernel! {
            $(#[$doc])*
            fn $name(len: usize $($(, $number: f32)*)?; $($input: f32[len]),*; out: f32[len]) {
                $($(let $number = F32x4::splat($number);)*)?
                map([$($input),*], out, $cost, |[$($input),*]| $value);
            }
        }
    )*};
}

/// The number in every lane.
#[inline(always)]
fn splat(value: f32) -> F32x4 {
    F32x4::splat(value)
}

pub mod accumulate;
pub mod activations;
pub mod binary;
pub mod compare;
pub mod double;
pub mod gelu;
pub mod math;
pub mod power;
pub mod special;
#[cfg(test)]
pub mod testing;
pub mod trigonometry;
pub mod unary;
