//! Functions of one value and their derivatives: `<name>_forward(x)` and `<name>_backward`, which names what it needs.

use super::math::{exp, log, sigmoid, tanh};
use crate::door::kernel;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};

/// Writes `op` of the inputs' lanes to `out`; the tail goes through the same lanes as the body.
fn map<const INPUTS: usize>(
    inputs: [&[f32]; INPUTS],
    out: &mut [f32],
    cost: usize,
    op: impl Fn([F32x4; INPUTS]) -> F32x4 + Sync,
) {
    let len = chunk_len(out.len(), cost, LANES);
    parallel(chunks(out, len), |chunk, out| {
        let from = chunk * len;
        let inputs = inputs.map(|input| &input[from..from + out.len()]);
        let bodies = inputs.map(|input| input.as_chunks::<LANES>());
        let (out_body, out_tail) = out.as_chunks_mut::<LANES>();
        for (i, out) in out_body.iter_mut().enumerate() {
            op(bodies.map(|(body, _)| F32x4::load(&body[i]))).store(out);
        }
        if !out_tail.is_empty() {
            let mut last = [0.0; LANES];
            op(bodies.map(|(_, tail)| {
                let mut padded = [0.0; LANES];
                padded[..tail.len()].copy_from_slice(tail);
                F32x4::load(&padded)
            }))
            .store(&mut last);
            out_tail.copy_from_slice(&last[..out_tail.len()]);
        }
    });
}

/// One export a line; `cost` counts a value's operations, from which the chunks follow.
macro_rules! unary {
    ($(#[cost($cost:literal)] $(#[$doc:meta])* $name:ident($($input:ident),*) = $value:expr;)*) => {$(
        kernel! {
            $(#[$doc])*
            fn $name(len: usize; $($input: f32[len]),*; out: f32[len]) {
                map([$($input),*], out, $cost, |[$($input),*]| $value);
            }
        }
    )*};
}

const ZERO: F32x4 = F32x4::ZERO;

fn one() -> F32x4 {
    F32x4::splat(1.0)
}

unary! {
    #[cost(1)] neg_forward(x) = -x;
    #[cost(1)] neg_backward(dy) = -dy;

    #[cost(1)]
    /// |x|; at 0 the derivative is 0.
    abs_forward(x) = x.abs();
    #[cost(2)] abs_backward(x, dy) = x.gt(ZERO).select(dy, x.lt(ZERO).select(-dy, ZERO * dy));

    #[cost(1)] square_forward(x) = x * x;
    #[cost(2)] square_backward(x, dy) = (x + x) * dy;

    #[cost(4)] sqrt_forward(x) = x.sqrt();
    #[cost(6)] sqrt_backward(y, dy) = dy / (y + y);

    #[cost(12)] exp_forward(x) = exp(x);
    #[cost(1)] exp_backward(y, dy) = y * dy;

    #[cost(16)] log_forward(x) = log(x);
    #[cost(4)] log_backward(x, dy) = dy / x;

    #[cost(1)]
    /// max(x, 0), NaN kept; at 0 the derivative is 0.
    relu_forward(x) = x.max(ZERO);
    #[cost(2)] relu_backward(y, dy) = y.gt(ZERO).select(dy, y.is_nan().select(y, ZERO));

    #[cost(20)] sigmoid_forward(x) = sigmoid(x);
    #[cost(3)] sigmoid_backward(y, dy) = dy * y * (one() - y);

    #[cost(20)] tanh_forward(x) = tanh(x);
    #[cost(3)] tanh_backward(y, dy) = dy * (one() - y * y);
}
