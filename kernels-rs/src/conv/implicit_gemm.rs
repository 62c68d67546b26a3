//! Any convolution as a matrix product whose operand is packed straight from the image (`patches`).
//!
//! - forward: y [places, outputs] = patches of x · weight
//! - gradient of x: dx [pixels, inputs] = patches of dy · turned weight. With a stride, pixels fall into classes by their
//!   distance from the last tap's grid; each class is a product of its own with the taps that reach it.
//! - gradient of weight: dw [(tap, input), outputs] = (patches of x)ᵀ · dy
//!
//! A group is a product of its own over its channels. The tiles of a result go to the threads; a sum is never cut.

use super::geometry::ConvGeometry;
use super::patches::{Channels, PatchColumns, Patches, TurnedWeight};
use super::reach::{Class, looking_at_x, looking_at_y};
use crate::buffers::with_scratch;
use crate::gemm::blocking::{fill, scratch_len};
use crate::gemm::epilogue::Epilogue;
use crate::gemm::microkernel::{MR, NV, NV_WIDE};
use crate::gemm::pack::{Operand, Pack};
use crate::gemm::product::{Product, is_tile_wide};
use crate::machine::threads::{chunks, parallel_with_scratch, threads};
use crate::machine::tiles::{Place, Tile, tiles};

pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    let Class { down, across, .. } = looking_at_x(g);
    let outputs = g.group_outputs();
    multiply(g.groups, y, |group| {
        let a = Patches { source: x, down: &down, across: &across, channels: inputs_of(g, group) };
        let b = Operand::new(&weight[group * outputs..], g.out_channels, false);
        let bias = if epilogue.bias.is_empty() { &[] } else { &epilogue.bias[group * outputs..][..outputs] };
        let epilogue = Epilogue { bias, ..epilogue };
        Product { batch: 1, m: g.places(), n: outputs, k: a.depth(), a, b, accumulate: false, epilogue }
    });
}

pub fn backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let Class { down, across, .. } = looking_at_x(g);
    let outputs = g.group_outputs();
    multiply(g.groups, dw, |group| {
        let patches = Patches { source: x, down: &down, across: &across, channels: inputs_of(g, group) };
        let b = Operand::new(dy.get(group * outputs..).unwrap_or_default(), g.out_channels, false);
        let (m, a) = (patches.depth(), PatchColumns(patches));
        Product { batch: 1, m, n: outputs, k: g.places(), a, b, accumulate: false, epilogue: Epilogue::NONE }
    });
}

pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    let classes = looking_at_y(g);
    if let [class] = &classes[..] {
        let pixels = g.batch * g.height * g.width;
        return multiply(g.groups, dx, |group| class.product(g, (dy, weight), group, pixels));
    }
    if is_tile_wide() {
        backward_input_by_classes::<NV_WIDE>(g, &classes, (dy, weight), dx);
    } else {
        backward_input_by_classes::<NV>(g, &classes, (dy, weight), dx);
    }
}

fn inputs_of(g: &ConvGeometry, group: usize) -> Channels {
    Channels { each: g.in_channels, first: group * g.group_inputs(), count: g.group_inputs() }
}

fn outputs_of(g: &ConvGeometry, group: usize) -> Channels {
    Channels { each: g.out_channels, first: group * g.group_outputs(), count: g.group_outputs() }
}

/// Multiplies [m, k] by [k, n] for each group, the results side by side in C [m, groups * n].
fn multiply<'a, A, B>(groups: usize, c: &mut [f32], product: impl Fn(usize) -> Product<'a, A, B> + Sync)
where
    A: Pack<1>,
    B: Pack<NV> + Pack<NV_WIDE>,
{
    if c.is_empty() {
        return;
    }
    if is_tile_wide() {
        multiply_with::<NV_WIDE, A, B>(groups, c, product);
    } else {
        multiply_with::<NV, A, B>(groups, c, product);
    }
}

fn multiply_with<'a, const V: usize, A: Pack<1>, B: Pack<V>>(
    groups: usize,
    c: &mut [f32],
    product: impl Fn(usize) -> Product<'a, A, B> + Sync,
) {
    let first = product(0);
    let (m, n) = (first.m, first.n);
    let (rows, cols) = match threads() {
        threads if threads > 1 && first.is_worth_threads(groups) => match groups {
            1 => first.tile_size((m, n), threads),
            _ => (m.div_ceil((2 * threads).div_ceil(groups)).next_multiple_of(MR), n),
        },
        _ => (m, n),
    };
    with_scratch(threads() * scratch_len::<V>(rows.min(m), cols, first.k), |scratch| {
        parallel_with_scratch(tiles(c, (m, groups * n), (rows, cols)), scratch, |_, (place, tile), scratch| {
            let product = product(place.col / n);
            fill::<V, A, B>(&product, Place { col: place.col % n, ..place }, tile, scratch);
        });
    });
}

impl Class {
    /// The gradients of `pixels` of its pixels.
    fn product<'a>(
        &'a self,
        g: &ConvGeometry,
        (dy, weight): (&'a [f32], &'a [f32]),
        group: usize,
        pixels: usize,
    ) -> Product<'a, Patches<'a>, TurnedWeight<'a>> {
        let channels = outputs_of(g, group);
        let a = Patches { source: dy, down: &self.down, across: &self.across, channels };
        let (n, k) = (g.group_inputs(), a.depth());
        let b = TurnedWeight { weight, taps: &self.taps, inputs: n, outputs: channels };
        Product { batch: 1, m: pixels, n, k, a, b, accumulate: false, epilogue: Epilogue::NONE }
    }
}

/// With a stride: some images, or rows of one, at a time, class by class into scratch memory and from there to their places.
fn backward_input_by_classes<const V: usize>(
    g: &ConvGeometry,
    classes: &[Class],
    (dy, weight): (&[f32], &[f32]),
    dx: &mut [f32],
) {
    if dx.is_empty() {
        return;
    }
    let (n, row_len) = (g.group_inputs(), g.width * g.in_channels);
    let rows = rows_a_piece(g);
    let images = (rows / g.height).max(1);
    let rows = rows.min(g.height);
    let largest = |class: &Class| images * class.down.count.min(rows.div_ceil(g.stride_height)) * class.across.count;
    let pixels = classes.iter().map(largest).max().unwrap_or(0);
    let depth = classes.iter().map(|class| class.taps.len() * g.group_outputs()).max().unwrap_or(0);
    let each = pixels * n + scratch_len::<V>(pixels, n, depth);
    with_scratch(threads() * each, |scratch| {
        parallel_with_scratch(chunks(dx, images * rows * row_len), scratch, |index, dx, scratch| {
            let (c, scratch) = scratch.split_at_mut(pixels * n);
            let first_row = index * images * rows;
            let (image, top) = (first_row / g.height, first_row % g.height);
            for class in classes {
                // Rows of the class above `top`, and above the end of this piece.
                let until = |row: usize| row.saturating_sub(class.top).div_ceil(g.stride_height).min(class.down.count);
                let (from, to) = (until(top), until(top + rows));
                if from == to || class.across.count == 0 {
                    continue;
                }
                let pixels = dx.len().div_ceil(rows * row_len) * (to - from) * class.across.count;
                let first = (image * class.down.count + from) * class.across.count;
                for group in 0..g.groups {
                    let c = &mut c[..pixels * n];
                    let product = class.product(g, (dy, weight), group, pixels);
                    fill::<V, _, _>(&product, Place { matrix: 0, row: first, col: 0 }, Tile::whole(c, n), scratch);
                    class.scatter(g, (from * g.stride_height + class.top - top, to - from, rows), group, c, dx);
                }
            }
        });
    });
}

/// Rows of x (over all images) that one piece of the work has: whole images, or an even part of one.
fn rows_a_piece(g: &ConvGeometry) -> usize {
    const PIXELS: usize = 2048;
    let images = (PIXELS / (g.height * g.width)).clamp(1, g.batch.div_ceil(2 * threads()).max(1));
    let parts = match threads() {
        threads if threads > g.batch => {
            (1..=g.height).find(|parts| g.height.is_multiple_of(*parts) && parts * g.batch >= threads)
        }
        _ => Some(1),
    };
    if parts == Some(1) { images * g.height } else { g.height / parts.unwrap_or(g.height) }
}

impl Class {
    /// Copies its pixels, `count` rows of each image from row `first` of `rows` on, to their places in dx.
    fn scatter(
        &self,
        g: &ConvGeometry,
        (first, count, rows): (usize, usize, usize),
        group: usize,
        c: &[f32],
        dx: &mut [f32],
    ) {
        let n = g.group_inputs();
        let row_len = g.width * g.in_channels;
        for (at, c) in c.chunks_exact(self.across.count * n).enumerate() {
            let row = at / count * rows + first + at % count * g.stride_height;
            let dx = &mut dx[row * row_len..][..row_len];
            let pixels = dx.chunks_exact_mut(g.in_channels).skip(self.left).step_by(g.stride_width);
            for (pixel, c) in pixels.zip(c.chunks_exact(n)) {
                pixel[group * n..][..n].copy_from_slice(c);
            }
        }
    }
}
