//! Batch normalization over rows of channels, with the activation behind it in the same pass.
//!
//! `statistics`: mean and variance; `normalize`: forward and backward. `rows`: how rows are walked; `ending`: activations.
//! Each kernel reads its large arrays once (the gradient twice: it needs two sums first).

use crate::door::{Refusal, kernel};

pub mod ending;
pub mod normalize;
mod rows;
mod statistics;

use ending::with_ending;
use normalize::Normalization;
use rows::Rows;

kernel! {
    /// The mean of each channel and its biased variance, by which a batch is normalized.
    fn batch_norm_statistics(rows: usize, channels: usize; x: f32[rows * channels];
        mean: f32[channels], variance: f32[channels]) {
        if rows * channels > 0 {
            statistics::moments(Rows::new(rows, channels), x, mean, variance);
        }
    }

    /// Moves running statistics by `momentum` toward those of a batch of `rows`, whose variance is made unbiased.
    fn batch_norm_track(rows: usize, channels: usize, momentum: f64; mean: f32[channels], variance: f32[channels];
        running_mean: f32[channels], running_variance: f32[channels]) {
        let unbias = rows as f64 / (rows as f64 - 1.0);
        let mix = |old: f32, new: f64| (f64::from(old) * (1.0 - momentum) + new * momentum) as f32;
        for c in 0..channels {
            running_mean[c] = mix(running_mean[c], f64::from(mean[c]));
            running_variance[c] = mix(running_variance[c], f64::from(variance[c]) * unbias);
        }
    }

    /// y = activation((x − mean) / √(variance + eps) · weight + bias).
    fn batch_norm_forward(rows: usize, channels: usize, eps: f64, activation: u32, affine: bool;
        x: f32[rows * channels], mean: f32[channels], variance: f32[channels],
        weight: f32[if affine { channels } else { 0 }], bias: f32[if affine { channels } else { 0 }];
        y: f32[rows * channels]) -> Result<(), Refusal> {
        let norm = Normalization::new(Rows::new(rows, channels), eps, mean, variance, weight, bias);
        with_ending!(activation, E => norm.forward::<E>(x, y))
    }

    /// The gradients of all that is wanted; `of_batch`: mean and variance are those of x and have a share in dx.
    /// dweight and dbias are written always, dx where `wants_x`.
    fn batch_norm_backward(rows: usize, channels: usize, eps: f64, activation: u32, affine: bool, of_batch: bool, wants_x: bool;
        x: f32[rows * channels], mean: f32[channels], variance: f32[channels],
        weight: f32[if affine { channels } else { 0 }], bias: f32[if affine { channels } else { 0 }],
        dy: f32[rows * channels];
        dx: f32[if wants_x { rows * channels } else { 0 }], dweight: f32[channels], dbias: f32[channels])
        -> Result<(), Refusal> {
        let norm = Normalization::new(Rows::new(rows, channels), eps, mean, variance, weight, bias);
        with_ending!(activation, E => norm.backward::<E>(of_batch, (x, dy), dx, (dweight, dbias)))
    }
}
