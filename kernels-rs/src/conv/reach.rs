//! Which pixels of an image reach which places of the other side, and through which taps of the kernel.

use super::geometry::ConvGeometry;

/// One direction of the image looked at, of `size` pixels: place i of `count` sees pixel `first + i * step + taps[t]`.
#[derive(Clone, Debug)]
pub struct Axis {
    pub size: usize,
    pub count: usize,
    pub first: isize,
    pub step: usize,
    pub taps: Vec<isize>,
}

/// Places that see the other side through the same taps: rows `top, top + stride_down, ...` of all columns
/// `left, left + stride_across, ...`.
pub struct Class {
    pub top: usize,
    pub left: usize,
    pub stride_down: usize,
    pub stride_across: usize,
    pub down: Axis,
    pub across: Axis,
    /// Where the taps stand in the weight, row by row.
    pub taps: Vec<usize>,
}

/// What the places of y see of x: all of them through all taps.
pub fn looking_at_x(g: &ConvGeometry) -> Class {
    let taps = |count: usize, dilation: usize| (0..count).map(|tap| (tap * dilation) as isize).collect();
    let down = Axis {
        size: g.height,
        count: g.out_height,
        first: -(g.pad_top as isize),
        step: g.stride_height,
        taps: taps(g.kernel_height, g.dilation_height),
    };
    let across = Axis {
        size: g.width,
        count: g.out_width,
        first: -(g.pad_left as isize),
        step: g.stride_width,
        taps: taps(g.kernel_width, g.dilation_width),
    };
    let taps = (0..g.kernel_height * g.kernel_width).collect();
    Class { top: 0, left: 0, stride_down: 1, stride_across: 1, down, across, taps }
}

/// What the pixels of x see of y. With a stride they fall into classes: a tap leads only every stride-th pixel to a place.
pub fn looking_at_y(g: &ConvGeometry) -> Vec<Class> {
    let rows = axes_to_y([g.height, g.out_height, g.stride_height, g.dilation_height, g.pad_top], g.kernel_height);
    let cols = axes_to_y([g.width, g.out_width, g.stride_width, g.dilation_width, g.pad_left], g.kernel_width);
    let mut classes = Vec::new();
    for (top, down, rows) in &rows {
        for (left, across, cols) in &cols {
            let taps = rows.iter().flat_map(|row| cols.iter().map(move |col| row * g.kernel_width + col)).collect();
            let (stride_down, stride_across) = (g.stride_height, g.stride_width);
            let (down, across) = (down.clone(), across.clone());
            classes.push(Class { top: *top, left: *left, stride_down, stride_across, down, across, taps });
        }
    }
    classes
}

/// One direction of each class: its first pixel, how it looks at y, and its taps.
fn axes_to_y([size, count, stride, dilation, pad]: [usize; 5], kernel: usize) -> Vec<(usize, Axis, Vec<usize>)> {
    let class = |residue| {
        // Pixel p meets tap t at place (p + pad - t * dilation) / stride, where that is whole.
        let first = (residue + stride - pad % stride) % stride;
        let taps: Vec<usize> = (0..kernel).filter(|tap| tap * dilation % stride == residue).collect();
        let axis = Axis {
            size: count,
            count: size.saturating_sub(first).div_ceil(stride),
            first: ((first + pad) / stride) as isize,
            step: 1,
            taps: taps.iter().map(|tap| -((tap * dilation / stride) as isize)).collect(),
        };
        (first, axis, taps)
    };
    (0..stride).map(class).collect()
}
