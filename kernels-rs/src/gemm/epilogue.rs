//! What happens to a finished tile of C while it is still in the cache: bias and activation.

use crate::door::Refusal;
use crate::elementwise::math::called::{sigmoid, tanh};
use crate::machine::simd::{F32x4, LANES};
use crate::machine::tiles::Tile;

/// The numbers are those of `Activation` in the tensor package.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    None,
    Relu,
    Sigmoid,
    Tanh,
}

impl Activation {
    pub const ALL: [Activation; 4] = [Activation::None, Activation::Relu, Activation::Sigmoid, Activation::Tanh];

    pub fn of(code: u32) -> Result<Activation, Refusal> {
        let known = Activation::ALL.get(code as usize).copied();
        known.ok_or_else(|| format!("activation {code} came, expected 0 none, 1 relu, 2 sigmoid or 3 tanh"))
    }
}

/// c = activation(c + bias), the bias a number for each column; an empty one is none.
#[derive(Clone, Copy)]
pub struct Epilogue<'a> {
    pub bias: &'a [f32],
    pub activation: Activation,
}

impl Epilogue<'_> {
    pub const NONE: Epilogue<'static> = Epilogue { bias: &[], activation: Activation::None };

    /// Finishes a tile whose first column is column `col` of C.
    pub fn finish(&self, tile: &mut Tile<f32>, col: usize) {
        if self.bias.is_empty() && self.activation == Activation::None {
            return;
        }
        let bias = if self.bias.is_empty() { &[] } else { &self.bias[col..][..tile.cols()] };
        for row in 0..tile.rows() {
            let row = tile.row(row);
            match self.activation {
                Activation::None => finish_row(row, bias, |x| x),
                Activation::Relu => finish_row(row, bias, |x| x.max(F32x4::ZERO)),
                Activation::Sigmoid => finish_row(row, bias, sigmoid),
                Activation::Tanh => finish_row(row, bias, tanh),
            }
        }
    }
}

#[inline(always)]
fn finish_row(row: &mut [f32], bias: &[f32], activation: impl Fn(F32x4) -> F32x4) {
    let (body, rest) = row.as_chunks_mut::<LANES>();
    let (bias_body, bias_rest) = bias.as_chunks::<LANES>();
    for (at, lanes) in body.iter_mut().enumerate() {
        let bias = bias_body.get(at).map_or(F32x4::ZERO, F32x4::load);
        activation(F32x4::load(lanes) + bias).store(lanes);
    }
    for (at, item) in rest.iter_mut().enumerate() {
        let bias = bias_rest.get(at).copied().unwrap_or(0.0);
        *item = activation(F32x4::splat(*item + bias)).to_array()[0];
    }
}
