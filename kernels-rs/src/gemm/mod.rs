//! Matrix products in the BLIS form: blocking, packing, one micro-kernel.
//!
//! - `gemm`: c = a b; `gemm_nt`: c = a bᵀ; `gemm_tn`: c = aᵀ b. Row-major, batched; with `accumulate`, c += ...
//! - `linear_forward`: y = activation(x weight + bias) in one go.
//! - One row times a matrix that lies row by row is not packed (`vector`).
//! - `gemm_use_tile`: the wide micro-kernel, faster where V8 joins lanes ("turbo").
//!
//! The exports' numbers and buffers, in order (`batch_a` and `batch_b` are equal, or one of them is 1 and shared):
//!
//! ```text
//! gemm(batch_a, batch_b, m, n, k, accumulate, a [batch_a, m, k], b [batch_b, k, n], c [batch, m, n])
//! gemm_nt(...                                 a [batch_a, m, k], b [batch_b, n, k], c [batch, m, n])
//! gemm_tn(...                                 a [batch_a, k, m], b [batch_b, k, n], c [batch, m, n])
//! linear_forward(rows, inputs, outputs, has_bias, activation, x [rows, inputs], weight [inputs, outputs],
//!                bias [outputs] or 0, y [rows, outputs])      activation: 0 none, 1 relu, 2 sigmoid, 3 tanh
//! ```
//! The bits of a result depend on the operands alone: not on threads, width, batch or the place in C.
//!
//! For other kernels: `rows` where A need not be packed; `Operand::pack` and `multiply_panels` (packed blocks into a
//! `Tile`), or `micro_kernel` itself: a panel of A is `[k][W][LANES]`, a panel of B `[k][V][LANES]` with V = NV_WIDE
//! where `is_tile_wide()`, else NV.

pub mod blocking;
pub mod epilogue;
pub mod microkernel;
#[cfg(test)]
mod naive;
pub mod pack;
pub mod product;
pub mod rows;
mod vector;

use crate::door::{Refusal, kernel};
use epilogue::{Activation, Epilogue};
use pack::Operand;
use product::{Product, multiply};

kernel! {
    /// c = a b.
    fn gemm(batch_a: usize, batch_b: usize, m: usize, n: usize, k: usize, accumulate: bool;
        a: f32[batch_a * m * k], b: f32[batch_b * k * n]; c: f32[batches(batch_a, batch_b) * m * n]) {
        let a = operand(a, batch_a, (m, k), true);
        let b = operand(b, batch_b, (k, n), false);
        multiply(&Product { batch: batches(batch_a, batch_b), m, n, k, a, b, accumulate, epilogue: Epilogue::NONE }, c);
    }

    /// c = a bᵀ.
    fn gemm_nt(batch_a: usize, batch_b: usize, m: usize, n: usize, k: usize, accumulate: bool;
        a: f32[batch_a * m * k], b: f32[batch_b * n * k]; c: f32[batches(batch_a, batch_b) * m * n]) {
        let a = operand(a, batch_a, (m, k), true);
        let b = operand(b, batch_b, (n, k), true);
        multiply(&Product { batch: batches(batch_a, batch_b), m, n, k, a, b, accumulate, epilogue: Epilogue::NONE }, c);
    }

    /// c = aᵀ b.
    fn gemm_tn(batch_a: usize, batch_b: usize, m: usize, n: usize, k: usize, accumulate: bool;
        a: f32[batch_a * k * m], b: f32[batch_b * k * n]; c: f32[batches(batch_a, batch_b) * m * n]) {
        let a = operand(a, batch_a, (k, m), false);
        let b = operand(b, batch_b, (k, n), false);
        multiply(&Product { batch: batches(batch_a, batch_b), m, n, k, a, b, accumulate, epilogue: Epilogue::NONE }, c);
    }

    /// y = activation(x weight + bias).
    fn linear_forward(rows: usize, inputs: usize, outputs: usize, has_bias: bool, activation: u32;
        x: f32[rows * inputs], weight: f32[inputs * outputs], bias: f32[if has_bias { outputs } else { 0 }];
        y: f32[rows * outputs]) -> Result<(), Refusal> {
        let bias = if has_bias { bias } else { &[] };
        let epilogue = Epilogue { bias, activation: Activation::of(activation)? };
        let a = operand(x, 1, (rows, inputs), true);
        let b = operand(weight, 1, (inputs, outputs), false);
        multiply(&Product { batch: 1, m: rows, n: outputs, k: inputs, a, b, accumulate: false, epilogue }, y);
        Ok(())
    }
}

/// Products of a batch: a side that comes once serves them all.
fn batches(batch_a: usize, batch_b: usize) -> usize {
    match (batch_a, batch_b) {
        (1, batch) | (batch, 1) => batch,
        (a, b) if a == b => a,
        _ => crate::door::fail(&format!(
            "batches of {batch_a} and {batch_b} matrices: expected as many, or one of them 1"
        )),
    }
}

fn operand(data: &[f32], batch: usize, (rows, cols): (usize, usize), along_k: bool) -> Operand<'_> {
    Operand::new(data, cols, along_k).batch(if batch == 1 { 0 } else { rows * cols })
}

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn gemm_use_tile(wide: bool) {
    product::use_wide_tile(wide);
}
