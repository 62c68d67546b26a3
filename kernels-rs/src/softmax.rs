//! Softmax over rows, its logarithm, and the cross entropy that is fused with it.
//!
//! Each row's maximum is taken off before the exponential: nothing overflows for finite logits.

use crate::door::{Refusal, kernel};
use crate::elementwise::math::{exp, log};
use crate::lanes::{map, update};
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};
use crate::reduce::sums::block_sum;

/// Operations that an element costs, from which the chunks follow.
const COST: usize = 20;

kernel! {
    /// y = eˣ / Σ eˣ, row by row.
    fn softmax_forward(rows: usize, cols: usize; x: f32[rows * cols]; y: f32[rows * cols]) {
        by_rows(rows, cols, y, |row, y| {
            softmax_row(&x[row * cols..][..cols], y);
        });
    }

    /// dx = y (dy − Σ y dy), row by row.
    fn softmax_backward(rows: usize, cols: usize; y: f32[rows * cols], dy: f32[rows * cols]; dx: f32[rows * cols]) {
        by_rows(rows, cols, dx, |row, dx| {
            let (y, dy) = (&y[row * cols..][..cols], &dy[row * cols..][..cols]);
            let dot: f64 = y.iter().zip(dy).map(|(&y, &dy)| f64::from(y) * f64::from(dy)).sum();
            let dot = F32x4::splat(dot as f32);
            map([y, dy], dx, |[y, dy]| y * (dy - dot));
        });
    }

    /// y = x − ln Σ eˣ, row by row.
    fn log_softmax_forward(rows: usize, cols: usize; x: f32[rows * cols]; y: f32[rows * cols]) {
        by_rows(rows, cols, y, |row, y| {
            let x = &x[row * cols..][..cols];
            let (top, log_sum) = softmax_row(x, y);
            let (top, log_sum) = (F32x4::splat(top), F32x4::splat(log_sum));
            map([x], y, |[x]| (x - top) - log_sum);
        });
    }

    /// dx = dy − eʸ Σ dy, row by row.
    fn log_softmax_backward(rows: usize, cols: usize; y: f32[rows * cols], dy: f32[rows * cols]; dx: f32[rows * cols]) {
        by_rows(rows, cols, dx, |row, dx| {
            let (y, dy) = (&y[row * cols..][..cols], &dy[row * cols..][..cols]);
            let total = F32x4::splat(block_sum(dy, f64::from) as f32);
            map([y, dy], dx, |[y, dy]| dy - exp(y) * total);
        });
    }

    /// A loss a row, −Σ target · ln softmax, and the probabilities, which the gradient needs. The target is 1 − ε + ε/K at
    /// the label and ε/K elsewhere, ε the smoothing, K the number of columns.
    fn cross_entropy_forward(rows: usize, cols: usize, smoothing: f32;
        logits: f32[rows * cols], labels: i32[rows]; losses: f32[rows], probabilities: f32[rows * cols]) -> Result<(), Refusal> {
        check_labels(labels, cols)?;
        let rows_a_chunk = chunk_len(rows, COST * cols, 1);
        let split = (chunks(losses, rows_a_chunk), chunks(probabilities, (rows_a_chunk * cols).max(1)));
        parallel(split, |chunk, (losses, probabilities)| {
            for (r, (loss, probabilities)) in losses.iter_mut().zip(probabilities.chunks_exact_mut(cols)).enumerate() {
                let row = chunk * rows_a_chunk + r;
                let logits = &logits[row * cols..][..cols];
                let (top, log_sum) = softmax_row(logits, probabilities);
                let at_label = (logits[labels[row] as usize] - top) - log_sum;
                *loss = -if smoothing == 0.0 {
                    at_label
                } else {
                    let sum: f64 = logits.iter().map(|&x| f64::from((x - top) - log_sum)).sum();
                    (1.0 - smoothing) * at_label + smoothing * (sum / cols as f64) as f32
                };
            }
        });
        Ok(())
    }

    /// dlogits = (softmax − target) · scale · dy; one dy for all rows, or one a row.
    fn cross_entropy_backward(rows: usize, cols: usize, smoothing: f32, scale: f32, dy_by_row: bool;
        probabilities: f32[rows * cols], labels: i32[rows], dy: f32[if dy_by_row { rows } else { 1 }];
        dlogits: f32[rows * cols]) -> Result<(), Refusal> {
        check_labels(labels, cols)?;
        by_rows(rows, cols, dlogits, |row, dlogits| {
            let factor = scale * dy[if dy_by_row { row } else { 0 }];
            let everywhere = smoothing / cols as f32;
            let probabilities = &probabilities[row * cols..][..cols];
            for (dlogit, &probability) in dlogits.iter_mut().zip(probabilities) {
                *dlogit = (probability - everywhere) * factor;
            }
            let label = labels[row] as usize;
            dlogits[label] = (probabilities[label] - everywhere - (1.0 - smoothing)) * factor;
        });
        Ok(())
    }
}

fn check_labels(labels: &[i32], classes: usize) -> Result<(), Refusal> {
    let Some(row) = labels.iter().position(|&label| label < 0 || label as usize >= classes) else {
        return Ok(());
    };
    let last = classes as i64 - 1;
    Err(format!(
        "crossEntropy: label {} in row {row} came, expected a class number from 0 to {last} ({classes} classes)",
        labels[row]
    ))
}

/// Runs `work` for each row of `out`, some rows a chunk.
fn by_rows(rows: usize, cols: usize, out: &mut [f32], work: impl Fn(usize, &mut [f32]) + Sync) {
    if cols == 0 {
        return;
    }
    let rows_a_chunk = chunk_len(rows, COST * cols, 1);
    parallel(chunks(out, rows_a_chunk * cols), |chunk, out| {
        for (r, out) in out.chunks_exact_mut(cols).enumerate() {
            work(chunk * rows_a_chunk + r, out);
        }
    });
}

/// Writes the row's softmax; returns its maximum and ln Σ eˣ⁻ᵐᵃˣ. NaN anywhere makes all of it NaN.
fn softmax_row(x: &[f32], y: &mut [f32]) -> (f32, f32) {
    let top = row_max(x);
    let shift = F32x4::splat(top);
    map([x], y, |[x]| exp(x - shift));
    let sum = block_sum(y, f64::from);
    let inverse = F32x4::splat((1.0 / sum) as f32);
    update([], [y], |[], [y]| [y * inverse]);
    (top, log(F32x4::splat(sum as f32)).to_array()[0])
}

/// The largest of a row, NaN if there is one.
fn row_max(x: &[f32]) -> f32 {
    let (body, tail) = x.as_chunks::<LANES>();
    let lanes = body.iter().fold(F32x4::splat(f32::NEG_INFINITY), |top, x| top.max(F32x4::load(x)));
    lanes.to_array().iter().chain(tail).fold(f32::NEG_INFINITY, |top, &x| if x > top || x.is_nan() { x } else { top })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: &[f32], want: &[f64]) {
        for (got, want) in got.iter().zip(want) {
            assert!((f64::from(*got) - want).abs() <= 1e-6 * want.abs().max(1.0), "{got} for {want}");
        }
    }

    #[test]
    fn n01_n19_softmax_of_large_logits_is_finite() {
        let mut y = [0.0; 5];
        softmax_forward(1, 5, &[-249.87, -424.13, -460.29, 378.10, -292.61], &mut y);
        assert_eq!(y, [0.0, 0.0, 0.0, 1.0, 0.0]);
        softmax_forward(1, 2, &[1000.0, 0.0], &mut y[..2]);
        assert_eq!(y[..2], [1.0, 0.0]);
    }

    #[test]
    fn n03_n06_the_loss_is_exact_where_the_probability_is_zero() {
        let (mut loss, mut p, mut d) = ([0.0], [0.0; 2], [0.0; 2]);
        for (logit, label, want) in [(1000.0, 1, 1000.0), (100.0, 1, 100.0), (1000.0, 0, 0.0)] {
            cross_entropy_forward(1, 2, 0.0, &[logit, 0.0], &[label], &mut loss, &mut p).unwrap();
            assert_eq!(loss, [want]);
        }
        cross_entropy_forward(1, 2, 0.0, &[1000.0, 0.0], &[1], &mut loss, &mut p).unwrap();
        cross_entropy_backward(1, 2, 0.0, 1.0, false, &p, &[1], &[1.0], &mut d).unwrap();
        assert_eq!(d, [1.0, -1.0]);
    }

    #[test]
    fn smoothing_spreads_its_share_over_all_classes() {
        // Logits [0, ln 3]: probabilities 1/4 and 3/4; label 0 with ε = 0.2: targets 0.9 and 0.1.
        let (mut loss, mut p, mut d) = ([0.0], [0.0; 2], [0.0; 2]);
        cross_entropy_forward(1, 2, 0.2, &[0.0, 3f32.ln()], &[0], &mut loss, &mut p).unwrap();
        close(&loss, &[-(0.9 * 0.25f64.ln() + 0.1 * 0.75f64.ln())]);
        cross_entropy_backward(1, 2, 0.2, 0.5, true, &p, &[0], &[2.0], &mut d).unwrap();
        close(&d, &[0.25 - 0.9, 0.75 - 0.1]);
    }

    #[test]
    fn backward_of_softmax_and_its_logarithm_by_hand() {
        // y = [1/4, 3/4], dy = [1, 0]: softmax 1/4 (1 − 1/4), −3/4 · 1/4; log-softmax 1 − 1/4, −3/4.
        let (y, mut dx) = ([0.25, 0.75], [0.0; 2]);
        softmax_backward(1, 2, &y, &[1.0, 0.0], &mut dx);
        close(&dx, &[0.1875, -0.1875]);
        log_softmax_backward(1, 2, &y.map(f32::ln), &[1.0, 0.0], &mut dx);
        close(&dx, &[0.75, -0.75]);
    }

    /// In f64: the softmax of a row, and the logarithm of its sum over e^max plus max.
    fn exact(x: &[f32]) -> (Vec<f64>, f64) {
        let top = x.iter().fold(f64::NEG_INFINITY, |top, &x| top.max(f64::from(x)));
        let sum: f64 = x.iter().map(|&x| (f64::from(x) - top).exp()).sum();
        (x.iter().map(|&x| (f64::from(x) - top).exp() / sum).collect(), top + sum.ln())
    }

    #[test]
    fn rows_of_awkward_lengths_agree_with_f64() {
        for cols in [1, 3, 4, 5, 31, 33, 1000] {
            let rows = 70;
            let x: Vec<f32> = (0..rows * cols).map(|i| ((i * 7919) % 1013) as f32 / 50.0 - 10.0).collect();
            let labels: Vec<i32> = (0..rows).map(|r| (r * 31 % cols) as i32).collect();
            let (mut y, mut log_y, mut losses, mut p, mut d) =
                (vec![9.0; x.len()], vec![9.0; x.len()], vec![9.0; rows], vec![9.0; x.len()], vec![9.0; x.len()]);
            softmax_forward(rows, cols, &x, &mut y);
            log_softmax_forward(rows, cols, &x, &mut log_y);
            cross_entropy_forward(rows, cols, 0.1, &x, &labels, &mut losses, &mut p).unwrap();
            cross_entropy_backward(rows, cols, 0.1, 0.5, false, &p, &labels, &[3.0], &mut d).unwrap();
            for (row, x) in x.chunks_exact(cols).enumerate() {
                let ((want, log_sum), at) = (exact(x), row * cols);
                let log_want: Vec<f64> = x.iter().map(|&x| f64::from(x) - log_sum).collect();
                let target = |j: usize| 0.1 / cols as f64 + if j as i32 == labels[row] { 0.9 } else { 0.0 };
                let gradient: Vec<f64> = (0..cols).map(|j| (want[j] - target(j)) * 1.5).collect();
                close(&y[at..], &want);
                close(&p[at..], &want);
                close(&log_y[at..], &log_want);
                close(&d[at..], &gradient);
                close(&losses[row..], &[-(0..cols).map(|j| target(j) * log_want[j]).sum::<f64>()]);
            }
        }
    }

    #[test]
    fn nan_and_infinity_spoil_their_row_alone() {
        for bad in [f32::NAN, f32::INFINITY] {
            let mut y = [0.0; 10];
            softmax_forward(2, 5, &[0.0, 0.0, 0.0, 0.0, bad, 1.0, 1.0, 1.0, 1.0, 1.0], &mut y);
            assert!(y[..5].iter().all(|y| y.is_nan()));
            close(&y[5..], &[0.2; 5]);
        }
        let mut y = [9.0; 2];
        softmax_forward(1, 2, &[f32::NEG_INFINITY, 3.0], &mut y);
        assert_eq!(y, [0.0, 1.0]);
    }

    #[test]
    fn no_rows_and_no_columns_are_nothing_to_do() {
        softmax_forward(0, 3, &[], &mut []);
        softmax_forward(3, 0, &[], &mut []);
        cross_entropy_forward(0, 0, 0.0, &[], &[], &mut [], &mut []).unwrap();
    }

    #[test]
    fn a_label_out_of_range_is_named() {
        let refusal = cross_entropy_forward(2, 3, 0.0, &[0.0; 6], &[2, 3], &mut [0.0; 2], &mut [0.0; 6]).unwrap_err();
        assert!(refusal.contains("label 3 in row 1 came, expected a class number from 0 to 2"), "{refusal}");
    }
}
