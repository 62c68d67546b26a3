//! Steps of optimizers, in place. Moments that have decayed to next to nothing are flushed to zero: wasm has no mode for
//! denormals, which are slow and, times 0.9, never reach zero.
//!
//! - `sgd`, `adam`: element by element. `muon`: the momentum of a matrix, orthogonalized. `average`: moving averages.

pub mod adam;
pub mod average;
pub mod muon;
pub mod sgd;

use crate::machine::simd::F32x4;

/// Moments below this are zero.
const TINY: f32 = 1e-30;

#[inline(always)]
fn flushed(moment: F32x4) -> F32x4 {
    moment.abs().lt(F32x4::splat(TINY)).select(F32x4::ZERO, moment)
}
