//! Pooling over images [batch, height, width, channels]: the largest or the average of each window.
//!
//! `windows`: where they lie, regular and adaptive; `max`, `average`: what is taken of them.

use crate::door::{Refusal, kernel};

mod average;
mod max;
#[cfg(test)]
mod tests;
mod windows;

use average::Divisor;
use windows::PoolGeometry;

kernel! {
    /// The largest of each window and its place, for windows of at most 256 cells.
    fn max_pool_forward[geometry: PoolGeometry = batch, height, width, channels, out_height, out_width, kernel_height,
        kernel_width, stride_height, stride_width, pad_top, pad_left, pad_bottom, pad_right, dilation_height, dilation_width](
        ; x: f32[geometry.inputs()]; y: f32[geometry.outputs()], place: u8[geometry.outputs()]) -> Result<(), Refusal> {
        if geometry.cells() > 256 {
            return Err(format!("max pool: windows of {} cells came for places of a byte", geometry.cells()));
        }
        max::forward(geometry, x, y, place);
        Ok(())
    }

    /// dx of `max_pool_forward`.
    fn max_pool_backward[geometry: PoolGeometry = batch, height, width, channels, out_height, out_width, kernel_height,
        kernel_width, stride_height, stride_width, pad_top, pad_left, pad_bottom, pad_right, dilation_height, dilation_width](
        ; dy: f32[geometry.outputs()], place: u8[geometry.outputs()]; dx: f32[geometry.inputs()]) -> Result<(), Refusal> {
        max::backward(geometry, dy, place, dx)
    }

    /// As `max_pool_forward`, for windows of any size.
    fn max_pool_large_forward[geometry: PoolGeometry = batch, height, width, channels, out_height, out_width, kernel_height,
        kernel_width, stride_height, stride_width, pad_top, pad_left, pad_bottom, pad_right, dilation_height, dilation_width](
        ; x: f32[geometry.inputs()]; y: f32[geometry.outputs()], place: i32[geometry.outputs()]) {
        max::forward(geometry, x, y, place);
    }

    /// dx of `max_pool_large_forward`.
    fn max_pool_large_backward[geometry: PoolGeometry = batch, height, width, channels, out_height, out_width, kernel_height,
        kernel_width, stride_height, stride_width, pad_top, pad_left, pad_bottom, pad_right, dilation_height, dilation_width](
        ; dy: f32[geometry.outputs()], place: i32[geometry.outputs()]; dx: f32[geometry.inputs()]) -> Result<(), Refusal> {
        max::backward(geometry, dy, place, dx)
    }

    /// The average of each window: the sum by `divisor`, or by the window's cells where that is 0.
    fn average_pool_forward[geometry: PoolGeometry = batch, height, width, channels, out_height, out_width, kernel_height,
        kernel_width, stride_height, stride_width, pad_top, pad_left, pad_bottom, pad_right, dilation_height, dilation_width](
        include_padding: bool, divisor: f64; x: f32[geometry.inputs()]; y: f32[geometry.outputs()]) {
        average::forward(geometry, Divisor::new(divisor, include_padding), x, y);
    }

    /// dx of `average_pool_forward`.
    fn average_pool_backward[geometry: PoolGeometry = batch, height, width, channels, out_height, out_width, kernel_height,
        kernel_width, stride_height, stride_width, pad_top, pad_left, pad_bottom, pad_right, dilation_height, dilation_width](
        include_padding: bool, divisor: f64; dy: f32[geometry.outputs()]; dx: f32[geometry.inputs()]) {
        average::backward(geometry, Divisor::new(divisor, include_padding), dy, dx);
    }
}
