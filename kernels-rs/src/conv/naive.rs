//! The plain twin of every pass: the definition written as loops, summed in f64. The algorithms are tested against it.

use super::geometry::ConvGeometry;

/// One product of the sum: places in x, weight and y.
struct Term {
    x: usize,
    weight: usize,
    y: usize,
}

/// Every term of the convolution, the terms of one item of y one behind the other.
fn each_term(g: &ConvGeometry, mut visit: impl FnMut(Term)) {
    let (inputs, outputs) = (g.group_inputs(), g.group_outputs());
    for y in 0..g.y_len() {
        let (out, pixel) = (y % g.out_channels, y / g.out_channels);
        let (col, row, image) =
            (pixel % g.out_width, pixel / g.out_width % g.out_height, pixel / g.out_width / g.out_height);
        for tap in 0..g.kernel_height * g.kernel_width {
            let (down, across) = (tap / g.kernel_width, tap % g.kernel_width);
            let above = (row * g.stride_height + down * g.dilation_height).checked_sub(g.pad_top);
            let left = (col * g.stride_width + across * g.dilation_width).checked_sub(g.pad_left);
            let (Some(h), Some(w)) = (above, left) else { continue };
            if h < g.height && w < g.width {
                let x = ((image * g.height + h) * g.width + w) * g.in_channels + out / outputs * inputs;
                let weight = tap * inputs * g.out_channels + out;
                (0..inputs).for_each(|i| visit(Term { x: x + i, weight: weight + i * g.out_channels, y }));
            }
        }
    }
}

/// y = x * weight + bias (empty: none), before any activation.
pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], bias: &[f32], y: &mut [f32]) {
    let mut sums: Vec<f64> =
        (0..y.len()).map(|at| bias.get(at % g.out_channels).copied().map_or(0.0, f64::from)).collect();
    each_term(g, |term| sums[term.y] += f64::from(x[term.x]) * f64::from(weight[term.weight]));
    round(&sums, y);
}

/// dx from dy.
pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    let mut sums = vec![0.0; dx.len()];
    each_term(g, |term| sums[term.x] += f64::from(dy[term.y]) * f64::from(weight[term.weight]));
    round(&sums, dx);
}

/// dw from dy.
pub fn backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let mut sums = vec![0.0; dw.len()];
    each_term(g, |term| sums[term.weight] += f64::from(dy[term.y]) * f64::from(x[term.x]));
    round(&sums, dw);
}

fn round(sums: &[f64], out: &mut [f32]) {
    out.iter_mut().zip(sums).for_each(|(out, &sum)| *out = sum as f32);
}

/// The place in y of corner `index` (row * 2 + column) of the window of item `at` of the pooled result.
fn corner(g: &ConvGeometry, at: usize, index: usize) -> usize {
    let (height, width) = g.pooled_size();
    let (out, pixel) = (at % g.out_channels, at / g.out_channels);
    let (col, row, image) = (pixel % width, pixel / width % height, pixel / width / height);
    let (row, col) = (2 * row + index / 2, 2 * col + index % 2);
    ((image * g.out_height + row) * g.out_width + col) * g.out_channels + out
}

/// The convolution, then of each 2x2 window the largest and its place: the first of equals, a NaN before all.
pub fn max_pool_forward(
    g: &ConvGeometry,
    (x, weight, bias): (&[f32], &[f32], &[f32]),
    y: &mut [f32],
    index: &mut [u8],
) {
    let mut whole = vec![0.0; g.y_len()];
    forward(g, x, weight, bias, &mut whole);
    for (at, (y, index)) in y.iter_mut().zip(index).enumerate() {
        (*y, *index) = (whole[corner(g, at, 0)], 0);
        for other in 1..4 {
            let value = whole[corner(g, at, other)];
            if value > *y || (value.is_nan() && !y.is_nan()) {
                (*y, *index) = (value, other as u8);
            }
        }
    }
}

/// The gradient of the convolution's result: each item of dy at the place that won.
fn unpooled(g: &ConvGeometry, dy: &[f32], index: &[u8]) -> Vec<f32> {
    let mut whole = vec![0.0; g.y_len()];
    for (at, (&dy, &index)) in dy.iter().zip(index).enumerate() {
        whole[corner(g, at, usize::from(index & 3))] = dy;
    }
    whole
}

pub fn max_pool_backward_input(g: &ConvGeometry, dy: &[f32], index: &[u8], weight: &[f32], dx: &mut [f32]) {
    backward_input(g, &unpooled(g, dy, index), weight, dx);
}

pub fn max_pool_backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], index: &[u8], dw: &mut [f32]) {
    backward_weight(g, x, &unpooled(g, dy, index), dw);
}
