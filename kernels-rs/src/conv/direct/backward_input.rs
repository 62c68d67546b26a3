//! dx from dy: each place's gradients of its whole patch by one product, then added where the patches overlap.

use super::{PLACES, band_row_len, run_len, step};
use crate::buffers::with_scratch;
use crate::conv::geometry::ConvGeometry;
use crate::gemm::blocking::steps;
use crate::gemm::microkernel::{NV, Step};
use crate::gemm::pack::{Operand, Pack};
use crate::lanes;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunks, parallel_with_scratch, threads};
use core::sync::atomic::{Ordering::SeqCst, compiler_fence};

pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    if dx.is_empty() {
        return;
    }
    let patch = g.kernel_height * run_len(g);
    let patch_padded = patch.next_multiple_of(NV * LANES);
    let dy_row_len = g.out_width * g.out_channels;
    let (height, row_len) = (g.height + g.pad_top + g.pad_bottom, band_row_len(g));
    let (b_len, patches_len) = (patch_padded * g.out_channels, g.out_width * patch_padded);
    with_scratch(b_len + threads() * (patches_len + height * row_len), |scratch| {
        let (b, scratch) = scratch.split_at_mut(b_len);
        let b = steps::<NV>(b);
        Operand::new(weight, g.out_channels, true).pack(0..patch, 0..g.out_channels, b);
        let b = &*b;
        parallel_with_scratch(chunks(dx, g.height * g.width * g.in_channels), scratch, |image, dx, scratch| {
            let (patches, padded) = scratch.split_at_mut(patches_len);
            padded.fill(0.0);
            for row in 0..g.out_height {
                let dy = &dy[(image * g.out_height + row) * dy_row_len..][..dy_row_len];
                for (b, col) in b.chunks_exact(g.out_channels).zip((0..).step_by(NV * LANES)) {
                    multiply_row(dy, b, (patches, patch_padded, col));
                }
                for down in 0..g.kernel_height {
                    let into = row * g.stride_height + down * g.dilation_height;
                    let into = &mut padded[into * row_len..][..row_len];
                    let patches = patches.chunks_exact(patch_padded).map(|patch| &patch[down * run_len(g)..]);
                    add_runs(patches, (run_len(g), step(g)), into);
                }
            }
            take_inside(g, padded, dx);
        });
    });
}

/// One panel of the patches of a row of places.
#[inline(never)]
fn multiply_row<const V: usize>(dy: &[f32], b: &[Step<V>], (patches, len, col): (&mut [f32], usize, usize)) {
    let width = patches.len() / len;
    for place in (0..width).step_by(PLACES) {
        let place = place.min(width - PLACES);
        let rows: [&[f32]; PLACES] = core::array::from_fn(|p| &dy[(place + p) * b.len()..][..b.len()]);
        let mut sums = [[F32x4::ZERO; V]; PLACES];
        for (at, b) in b.iter().enumerate() {
            let b: [F32x4; V] = core::array::from_fn(|v| F32x4::load(&b[v]));
            for (sums, row) in sums.iter_mut().zip(rows) {
                compiler_fence(SeqCst);
                let a = F32x4::splat(row[at]);
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = a.madd(b, *sum);
                }
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            let patch = patches[(place + p) * len + col..][..V * LANES].as_chunks_mut::<LANES>().0;
            patch.iter_mut().zip(sums).for_each(|(patch, sum)| sum.store(patch));
        }
    }
}

/// Adds each place's run to the row of x that it saw.
fn add_runs<'a>(patches: impl Iterator<Item = &'a [f32]>, (len, step): (usize, usize), mut into: &mut [f32]) {
    for patch in patches {
        for (x, run) in into[..len].iter_mut().zip(&patch[..len]) {
            *x += run;
        }
        into = &mut into[step..];
    }
}

/// An image's gradient from that of the padded image.
fn take_inside(g: &ConvGeometry, padded: &[f32], dx: &mut [f32]) {
    let left = g.pad_left * g.in_channels;
    let rows = padded.chunks_exact(band_row_len(g)).skip(g.pad_top);
    for (dx, row) in dx.chunks_exact_mut(g.width * g.in_channels).zip(rows) {
        let row = row.get(left..).unwrap_or_default();
        let have = dx.len().min(row.len());
        lanes::map([&row[..have]], &mut dx[..have], |[x]| x);
        // What no place sees, at the right, has no gradient.
        dx[have..].fill(0.0);
    }
}
