//! Every pass against the plain twin, over random geometries: the error is measured against f64 and held to its bound.

use super::super::geometry::ConvGeometry;
use super::super::naive;
use super::super::testing::{Noise, in_both_widths};
use super::*;
use crate::gemm::epilogue::Activation;

fn geometry(batch: usize, size: (usize, usize), channels: (usize, usize), pads: [usize; 4]) -> Option<ConvGeometry> {
    let [top, left, bottom, right] = pads;
    let numbers = [batch, size.0, size.1, channels.0, channels.1, 3, 3, 1, 1, top, left, bottom, right, 1, 1, 1, 0];
    ConvGeometry::from_numbers(numbers).ok()
}

fn random_geometry(noise: &mut Noise) -> ConvGeometry {
    let sides = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 31];
    let channels = [1, 3, 4, 8, 8, 12, 16, 17, 24, 33];
    loop {
        let size = (noise.choose(&sides), noise.choose(&sides));
        let channels = (noise.choose(&channels), noise.choose(&channels));
        let pads = [(); 4].map(|()| noise.choose(&[0, 1, 1, 1, 2, 3, 5]));
        match geometry(noise.choose(&[0, 1, 1, 2, 5]), size, channels, pads) {
            Some(g) if g.y_len() * g.in_channels <= 20_000 => return g,
            _ => {}
        }
    }
}

/// The largest |value| of each tile's window of 6 x 6, over all channels.
fn window_largest(
    values: &[f32],
    (rows, cols): (usize, usize),
    channels: usize,
    image: usize,
    at: (isize, isize),
) -> f32 {
    let mut largest = 0.0f32;
    for row in at.0.max(0)..(at.0 + 6).min(rows as isize) {
        for col in at.1.max(0)..(at.1 + 6).min(cols as isize) {
            let pixel = ((image * rows + row as usize) * cols + col as usize) * channels;
            largest = values[pixel..pixel + channels].iter().fold(largest, |a, b| a.max(b.abs()));
        }
    }
    largest
}

/// What the error of each result may be: that share of max|x| over the tile times the sum of |w|.
fn bounds(
    x: &[f32],
    x_size: (usize, usize),
    pads: (isize, isize),
    size: (usize, usize),
    weights: &[f32],
    inputs: usize,
) -> Vec<f32> {
    let outputs = weights.len();
    let images = x.len() / (x_size.0 * x_size.1 * inputs).max(1);
    let mut bounds = Vec::new();
    for place in 0..images * size.0 * size.1 {
        let (image, row, col) = (place / (size.0 * size.1), place / size.1 % size.0, place % size.1);
        let at = ((row / 4 * 4) as isize - pads.0, (col / 4 * 4) as isize - pads.1);
        let largest = window_largest(x, x_size, inputs, image, at);
        bounds.extend((0..outputs).map(|output| largest * weights[output]));
    }
    bounds
}

/// Σ|w| of each output channel, or of each input channel.
fn weight_sums(g: &ConvGeometry, weight: &[f32], of_inputs: bool) -> Vec<f32> {
    let mut sums = vec![0.0; if of_inputs { g.in_channels } else { g.out_channels }];
    for (at, w) in weight.iter().enumerate() {
        sums[if of_inputs { at / g.out_channels % g.in_channels } else { at % g.out_channels }] += w.abs();
    }
    sums
}

/// Random filters and inputs stay far below the promise of 1e-4, which is for the worst.
const RANDOM: f32 = 2e-5;

fn assert_within(what: &str, g: &ConvGeometry, got: &[f32], want: &[f32], bounds: &[f32]) {
    assert_eq!((got.len(), want.len()), (want.len(), bounds.len()), "{what}");
    for (at, ((&got, &want), &bound)) in got.iter().zip(want).zip(bounds).enumerate() {
        // The rounding of the result itself comes on top.
        let error = (got - want).abs() - 1e-7 * want.abs();
        assert!(error <= RANDOM * bound, "{what} at {at}: {got}, expected {want}, bound {bound} for {g:?}");
    }
}

fn forward_bounds(g: &ConvGeometry, x: &[f32], weight: &[f32]) -> Vec<f32> {
    let pads = (g.pad_top as isize, g.pad_left as isize);
    let size = (g.out_height, g.out_width);
    bounds(x, (g.height, g.width), pads, size, &weight_sums(g, weight, false), g.in_channels)
}

fn backward_bounds(g: &ConvGeometry, dy: &[f32], weight: &[f32]) -> Vec<f32> {
    let pads = (2 - g.pad_top as isize, 2 - g.pad_left as isize);
    let size = (g.height, g.width);
    bounds(dy, (g.out_height, g.out_width), pads, size, &weight_sums(g, weight, true), g.out_channels)
}

/// Σ over the tiles of max|x| · Σ|dy|, for each output channel.
fn weight_bounds(g: &ConvGeometry, x: &[f32], dy: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0; g.out_channels];
    for (at, dy) in dy.iter().enumerate() {
        let (output, pixel) = (at % g.out_channels, at / g.out_channels);
        let (col, row, image) =
            (pixel % g.out_width, pixel / g.out_width % g.out_height, pixel / g.out_width / g.out_height);
        let at = ((row / 4 * 4) as isize - g.pad_top as isize, (col / 4 * 4) as isize - g.pad_left as isize);
        sums[output] += dy.abs() * window_largest(x, (g.height, g.width), g.in_channels, image, at);
    }
    (0..g.weight_len()).map(|at| sums[at % g.out_channels]).collect()
}

fn check_plain(g: &ConvGeometry, noise: &mut Noise) {
    let (x, weight, dy) = (noise.array(g.x_len()), noise.array(g.weight_len()), noise.array(g.y_len()));
    let bias_len = noise.choose(&[0, g.out_channels]);
    let bias = noise.array(bias_len);
    let activation = [Activation::None, Activation::None, Activation::Relu][noise.choose(&[0, 1, 2])];
    let y = in_both_widths(g.y_len(), |y| forward(g, &x, &weight, Epilogue { bias: &bias, activation }, y));
    let mut want = vec![0.0; g.y_len()];
    naive::forward(g, &x, &weight, &bias, &mut want);
    if activation == Activation::Relu {
        want.iter_mut().for_each(|y| *y = y.max(0.0));
    }
    assert_within("y", g, &y, &want, &forward_bounds(g, &x, &weight));

    let dx = in_both_widths(g.x_len(), |dx| backward_input(g, &dy, &weight, dx));
    let mut want = vec![0.0; g.x_len()];
    naive::backward_input(g, &dy, &weight, &mut want);
    assert_within("dx", g, &dx, &want, &backward_bounds(g, &dy, &weight));

    let dw = in_both_widths(g.weight_len(), |dw| backward_weight(g, &x, &dy, dw));
    let mut want = vec![0.0; g.weight_len()];
    naive::backward_weight(g, &x, &dy, &mut want);
    assert_within("dw", g, &dw, &want, &weight_bounds(g, &x, &dy));
}

/// The place in y of corner `index` of the window of item `at` of the pooled result.
fn corner(g: &ConvGeometry, at: usize, index: usize) -> usize {
    let (height, width) = g.pooled_size();
    let (channel, pixel) = (at % g.out_channels, at / g.out_channels);
    let (col, row, image) = (pixel % width, pixel / width % height, pixel / width / height);
    ((image * g.out_height + 2 * row + index / 2) * g.out_width + 2 * col + index % 2) * g.out_channels + channel
}

fn check_pooled(g: &ConvGeometry, noise: &mut Noise) {
    let (x, weight, bias) = (noise.array(g.x_len()), noise.array(g.weight_len()), noise.array(g.out_channels));
    let dy = noise.array(g.pooled_len());
    let mut index = vec![9; g.pooled_len()];
    let y = in_both_widths(g.pooled_len(), |y| {
        let mut index = vec![9; g.pooled_len()];
        max_pool_forward(g, &x, &weight, &bias, y, &mut index);
    });
    max_pool_forward(g, &x, &weight, &bias, &mut vec![0.0; g.pooled_len()], &mut index);
    let (mut whole, mut want, mut exact_index) = (vec![0.0; g.y_len()], y.clone(), index.clone());
    naive::forward(g, &x, &weight, &bias, &mut whole);
    naive::max_pool_forward(g, (&x, &weight, &bias), &mut want, &mut exact_index);
    let all_bounds = forward_bounds(g, &x, &weight);
    let bounds: Vec<f32> = (0..y.len()).map(|at| all_bounds[corner(g, at, 0)]).collect();
    assert_within("pooled y", g, &y, &want, &bounds);
    // Where two pixels differ by less than the error, either may win.
    let won: Vec<f32> = index.iter().enumerate().map(|(at, &index)| whole[corner(g, at, index.into())]).collect();
    assert_within("what won", g, &won, &want, &bounds.iter().map(|bound| 2.0 * bound).collect::<Vec<_>>());

    let mut unpooled = vec![0.0; g.y_len()];
    for (at, (&dy, &index)) in dy.iter().zip(&index).enumerate() {
        unpooled[corner(g, at, index.into())] = dy;
    }
    let dx = in_both_widths(g.x_len(), |dx| max_pool_backward_input(g, &dy, &index, &weight, dx));
    naive::max_pool_backward_input(g, &dy, &index, &weight, whole_of(g.x_len(), &mut want));
    assert_within("dx of pooled", g, &dx, &want, &backward_bounds(g, &unpooled, &weight));
    let dw = in_both_widths(g.weight_len(), |dw| max_pool_backward_weight(g, &x, &dy, &index, dw));
    naive::max_pool_backward_weight(g, &x, &dy, &index, whole_of(g.weight_len(), &mut want));
    assert_within("dw of pooled", g, &dw, &want, &weight_bounds(g, &x, &unpooled));
}

fn whole_of(len: usize, out: &mut Vec<f32>) -> &mut [f32] {
    *out = vec![0.0; len];
    out
}

#[test]
fn each_pass_agrees_with_its_twin() {
    let mut noise = Noise(20_260_501);
    for _ in 0..200 {
        let g = random_geometry(&mut noise);
        check_plain(&g, &mut noise);
    }
}

#[test]
fn each_pass_fused_with_a_max_pool_agrees_with_its_twin() {
    let mut noise = Noise(77);
    let mut checked = 0;
    while checked < 200 {
        let g = random_geometry(&mut noise);
        if g.check_pooled().is_ok() {
            check_pooled(&g, &mut noise);
            checked += 1;
        }
    }
}

#[test]
fn many_images_channels_and_tiles_agree_with_their_twin() {
    let mut noise = Noise(5);
    for (batch, side, channels) in
        // The last has tiles enough for the weight gradient's stretches, 1,089.
        [
            (3, 7, (128, 64)),
            (70, 3, (8, 8)),
            (2, 31, (8, 16)),
            (1, 4, (520, 8)),
            (1, 70, (1, 3)),
            (9, 43, (9, 10)),
        ]
    {
        let g = geometry(batch, (side, side), channels, [1; 4]).expect("fits");
        check_plain(&g, &mut noise);
        check_pooled(&g, &mut noise);
    }
}

#[test]
fn both_widths_of_the_micro_kernel_sum_in_one_order() {
    let mut noise = Noise(11);
    for (batch, side) in [(9, 43), (2, 43)] {
        // 24 outputs are three panels of one width, two of the other.
        let g = geometry(batch, (side, side), (64, 24), [1; 4]).expect("fits");
        let (x, dy) = (noise.array(g.x_len()), noise.array(g.y_len()));
        let (mut narrow, mut wide) = (vec![0.0; g.weight_len()], vec![0.0; g.weight_len()]);
        differentiate_with::<NV, 1>(&g, &x, gradients(&g, &dy), &mut narrow);
        differentiate_with::<NV_WIDE, 2>(&g, &x, gradients(&g, &dy), &mut wide);
        assert_eq!(narrow, wide);
    }
}

/// Filters that search for the largest error: it stays below the promise of 1e-4.
#[test]
fn the_worst_error_keeps_the_promise() {
    let mut noise = Noise(99);
    let g = geometry(1, (4, 4), (8, 8), [1; 4]).expect("fits");
    let mut worst = 0.0f32;
    for _ in 0..2000 {
        // Sparse filters and inputs of one size have the largest errors.
        let weight: Vec<f32> =
            (0..g.weight_len()).map(|_| if noise.next().is_multiple_of(64) { 1.0 } else { 0.0 }).collect();
        let x: Vec<f32> = noise.array(g.x_len()).iter().map(|x| x.signum() * (1.0 - x.abs() * 1e-3)).collect();
        let (mut y, mut want) = (vec![0.0; g.y_len()], vec![0.0; g.y_len()]);
        forward(&g, &x, &weight, Epilogue::NONE, &mut y);
        naive::forward(&g, &x, &weight, &[], &mut want);
        for ((y, want), bound) in y.iter().zip(&want).zip(forward_bounds(&g, &x, &weight)) {
            if bound > 0.0 {
                worst = worst.max((y - want).abs() / bound);
            }
        }
    }
    assert!(worst < 1e-4, "{worst}");
}

#[test]
fn whole_numbers_come_out_exactly() {
    // Filters of multiples of 576 = 24 · 24 have whole numbers at every point.
    let g = geometry(2, (9, 6), (3, 5), [1, 0, 1, 2]).expect("fits");
    let mut noise = Noise(3);
    let mut whole = |len: usize, times: f32| -> Vec<f32> {
        (0..len).map(|_| (noise.next() % 9) as f32 * times - 4.0 * times).collect()
    };
    let (x, weight, dy) = (whole(g.x_len(), 1.0), whole(g.weight_len(), 576.0), whole(g.y_len(), 576.0));
    let (mut y, mut want) = (vec![0.0; g.y_len()], vec![0.0; g.y_len()]);
    forward(&g, &x, &weight, Epilogue::NONE, &mut y);
    naive::forward(&g, &x, &weight, &[], &mut want);
    assert_eq!(y, want);
    let (mut dw, mut want) = (vec![0.0; weight.len()], vec![0.0; weight.len()]);
    backward_weight(&g, &x, &dy, &mut dw);
    naive::backward_weight(&g, &x, &dy, &mut want);
    assert_eq!(dw, want);
}

#[test]
fn nan_wins_and_the_first_of_equals() {
    let g = geometry(1, (4, 4), (1, 1), [1; 4]).expect("fits");
    let (mut y, mut index) = ([0.0; 4], [9; 4]);
    let mut filter = [0.0; 9];
    filter[4] = 576.0;
    max_pool_forward(&g, &[1.0; 16], &filter, &[], &mut y, &mut index);
    assert_eq!((y, index), ([576.0; 4], [0; 4]));
    let x: [f32; 16] = core::array::from_fn(|at| {
        [0.0, 1.0, 2.0, -1.0, 3.0, 1.0, 2.0, 2.0, -5.0, -4.0, 0.0, 0.0, -4.0, -6.0, 0.0, 1.0][at]
    });
    max_pool_forward(&g, &x, &filter, &[], &mut y, &mut index);
    assert_eq!((y, index), ([1728.0, 1152.0, -2304.0, 576.0], [2, 0, 1, 3]));
    let mut x = x;
    x[15] = f32::NAN;
    max_pool_forward(&g, &x, &filter, &[], &mut y, &mut index);
    assert!(y.iter().all(|y| y.is_nan()), "a NaN spreads over its tile: {y:?}");
}
