//! Convolutions: forward, the input's gradient and the weight's, each alone; and the same fused with a 2x2 max-pool.
//!
//! - `geometry`: the numbers of a convolution, checked. `choose`: which algorithm computes it.
//! - `naive`: the definition as loops, the twin of all that follows.
//! - `implicit_gemm`: any convolution as a product, its patches (`patches`) packed straight from the image.
//! - `direct`: for few input channels. `depthwise`: a kernel for each channel. `reach`: which pixels reach which places.
//! - `winograd`: 3x3 convolutions of stride 1, alone or fused with a 2x2 max-pool.
//!
//! The exports' numbers and buffers, in order, G being the seventeen numbers of `ConvGeometry`:
//!
//! ```text
//! conv2d_forward(G, activation, x, weight, bias or 0, y)
//! conv2d_backward_input(G, dy, weight, dx)              conv2d_backward_weight(G, x, dy, dw)
//! conv2d_max_pool_forward(G, x, weight, bias or 0, y pooled, index u8)
//! conv2d_max_pool_backward_input(G, dy, index, weight, dx)
//! conv2d_max_pool_backward_weight(G, x, dy, index, dw)
//! ```
//! The gradient of the bias is the sum of dy's rows: `reduce` has it. An index is row * 2 + column of the window's item
//! that won: the first of equals, a NaN before all.

mod choose;
mod depthwise;
mod direct;
pub mod geometry;
mod halve;
mod implicit_gemm;
#[cfg(test)]
mod naive;
mod patches;
mod reach;
#[cfg(test)]
mod testing;
mod winograd;

use crate::door::{Refusal, kernel, optional};
use crate::gemm::epilogue::{Activation, Epilogue};
use geometry::ConvGeometry;

/// Kernels whose first numbers are a geometry, in the order of its fields.
macro_rules! conv_kernels {
    ($($(#[$doc:meta])* fn $name:ident[$g:ident]($($rest:tt)*) -> $verdict:ty $body:block)*) => {
        kernel! {$(
            $(#[$doc])*
            fn $name[
                $g: ConvGeometry =
                    batch, height, width, in_channels, out_channels, kernel_height, kernel_width, stride_height,
                    stride_width, pad_top, pad_left, pad_bottom, pad_right, dilation_height, dilation_width, groups, direct
            ]($($rest)*) -> $verdict $body
        )*}
    };
}

conv_kernels! {
    /// y = activation(x * weight + bias).
    fn conv2d_forward[g](activation: u32;
        x: f32[g.x_len()], weight: f32[g.weight_len()], bias: f32[optional(bias, g.out_channels)];
        y: f32[g.y_len()]) -> Result<(), Refusal> {
        let activation = Activation::of(activation)?;
        choose::forward(g, x, weight, Epilogue { bias, activation }, y);
        Ok(())
    }

    /// dx, the gradient of x.
    fn conv2d_backward_input[g](;
        dy: f32[g.y_len()], weight: f32[g.weight_len()]; dx: f32[g.x_len()]) -> Result<(), Refusal> {
        choose::backward_input(g, dy, weight, dx);
        Ok(())
    }

    /// dw, the gradient of weight.
    fn conv2d_backward_weight[g](;
        x: f32[g.x_len()], dy: f32[g.y_len()]; dw: f32[g.weight_len()]) -> Result<(), Refusal> {
        choose::backward_weight(g, x, dy, dw);
        Ok(())
    }

    /// y and index = max-pool(x * weight + bias).
    fn conv2d_max_pool_forward[g](;
        x: f32[g.x_len()], weight: f32[g.weight_len()], bias: f32[optional(bias, g.out_channels)];
        y: f32[g.pooled_len()], index: u8[g.pooled_len()]) -> Result<(), Refusal> {
        g.check_pooled()?;
        choose::max_pool_forward(g, x, weight, bias, y, index);
        Ok(())
    }

    /// dx, the gradient of x, from the gradient of the pooled result.
    fn conv2d_max_pool_backward_input[g](;
        dy: f32[g.pooled_len()], index: u8[g.pooled_len()], weight: f32[g.weight_len()];
        dx: f32[g.x_len()]) -> Result<(), Refusal> {
        g.check_pooled()?;
        winograd::max_pool_backward_input(g, dy, index, weight, dx);
        Ok(())
    }

    /// dw, the gradient of weight, from the gradient of the pooled result.
    fn conv2d_max_pool_backward_weight[g](;
        x: f32[g.x_len()], dy: f32[g.pooled_len()], index: u8[g.pooled_len()];
        dw: f32[g.weight_len()]) -> Result<(), Refusal> {
        g.check_pooled()?;
        winograd::max_pool_backward_weight(g, x, dy, index, dw);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
