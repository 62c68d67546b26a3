//! The kernels against two passes in f64, and by hand.

use super::super::{batch_norm_backward, batch_norm_forward, batch_norm_statistics, batch_norm_track};
use crate::elementwise::testing::{erf, slope};

struct Case {
    rows: usize,
    channels: usize,
    x: Vec<f32>,
    dy: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

const EPS: f64 = 1e-5;

/// Numbers whose mean is `far` and whose deviation is about 1, unlike from channel to channel.
fn case(rows: usize, channels: usize, far: f32) -> Case {
    let spread = |i: usize, step: usize| ((i * step) % 1013) as f32 / 292.0 - 1.73;
    let len = rows * channels;
    Case {
        rows,
        channels,
        x: (0..len).map(|i| far + spread(i, 7919) * (1.0 + (i % channels) as f32 / 8.0)).collect(),
        dy: (0..len).map(|i| spread(i, 31)).collect(),
        weight: (0..channels).map(|c| 0.5 + (c % 16) as f32 / 16.0).collect(),
        bias: (0..channels).map(|c| 0.263 - (c % 16) as f32 / 31.0).collect(),
    }
}

impl Case {
    fn column<'a>(&self, of: &'a [f32], c: usize) -> impl Iterator<Item = f64> + Clone + 'a {
        let channels = self.channels;
        of.iter().skip(c).step_by(channels).map(|&x| f64::from(x))
    }

    fn moments(&self, c: usize) -> (f64, f64) {
        let n = self.rows as f64;
        let mean = self.column(&self.x, c).sum::<f64>() / n;
        (mean, self.column(&self.x, c).map(|x| (x - mean).powi(2)).sum::<f64>() / n)
    }
}

fn close(got: f32, want: f64, within: f64, at: impl core::fmt::Debug) {
    assert!((f64::from(got) - want).abs() <= within * want.abs().max(1.0), "{got} for {want}: {at:?}");
}

type Activation = (u32, fn(f64) -> f64);

fn activations() -> [Activation; 5] {
    [
        (0, |z| z),
        (1, |z| z.max(0.0)),
        (2, |z| 1.0 / (1.0 + (-z).exp())),
        (3, f64::tanh),
        (4, |z| z * 0.5 * (1.0 + erf((z * core::f64::consts::FRAC_1_SQRT_2).clamp(-3.9, 3.9)))),
    ]
}

#[test]
fn values_and_gradients_agree_with_f64() {
    for (rows, channels) in [(2, 1), (3, 5), (1000, 3), (129, 64), (65, 70), (700, 33), (7, 300)] {
        for (code, activation) in activations() {
            check(&case(rows, channels, 0.0), code, activation, true);
            // ReLU's slope jumps where the coarse numbers far out may fall on either side.
            if code != 1 {
                check(&case(rows, channels, 1000.0), code, activation, true);
            }
            check(&case(rows, channels, 1.0), code, activation, false);
        }
    }
}

fn check(case: &Case, code: u32, activation: fn(f64) -> f64, of_batch: bool) {
    let Case { rows, channels, x, dy, weight, bias } = case;
    let (rows, channels) = (*rows, *channels);
    let (mut mean, mut variance) = (vec![0.5; channels], vec![1.5; channels]);
    if of_batch {
        batch_norm_statistics(rows, channels, x, &mut mean, &mut variance);
    }
    let (mut y, mut dx) = (vec![9.0; x.len()], vec![9.0; x.len()]);
    let (mut dweight, mut dbias) = (vec![9.0; channels], vec![9.0; channels]);
    batch_norm_forward(rows, channels, EPS, code, true, x, &mean, &variance, weight, bias, &mut y).unwrap();
    let backward = |dx: &mut [f32], dweight: &mut [f32], dbias: &mut [f32]| {
        let wants_x = !dx.is_empty();
        let outputs = (dx, dweight, dbias);
        #[rustfmt::skip]
        batch_norm_backward(rows, channels, EPS, code, true, of_batch, wants_x,
            x, &mean, &variance, weight, bias, dy, outputs.0, outputs.1, outputs.2).unwrap();
    };
    backward(&mut dx, &mut dweight, &mut dbias);
    // Beside a far mean the numbers themselves are that much coarser.
    let coarse = 1.0 + f64::from(x[0].abs() / 20.0);
    for c in 0..channels {
        let at = (rows, channels, code, of_batch, c);
        let (m, v) = if of_batch { case.moments(c) } else { (0.5, 1.5) };
        close(mean[c], m, 1e-6, at);
        close(variance[c], v, 1e-6 * coarse, at);
        let (w, b, inverse) = (f64::from(weight[c]), f64::from(bias[c]), 1.0 / (v + EPS).sqrt());
        let n = rows as f64;
        let z = case.column(x, c).map(|x| (x - m) * inverse * w + b);
        let g: Vec<f64> = z.clone().zip(case.column(dy, c)).map(|(z, dy)| dy * slope(activation, z)).collect();
        let sum: f64 = g.iter().sum();
        let product: f64 = g.iter().zip(case.column(x, c)).map(|(g, x)| g * (x - m) * inverse).sum();
        close(dbias[c], sum, 1e-5 * n.sqrt() * coarse, (at, "dbias"));
        close(dweight[c], product, 1e-5 * n.sqrt() * coarse, (at, "dweight"));
        for (row, ((z, g), x)) in z.zip(&g).zip(case.column(x, c)).enumerate() {
            close(y[row * channels + c], activation(z), 2e-6 * coarse, (at, row));
            let shares = if of_batch { sum / n + (x - m) * inverse * product / n } else { 0.0 };
            close(dx[row * channels + c], w * inverse * (g - shares), 2e-5 * coarse, (at, row, "dx"));
        }
    }
    let (mut weight_alone, mut bias_alone) = (vec![9.0; channels], vec![9.0; channels]);
    backward(&mut [], &mut weight_alone, &mut bias_alone);
    assert!(weight_alone == dweight && bias_alone == dbias, "without dx");
}

#[test]
fn b01_the_running_variance_is_unbiased_the_normalization_is_not() {
    // x = 1, 2, 3, 4: mean 2.5, biased variance 1.25, unbiased 5/3.
    let (mut mean, mut variance, mut y) = ([0.0], [0.0], [0.0; 4]);
    let x = [1.0, 2.0, 3.0, 4.0];
    batch_norm_statistics(4, 1, &x, &mut mean, &mut variance);
    assert_eq!((mean, variance), ([2.5], [1.25]));
    batch_norm_forward(4, 1, 0.0, 0, false, &x, &mean, &variance, &[], &[], &mut y).unwrap();
    close(y[3], 1.5 / 1.25f64.sqrt(), 1e-7, "y");
    let (mut running_mean, mut running_variance) = ([0.0], [1.0]);
    batch_norm_track(4, 1, 1.0, &mean, &variance, &mut running_mean, &mut running_variance);
    assert_eq!((running_mean, running_variance), ([2.5], [5.0f32 / 3.0]));
    batch_norm_track(4, 1, 0.1, &[0.0], &[0.0], &mut running_mean, &mut running_variance);
    assert_eq!((running_mean, running_variance), ([2.25], [1.5]));
}

#[test]
fn no_digits_cancel_far_from_zero() {
    // 0 and 1 in turn, on top of 2^20: variance 1/4. E[x²] − E[x]² in f32 would leave nothing of it.
    let x: Vec<f32> = (0..40_000).map(|i| 1_048_576.0 + ((i / 2) % 2) as f32).collect();
    let (mut mean, mut variance) = ([0.0; 2], [0.0; 2]);
    batch_norm_statistics(20_000, 2, &x, &mut mean, &mut variance);
    assert_eq!((mean, variance), ([1_048_576.5; 2], [0.25; 2]));
    // A constant channel has no variance at all, and a NaN spoils its own channel alone.
    let x: Vec<f32> = (0..300).map(|i| if i == 100 { f32::NAN } else { 0.1 }).collect();
    batch_norm_statistics(150, 2, &x, &mut mean, &mut variance);
    assert!(mean[0].is_nan() && variance[0].is_nan() && (mean[1], variance[1]) == (0.1, 0.0), "{variance:?}");
}

#[test]
fn nan_stays_and_an_unknown_activation_is_refused() {
    let (mut y, mut dx, mut dweight, mut dbias) = ([9.0; 2], [9.0; 2], [9.0], [9.0]);
    batch_norm_forward(2, 1, 0.0, 1, false, &[f32::NAN, -1.0], &[0.0], &[1.0], &[], &[], &mut y).unwrap();
    assert!(y[0].is_nan() && y[1] == 0.0);
    #[rustfmt::skip]
    batch_norm_backward(2, 1, 0.0, 1, false, false, true, &[f32::NAN, -1.0], &[0.0], &[1.0], &[], &[], &[1.0, 1.0],
        &mut dx, &mut dweight, &mut dbias).unwrap();
    assert!(dx[0].is_nan() && dx[1] == 0.0);
    let refusal = batch_norm_forward(0, 1, 0.0, 9, false, &[], &[0.0], &[1.0], &[], &[], &mut []).unwrap_err();
    assert!(refusal.contains("activation 9 came"), "{refusal}");
}
