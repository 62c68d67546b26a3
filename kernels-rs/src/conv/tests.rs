//! Each algorithm against the plain twin, over random geometries, for each pass.

use super::geometry::ConvGeometry;
use super::{choose, depthwise, direct, implicit_gemm, naive};
use crate::gemm::epilogue::{Activation, Epilogue};

/// Random numbers, the same each time.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn choose(&mut self, from: &[usize]) -> usize {
        from[self.next() as usize % from.len()]
    }

    /// Numbers in -1..1.
    fn array(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.next() as f32 / (1u32 << 31) as f32 - 1.0).collect()
    }
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
        if let Ok(g) = ConvGeometry::from_numbers(numbers) {
            if g.y_len() * g.weight_len() / g.out_channels <= 200_000 {
                return g;
            }
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
    let (mut got, mut want, mut magnitude) = (vec![f32::NAN; g.y_len()], vec![0.0; g.y_len()], vec![0.0; g.y_len()]);
    naive::forward(g, &x, &weight, &bias, &mut want);
    naive::forward(g, &magnitudes(&x), &magnitudes(&weight), &magnitudes(&bias), &mut magnitude);
    forward(g, &x, &weight, Epilogue { bias: &bias, activation: Activation::None }, &mut got);
    assert_close("y", g, &got, &want, &magnitude);
    forward(g, &x, &weight, Epilogue { bias: &bias, activation: Activation::Relu }, &mut got);
    want.iter_mut().for_each(|y| *y = y.max(0.0));
    assert_close("relu(y)", g, &got, &want, &magnitude);
}

fn check_backward_input(g: &ConvGeometry, noise: &mut Noise, backward: Backward) {
    let (dy, weight) = (noise.array(g.y_len()), noise.array(g.weight_len()));
    let (mut got, mut want, mut magnitude) = (vec![f32::NAN; g.x_len()], vec![0.0; g.x_len()], vec![0.0; g.x_len()]);
    naive::backward_input(g, &dy, &weight, &mut want);
    naive::backward_input(g, &magnitudes(&dy), &magnitudes(&weight), &mut magnitude);
    backward(g, &dy, &weight, &mut got);
    assert_close("dx", g, &got, &want, &magnitude);
}

fn check_backward_weight(g: &ConvGeometry, noise: &mut Noise, backward: Backward) {
    let (x, dy) = (noise.array(g.x_len()), noise.array(g.y_len()));
    let len = g.weight_len();
    let (mut got, mut want, mut magnitude) = (vec![f32::NAN; len], vec![0.0; len], vec![0.0; len]);
    naive::backward_weight(g, &x, &dy, &mut want);
    naive::backward_weight(g, &magnitudes(&x), &magnitudes(&dy), &mut magnitude);
    backward(g, &x, &dy, &mut got);
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
