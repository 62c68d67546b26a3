//! Muon (K. Jordan and others, 2024, https://kellerjordan.github.io/posts/muon/): steps along the momentum of a matrix
//! with its singular values all brought near 1, by a Newton-Schulz iteration that needs nothing but products.

use super::flushed;
use crate::buffers::with_scratch;
use crate::door::kernel;
use crate::gemm::epilogue::Epilogue;
use crate::gemm::pack::Operand;
use crate::gemm::product::{Product, multiply};
use crate::lanes::update;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};
use crate::reduce::sums::sum_squares_forward;

/// Of the polynomial a x + b x³ + c x⁵: steep at 0, so that small singular values rise fast.
const COEFFICIENTS: [f32; 3] = [3.4445, -4.7750, 2.0315];
/// The least norm that a matrix is divided by.
const EPSILON: f64 = 1e-7;

kernel! {
    /// v ← μ v + (1 − μ) g, flushed; p ← σ p − rate · orthogonalized(v, or with Nesterov's step μ v + (1 − μ) g).
    ///
    /// Where `norm` is not 0, p has that norm before the step. The matrix is [rows, cols] or its transpose, alike.
    fn muon_step(rows: usize, cols: usize, iterations: usize, rate: f32, momentum: f32, nesterov: bool, shrink: f32, norm: f32;
        gradient: f32[rows * cols]; parameter: f32[rows * cols], velocity: f32[rows * cols]) {
        if parameter.is_empty() {
            return;
        }
        let shrink = if norm == 0.0 { f64::from(shrink) } else { f64::from(norm) / norm_of(parameter).max(EPSILON) };
        with_scratch(rows * cols, |direction| {
            advance(momentum, nesterov, gradient, velocity, direction);
            orthogonalize(rows, cols, iterations, direction);
            let chunk = chunk_len(rows * cols, 2, LANES);
            parallel(chunks(parameter, chunk), |i, parameter| {
                let direction = &direction[i * chunk..][..parameter.len()];
                let [rate, shrink] = [-rate, shrink as f32].map(F32x4::splat);
                update([direction], [parameter], |[o], [p]| [o.madd(rate, shrink * p)]);
            });
        });
    }

    /// A matrix [rows, cols] with its singular values brought near 1: x / ‖x‖, then so many times a x + (b A + c A²) x
    /// with A = x xᵀ, or on the other side, whichever is smaller.
    fn orthogonalize(rows: usize, cols: usize, iterations: usize; ; x: f32[rows * cols]) {
        if x.is_empty() {
            return;
        }
        let side = rows.min(cols);
        scale((1.0 / norm_of(x).max(EPSILON)) as f32, x);
        with_scratch(2 * side * side + rows * cols, |scratch| {
            let (gram, rest) = scratch.split_at_mut(side * side);
            let (square, next) = rest.split_at_mut(side * side);
            for _ in 0..iterations {
                iterate((rows, cols), x, gram, square, next);
            }
        });
    }
}

/// One iteration; `gram`, `square` and `next` are scratch.
fn iterate((rows, cols): (usize, usize), x: &mut [f32], gram: &mut [f32], square: &mut [f32], next: &mut [f32]) {
    let [a, b, c] = COEFFICIENTS;
    let wide = rows <= cols;
    let side = rows.min(cols);
    // The gram matrix: of rows, x xᵀ, or of columns, xᵀ x.
    let long = Operand::new(x, cols, wide);
    product((side, side, rows.max(cols)), long, long, gram);
    let small = |of| Operand::new(of, side, true);
    product((side, side, side), small(gram), Operand::new(gram, side, false), square);
    let chunk = chunk_len(square.len(), 2, LANES);
    parallel(chunks(square, chunk), |i, square| {
        let gram = &gram[i * chunk..][..square.len()];
        let [b, c] = [b, c].map(F32x4::splat);
        update([gram], [square], |[gram], [square]| [b.madd(gram, c * square)]);
    });
    // a x joins the product: its matrix gets a on the diagonal.
    for at in 0..side {
        square[at * side + at] += a;
    }
    if wide {
        product((rows, cols, side), small(square), Operand::new(x, cols, false), next);
    } else {
        product((rows, cols, side), Operand::new(x, cols, true), Operand::new(square, side, false), next);
    }
    x.copy_from_slice(next);
}

/// c = a b of [m, k] and [k, n].
fn product((m, n, k): (usize, usize, usize), a: Operand, b: Operand, c: &mut [f32]) {
    multiply(&Product { batch: 1, m, n, k, a, b, accumulate: false, epilogue: Epilogue::NONE }, c);
}

/// Moves the velocity; `direction` is what a step goes along.
fn advance(momentum: f32, nesterov: bool, gradient: &[f32], velocity: &mut [f32], direction: &mut [f32]) {
    let chunk = chunk_len(gradient.len(), 4, LANES);
    parallel((chunks(velocity, chunk), chunks(direction, chunk)), |i, (velocity, direction)| {
        let gradient = &gradient[i * chunk..][..velocity.len()];
        let [momentum, share] = [momentum, 1.0 - momentum].map(F32x4::splat);
        update([gradient], [velocity, direction], |[g], [v, _]| {
            let v = flushed(momentum.madd(v, share * g));
            [v, if nesterov { momentum.madd(v, share * g) } else { v }]
        });
    });
}

fn norm_of(x: &[f32]) -> f64 {
    let mut sum = [0.0];
    sum_squares_forward(1, x.len(), 1, x, &mut sum);
    f64::from(sum[0]).sqrt()
}

fn scale(factor: f32, x: &mut [f32]) {
    let chunk = chunk_len(x.len(), 1, LANES);
    parallel(chunks(x, chunk), |_, x| update([], [x], |[], [x]| [x * F32x4::splat(factor)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an iteration makes of a singular value: a s + b s³ + c s⁵.
    fn polynomial(s: f64) -> f64 {
        let [a, b, c] = COEFFICIENTS.map(f64::from);
        s * (a + s * s * (b + c * s * s))
    }

    #[test]
    fn a_diagonal_of_any_shape_goes_through_the_polynomial() {
        for (rows, cols, iterations) in [(1, 1, 5), (3, 3, 5), (2, 7, 3), (9, 4, 5), (40, 33, 2), (33, 40, 0)] {
            // Singular values 1, 2, 3...
            let values: Vec<f64> = (1..=rows.min(cols)).map(|value| value as f64).collect();
            let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
            let mut x = vec![0.0; rows * cols];
            values.iter().enumerate().for_each(|(at, &value)| x[at * cols + at] = value as f32);
            orthogonalize(rows, cols, iterations, &mut x);
            for (at, &got) in x.iter().enumerate() {
                let value = if at / cols == at % cols { values[at / cols] / norm } else { 0.0 };
                let want = (0..iterations).fold(value, |s, _| polynomial(s));
                assert!((f64::from(got) - want).abs() < 2e-5, "{rows}x{cols}, {iterations}: {got} for {want}");
            }
        }
    }

    #[test]
    fn a_matrix_and_its_transpose_give_the_transposed_result() {
        let (rows, cols) = (21, 34);
        let item = |row: usize, col: usize| ((row * 37 + col * 11) % 17) as f32 - 8.0;
        let mut x: Vec<f32> = (0..rows * cols).map(|at| item(at / cols, at % cols)).collect();
        let mut turned: Vec<f32> = (0..rows * cols).map(|at| item(at % rows, at / rows)).collect();
        orthogonalize(rows, cols, 5, &mut x);
        orthogonalize(cols, rows, 5, &mut turned);
        let worst = (0..rows * cols).map(|at| (x[at] - turned[at % cols * rows + at / cols]).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-4, "{worst}");
    }

    #[test]
    fn a_gradient_of_zeros_moves_nothing_and_a_norm_is_kept() {
        let (mut p, mut v) = ([3.0, 4.0, 0.0, 0.0], [0.0; 4]);
        muon_step(2, 2, 5, 0.1, 0.9, true, 1.0, 0.0, &[0.0; 4], &mut p, &mut v);
        assert_eq!((p, v), ([3.0, 4.0, 0.0, 0.0], [0.0; 4]));
        // 5 to a norm of 10: twice as long.
        muon_step(2, 2, 5, 0.1, 0.9, true, 1.0, 10.0, &[0.0; 4], &mut p, &mut v);
        assert_eq!(p, [6.0, 8.0, 0.0, 0.0]);
        muon_step(0, 2, 5, 0.1, 0.9, true, 1.0, 1.0, &[], &mut [], &mut []);
    }

    #[test]
    fn the_step_of_a_row_is_its_direction_by_hand() {
        // One row: ‖g‖ = 5, a value of 1 after normalizing; without iterations the step is along g / 5.
        let (mut p, mut v) = ([1.0, 1.0], [0.0; 2]);
        muon_step(1, 2, 0, 0.5, 0.5, false, 0.5, 0.0, &[3.0, 4.0], &mut p, &mut v);
        // v = 0.5 g; p = 0.5 · 1 − 0.5 · (0.6, 0.8).
        assert_eq!(v, [1.5, 2.0]);
        assert!((p[0] - 0.2).abs() < 1e-6 && (p[1] - 0.1).abs() < 1e-6, "{p:?}");
    }
}
