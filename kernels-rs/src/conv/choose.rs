//! Which algorithm computes a convolution: the one place that knows.

use super::geometry::ConvGeometry;
use super::implicit_gemm;
use crate::gemm::epilogue::Epilogue;
use crate::gemm::pack::Operand;
use crate::gemm::product::{Product, multiply};

/// The ways to compute a convolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Algorithm {
    /// A matrix product of x as it lies.
    Gemm,
    ImplicitGemm,
}

pub fn choose(g: &ConvGeometry) -> Algorithm {
    if g.is_matrix_product() { Algorithm::Gemm } else { Algorithm::ImplicitGemm }
}

pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    match choose(g) {
        Algorithm::Gemm => {
            let (m, n, k) = (g.places(), g.out_channels, g.in_channels);
            let (a, b) = (Operand::new(x, k, true), Operand::new(weight, n, false));
            multiply(&Product { batch: 1, m, n, k, a, b, accumulate: false, epilogue }, y);
        }
        Algorithm::ImplicitGemm => implicit_gemm::forward(g, x, weight, epilogue, y),
    }
}

pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    match choose(g) {
        Algorithm::Gemm => {
            let (m, n, k) = (g.places(), g.in_channels, g.out_channels);
            let (a, b) = (Operand::new(dy, k, true), Operand::new(weight, k, true));
            multiply(&Product { batch: 1, m, n, k, a, b, accumulate: false, epilogue: Epilogue::NONE }, dx);
        }
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
        Algorithm::ImplicitGemm => implicit_gemm::backward_weight(g, x, dy, dw),
    }
}
