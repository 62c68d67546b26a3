//! Which algorithm computes a convolution: the one place that knows.

use super::geometry::ConvGeometry;
use super::halve::halve;
use super::{depthwise, direct, implicit_gemm, winograd};
use crate::buffers::with_scratch;
use crate::gemm::epilogue::Epilogue;
use crate::gemm::pack::Operand;
use crate::gemm::product::{Product, multiply};

/// The ways to compute a convolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Algorithm {
    /// A matrix product of x as it lies.
    Gemm,
    Depthwise,
    /// For few input channels.
    Direct,
    /// 3x3, stride 1, channels enough to fill its vectors, pixels enough to be worth its filters.
    Winograd,
    ImplicitGemm,
}

/// With fewer the transforms outweigh the products.
const WINOGRAD_CHANNELS: usize = 8;
/// Pixels of the result; for fewer the filters are not worth transforming: a network's last layers, on one image.
const WINOGRAD_PLACES: usize = 100;

pub fn choose(g: &ConvGeometry) -> Algorithm {
    if g.is_matrix_product() {
        Algorithm::Gemm
    } else if g.group_inputs() == 1 && g.group_outputs() == 1 {
        Algorithm::Depthwise
    } else if direct::is_for(g) {
        Algorithm::Direct
    } else if g.is_plain_3x3()
        && g.places() >= WINOGRAD_PLACES
        && g.in_channels >= WINOGRAD_CHANNELS
        && g.out_channels >= WINOGRAD_CHANNELS
    {
        Algorithm::Winograd
    } else {
        Algorithm::ImplicitGemm
    }
}

pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    match choose(g) {
        Algorithm::Gemm => {
            let (m, n, k) = (g.places(), g.out_channels, g.in_channels);
            let (a, b) = (Operand::new(x, k, true), Operand::new(weight, n, false));
            multiply(&Product { batch: 1, m, n, k, a, b, accumulate: false, epilogue }, y);
        }
        Algorithm::Depthwise => depthwise::forward(g, x, weight, epilogue, y),
        Algorithm::Winograd => winograd::forward(g, x, weight, epilogue, y),
        Algorithm::Direct => direct::forward(g, x, weight, epilogue, y),
        Algorithm::ImplicitGemm => implicit_gemm::forward(g, x, weight, epilogue, y),
    }
}

/// y and index = max-pool(x * weight + bias).
pub fn max_pool_forward(g: &ConvGeometry, x: &[f32], weight: &[f32], bias: &[f32], y: &mut [f32], index: &mut [u8]) {
    if g.places() >= WINOGRAD_PLACES {
        winograd::max_pool_forward(g, x, weight, bias, y, index);
    } else {
        with_scratch(g.y_len(), |whole| {
            forward(g, x, weight, Epilogue { bias, ..Epilogue::NONE }, whole);
            halve(g, whole, y, index);
        });
    }
}

pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    match choose(g) {
        Algorithm::Gemm => {
            let (m, n, k) = (g.places(), g.in_channels, g.out_channels);
            let (a, b) = (Operand::new(dy, k, true), Operand::new(weight, k, true));
            multiply(&Product { batch: 1, m, n, k, a, b, accumulate: false, epilogue: Epilogue::NONE }, dx);
        }
        Algorithm::Depthwise => depthwise::backward_input(g, dy, weight, dx),
        Algorithm::Winograd => winograd::backward_input(g, dy, weight, dx),
        Algorithm::Direct => direct::backward_input(g, dy, weight, dx),
        Algorithm::ImplicitGemm => implicit_gemm::backward_input(g, dy, weight, dx),
    }
}

pub fn backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    match choose(g) {
        Algorithm::Gemm => {
            let (m, n, k) = (g.in_channels, g.out_channels, g.places());
            let (a, b) = (Operand::new(x, m, false), Operand::new(dy, n, false));
            multiply(&Product { batch: 1, m, n, k, a, b, accumulate: false, epilogue: Epilogue::NONE }, dw);
        }
        Algorithm::Depthwise => depthwise::backward_weight(g, x, dy, dw),
        Algorithm::Winograd => winograd::backward_weight(g, x, dy, dw),
        Algorithm::Direct => direct::backward_weight(g, x, dy, dw),
        Algorithm::ImplicitGemm => implicit_gemm::backward_weight(g, x, dy, dw),
    }
}
