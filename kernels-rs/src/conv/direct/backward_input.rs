//! dx from dy: each place's gradients of its whole patch by one product, then added where the patches overlap.

use super::band::depth;
use crate::buffers::with_scratch;
use crate::conv::geometry::ConvGeometry;
use crate::gemm::pack::Operand;
use crate::gemm::rows::{Packed, packed_len};
use crate::lanes;
use crate::machine::threads::{chunks, parallel_with_scratch, threads};

pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    if dx.is_empty() {
        return;
    }
    let (patch, outputs) = (depth(g), g.out_channels);
    let dy_row_len = g.out_width * outputs;
    let row_len = (g.width + g.pad_left + g.pad_right) * g.in_channels;
    let padded_len = (g.height + g.pad_top + g.pad_bottom) * row_len;
    let (packed_len, patches_len) = (packed_len(outputs, patch), g.out_width * patch);
    with_scratch(packed_len + threads() * (patches_len + padded_len), |scratch| {
        let (packed, scratch) = scratch.split_at_mut(packed_len);
        let turned = Operand::new(weight, outputs, true);
        let weight = Packed::new(turned, patch, core::iter::once(0..outputs), &[], packed);
        parallel_with_scratch(chunks(dx, g.height * g.width * g.in_channels), scratch, |image, dx, scratch| {
            let (patches, padded) = scratch[..patches_len + padded_len].split_at_mut(patches_len);
            padded.fill(0.0);
            for row in 0..g.out_height {
                weight.multiply(&dy[(image * g.out_height + row) * dy_row_len..][..dy_row_len], outputs, patches);
                for down in 0..g.kernel_height {
                    let into = row * g.stride_height + down * g.dilation_height;
                    add_runs(g, patches, down, &mut padded[into * row_len..][..row_len]);
                }
            }
            // The image from the padded one.
            let rows = padded.chunks_exact(row_len).skip(g.pad_top);
            for (dx, row) in dx.chunks_exact_mut(g.width * g.in_channels).zip(rows) {
                lanes::map([&row[g.pad_left * g.in_channels..]], dx, |[x]| x);
            }
        });
    });
}

/// Adds each patch's run of row `down` to the pixels of x that it saw.
fn add_runs(g: &ConvGeometry, patches: &[f32], down: usize, mut into: &mut [f32]) {
    let (run, step) = (g.kernel_width * g.in_channels, g.stride_width * g.in_channels);
    for patch in patches.chunks_exact(depth(g)) {
        for (x, more) in into[..run].iter_mut().zip(&patch[down * run..][..run]) {
            *x += more;
        }
        into = into.get_mut(step..).unwrap_or_default();
    }
}
