//! Each algorithm against the plain twin, over random geometries, for each pass.

use super::geometry::ConvGeometry;
use super::testing::{Noise, in_both_widths};
use super::{choose, depthwise, direct, implicit_gemm, naive};
use crate::gemm::epilogue::{Activation, Epilogue};

/// The geometry of these sides, the rest being as plain as can be.
fn geometry(
    batch: usize,
    side: usize,
    channels: (usize, usize),
    kernel: usize,
    stride: usize,
    pad: usize,
    groups: usize,
) -> ConvGeometry {
    let (inputs, outputs) = channels;
    let numbers =
        [batch, side, side, inputs, outputs, kernel, kernel, stride, stride, pad, pad, pad, pad, 1, 1, groups, 0];
    ConvGeometry::from_numbers(numbers).expect("sound numbers")
}

/// A geometry of awkward sizes, not too large for the twin; its channels by `channels(noise)`: inputs and outputs of a
/// group, groups.
fn random_geometry(noise: &mut Noise, channels: impl Fn(&mut Noise) -> (usize, usize, usize)) -> ConvGeometry {
    loop {
        let (inputs, outputs, groups) = channels(noise);
        let pads = [0, 0, 1, 1, 2, 3];
        let numbers = [
            noise.choose(&[0, 1, 1, 2, 3]),
            noise.choose(&[1, 2, 3, 4, 7, 8, 15, 31]),
            noise.choose(&[1, 2, 3, 4, 7, 8, 15, 31]),
            inputs * groups,
            outputs * groups,
            noise.choose(&[1, 1, 2, 3, 3, 4, 5, 7]),
            noise.choose(&[1, 1, 2, 3, 3, 4, 5, 7]),
            noise.choose(&[1, 1, 2, 3]),
            noise.choose(&[1, 1, 2, 3]),
            noise.choose(&pads),
            noise.choose(&pads),
            noise.choose(&pads),
            noise.choose(&pads),
            noise.choose(&[1, 1, 1, 2, 3]),
            noise.choose(&[1, 1, 1, 2, 3]),
            groups,
            0,
        ];
        // Where the kernel spans more than there is, it is refused.
        if let Ok(g) = ConvGeometry::from_numbers(numbers)
            && g.y_len() * g.weight_len() / g.out_channels <= 200_000
        {
            return g;
        }
    }
}

/// Fails where `got` is further from `want` than the bound for the sum of the terms' magnitudes.
fn assert_close(what: &str, g: &ConvGeometry, got: &[f32], want: &[f32], magnitude: &[f32]) {
    for (at, ((&got, &want), &magnitude)) in got.iter().zip(want).zip(magnitude).enumerate() {
        let bound = 5e-6 * magnitude + 1e-30;
        assert!((got - want).abs() <= bound, "{what} at {at}: {got}, expected {want} for {g:?}");
    }
}

fn magnitudes(values: &[f32]) -> Vec<f32> {
    values.iter().map(|value| value.abs()).collect()
}

type Forward = fn(&ConvGeometry, &[f32], &[f32], Epilogue, &mut [f32]);
type Backward = fn(&ConvGeometry, &[f32], &[f32], &mut [f32]);

fn check_forward(g: &ConvGeometry, noise: &mut Noise, forward: Forward) {
    let (x, weight) = (noise.array(g.x_len()), noise.array(g.weight_len()));
    let bias_len = noise.choose(&[0, g.out_channels]);
    let bias = noise.array(bias_len);
    let (mut want, mut magnitude) = (vec![0.0; g.y_len()], vec![0.0; g.y_len()]);
    naive::forward(g, &x, &weight, &bias, &mut want);
    naive::forward(g, &magnitudes(&x), &magnitudes(&weight), &magnitudes(&bias), &mut magnitude);
    let run =
        |activation| in_both_widths(g.y_len(), |y| forward(g, &x, &weight, Epilogue { bias: &bias, activation }, y));
    assert_close("y", g, &run(Activation::None), &want, &magnitude);
    want.iter_mut().for_each(|y| *y = y.max(0.0));
    assert_close("relu(y)", g, &run(Activation::Relu), &want, &magnitude);
}

fn check_backward_input(g: &ConvGeometry, noise: &mut Noise, backward: Backward) {
    let (dy, weight) = (noise.array(g.y_len()), noise.array(g.weight_len()));
    let (mut want, mut magnitude) = (vec![0.0; g.x_len()], vec![0.0; g.x_len()]);
    naive::backward_input(g, &dy, &weight, &mut want);
    naive::backward_input(g, &magnitudes(&dy), &magnitudes(&weight), &mut magnitude);
    let got = in_both_widths(g.x_len(), |dx| backward(g, &dy, &weight, dx));
    assert_close("dx", g, &got, &want, &magnitude);
}

fn check_backward_weight(g: &ConvGeometry, noise: &mut Noise, backward: Backward) {
    let (x, dy) = (noise.array(g.x_len()), noise.array(g.y_len()));
    let len = g.weight_len();
    let (mut want, mut magnitude) = (vec![0.0; len], vec![0.0; len]);
    naive::backward_weight(g, &x, &dy, &mut want);
    naive::backward_weight(g, &magnitudes(&x), &magnitudes(&dy), &mut magnitude);
    let got = in_both_widths(len, |dw| backward(g, &x, &dy, dw));
    assert_close("dw", g, &got, &want, &magnitude);
}

#[test]
fn implicit_gemm_agrees_with_its_twin_in_every_pass() {
    let mut noise = Noise(0x1234_5678);
    for _ in 0..400 {
        let g = random_geometry(&mut noise, |noise| {
            let sizes = [1, 2, 3, 4, 5, 8, 9, 20];
            (noise.choose(&sizes), noise.choose(&sizes), noise.choose(&[1, 1, 1, 2, 3]))
        });
        check_forward(&g, &mut noise, implicit_gemm::forward);
        check_backward_input(&g, &mut noise, implicit_gemm::backward_input);
        check_backward_weight(&g, &mut noise, implicit_gemm::backward_weight);
    }
}

#[test]
fn depthwise_agrees_with_its_twin_in_every_pass() {
    let mut noise = Noise(0x2468_ace1);
    for _ in 0..300 {
        let g = random_geometry(&mut noise, |noise| (1, 1, noise.choose(&[1, 2, 3, 4, 7, 8, 13, 32])));
        check_forward(&g, &mut noise, depthwise::forward);
        check_backward_input(&g, &mut noise, depthwise::backward_input);
        check_backward_weight(&g, &mut noise, depthwise::backward_weight);
    }
}

#[test]
fn direct_agrees_with_its_twin_in_every_pass() {
    let mut noise = Noise(0x0bad_cafe);
    let mut computed = 0;
    while computed < 300 {
        let g =
            random_geometry(&mut noise, |noise| (noise.choose(&[1, 2, 3, 4]), noise.choose(&[4, 8, 12, 20, 24]), 1));
        if direct::is_for(&g) {
            check_forward(&g, &mut noise, direct::forward);
            check_backward_input(&g, &mut noise, direct::backward_input);
            check_backward_weight(&g, &mut noise, direct::backward_weight);
            computed += 1;
        }
    }
}

#[test]
fn whatever_is_chosen_agrees_with_its_twin() {
    let mut noise = Noise(0x1357_9bdf);
    for _ in 0..200 {
        let g = random_geometry(&mut noise, |noise| {
            let sizes = [1, 3, 4, 8, 16, 24];
            (noise.choose(&sizes), noise.choose(&sizes), noise.choose(&[1, 1, 2]))
        });
        check_forward(&g, &mut noise, choose::forward);
        check_backward_input(&g, &mut noise, choose::backward_input);
        check_backward_weight(&g, &mut noise, choose::backward_weight);
    }
}

#[test]
fn a13_the_weight_gradient_of_a_grouped_convolution_is_each_groups_own() {
    // 2 groups of one pixel and one tap: dw[input of the group][output] = x[input] dy[output] of the same group.
    let g = geometry(1, 1, (4, 4), 1, 1, 0, 2);
    let (x, dy, mut dw) = ([1.0, 2.0, 3.0, 4.0], [1.0, 10.0, 100.0, 1000.0], [0.0; 8]);
    choose::backward_weight(&g, &x, &dy, &mut dw);
    assert_eq!(dw, [1.0, 10.0, 300.0, 3000.0, 2.0, 20.0, 400.0, 4000.0]);
    let g = geometry(2, 5, (4, 4), 3, 1, 1, 2);
    check_backward_weight(&g, &mut Noise(13), choose::backward_weight);
}

#[test]
fn a16_gradients_have_the_inputs_shape_at_any_stride() {
    for g in [
        geometry(1, 32, (3, 24), 16, 16, 0, 1),
        geometry(1, 21, (3, 8), 7, 2, 3, 1),
        geometry(1, 21, (5, 8), 7, 2, 3, 1),
    ] {
        check_backward_input(&g, &mut Noise(16), choose::backward_input);
        check_backward_weight(&g, &mut Noise(16), choose::backward_weight);
    }
}

#[test]
fn c04_a_stride_of_two_takes_every_other_pixel() {
    let g = geometry(1, 4, (1, 1), 1, 2, 0, 1);
    let x: Vec<f32> = (0..16u8).map(f32::from).collect();
    let mut y = [0.0; 4];
    choose::forward(&g, &x, &[1.0], Epilogue::NONE, &mut y);
    assert_eq!(y, [0.0, 2.0, 8.0, 10.0]);
}

#[test]
fn c06_large_values_that_cancel_stay_within_a_millionth_of_their_magnitude() {
    let mut noise = Noise(6);
    for (channels, kernel, stride, groups) in
        [((64, 8), 3, 2, 1), ((3, 24), 2, 1, 1), ((8, 8), 3, 1, 8), ((32, 16), 1, 1, 1)]
    {
        let g = geometry(1, 9, channels, kernel, stride, 0, groups);
        let x: Vec<f32> =
            noise.array(g.x_len()).iter().map(|value| (1.0 + value * 1e-3).copysign(*value) * 1e9).collect();
        let weight = noise.array(g.weight_len());
        let (mut got, mut want, mut magnitude) = (vec![0.0; g.y_len()], vec![0.0; g.y_len()], vec![0.0; g.y_len()]);
        naive::forward(&g, &x, &weight, &[], &mut want);
        naive::forward(&g, &magnitudes(&x), &magnitudes(&weight), &[], &mut magnitude);
        choose::forward(&g, &x, &weight, Epilogue::NONE, &mut got);
        for ((got, want), magnitude) in got.iter().zip(want).zip(magnitude) {
            assert!((got - want).abs() <= 1e-6 * magnitude, "{got}, expected {want} for {g:?}");
        }
    }
}

#[test]
fn a_nan_reaches_what_sees_it_and_nothing_else() {
    for (channels, kernel, groups) in [((3, 8), 3, 1), ((8, 8), 3, 8), ((5, 8), 3, 1), ((8, 8), 1, 1)] {
        let g = ConvGeometry { direct: true, ..geometry(1, 7, channels, kernel, 1, kernel / 2, groups) };
        let mut x = vec![1.0; g.x_len()];
        // Pixel (3, 2), channel 0.
        x[(3 * 7 + 2) * g.in_channels] = f32::NAN;
        let mut y = vec![0.0; g.y_len()];
        choose::forward(&g, &x, &vec![1.0; g.weight_len()], Epilogue::NONE, &mut y);
        for (at, y) in y.iter().enumerate() {
            let (row, col, out) = (at / g.out_channels / 7, at / g.out_channels % 7, at % g.out_channels);
            let sees = row.abs_diff(3) <= kernel / 2 && col.abs_diff(2) <= kernel / 2 && (groups == 1 || out == 0);
            assert_eq!(y.is_nan(), sees, "row {row}, column {col}, output {out} for {g:?}");
        }
    }
}

/// In whole numbers, whose sums are exact: equal ones are many, and the first of them must win.
#[test]
fn few_pixels_are_convolved_and_then_pooled() {
    let mut noise = Noise(0x5eed);
    for side in [2, 3, 5, 9] {
        for (batch, channels) in [(1, (3, 5)), (1, (8, 12)), (0, (8, 8))] {
            let g = geometry(batch, side, channels, 3, 1, 1, 1);
            let mut whole = |len| noise.array(len).iter().map(|value| (2.0 * value).round()).collect::<Vec<_>>();
            let (mut x, weight, bias) = (whole(g.x_len()), whole(g.weight_len()), whole(g.out_channels));
            for value in [0.0, f32::NAN] {
                x.iter_mut().take(1).for_each(|x| *x += value);
                let (mut want, mut want_index) = (vec![0.0; g.pooled_len()], vec![9; g.pooled_len()]);
                let (mut y, mut index) = (want.clone(), want_index.clone());
                naive::max_pool_forward(&g, (&x, &weight, &bias), &mut want, &mut want_index);
                choose::max_pool_forward(&g, &x, &weight, &bias, &mut y, &mut index);
                assert!(y.iter().zip(&want).all(|(y, want)| y == want || (y.is_nan() && want.is_nan())), "{g:?}");
                assert_eq!(index, want_index, "{g:?}");
            }
        }
    }
}

#[test]
fn refusals_name_the_numbers() {
    let refuse = |numbers: [usize; 17]| ConvGeometry::from_numbers(numbers).expect_err("must be refused");
    let plain = [1, 4, 4, 3, 8, 3, 3, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0];
    let with = |at: usize, number: usize| {
        let mut numbers = plain;
        numbers[at] = number;
        refuse(numbers)
    };
    assert!(with(15, 2).contains("2 groups came, expected a divisor of both 3 input and 8 output channels"));
    assert!(with(7, 0).contains("stride [0, 1] came, expected at least 1"));
    let error = with(5, 5);
    assert!(error.contains("spans 5x3, but the padded input is 4x4") && error.contains("more padding"), "{error}");
    assert!(with(9, usize::MAX).contains("expected each from 0 to"));
    let g = ConvGeometry::from_numbers(plain).expect("sound numbers");
    assert!(g.check_pooled().is_ok());
    assert!(ConvGeometry { stride_width: 2, ..g }.check_pooled().expect_err("refused").contains("stride 1x2"));
    assert!(ConvGeometry { out_width: 1, ..g }.check_pooled().expect_err("refused").contains("no 2x2 window"));
}
