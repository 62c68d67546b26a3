//! Convolutions of few input channels (images): each patch lies in one piece of a copy of a few rows (`band`), so that
//! gemm's rows and the kernels here read it where it lies.

mod backward_input;
mod backward_weight;
mod band;
mod forward;

use super::geometry::ConvGeometry;
use crate::gemm::rows;
use crate::machine::simd::LANES;

pub use backward_input::backward_input;
pub use backward_weight::backward_weight;
pub use forward::forward;

/// Whether the kernels here can compute it, and well.
pub fn is_for(g: &ConvGeometry) -> bool {
    g.groups == 1
        && g.dilation_width == 1
        && g.in_channels <= 4
        && rows::is_for(band::depth(g), g.out_channels)
        && rows::is_for(g.out_channels, band::depth(g))
        && g.out_channels.is_multiple_of(LANES)
        && (4..=256).contains(&g.out_width)
}
