//! Products along an axis; the gradient never divides, so that zeros do no harm.

use super::View;
use crate::door::kernel;
use crate::machine::threads::{chunk_len, chunks, parallel};

kernel! {
    /// y[o, i] = Π x[o, ·, i], in f64; 1 where the length is 0.
    fn prod_forward(outer: usize, length: usize, inner: usize; x: f32[outer * length * inner]; y: f32[outer * inner]) {
        let view = View::new(outer, length, inner);
        let slabs = chunk_len(outer, length * inner, 1);
        parallel(chunks(y, (slabs * inner).max(1)), |chunk, y| {
            for (o, y) in y.chunks_exact_mut(inner).enumerate() {
                let x = view.slab(x, chunk * slabs + o);
                for (i, y) in y.iter_mut().enumerate() {
                    *y = x.iter().skip(i).step_by(inner).map(|&x| f64::from(x)).product::<f64>() as f32;
                }
            }
        });
    }

    /// dx[o, j, i] = dy[o, i] · the product of the others: of those before times of those behind.
    fn prod_backward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner], dy: f32[outer * inner]; dx: f32[outer * length * inner]) {
        let size = (length * inner).max(1);
        let slabs = chunk_len(outer, 2 * size, 1);
        parallel(chunks(dx, slabs * size), |chunk, dx| {
            let mut before = vec![0.0; length];
            for (o, dx) in dx.chunks_exact_mut(size).enumerate() {
                let o = chunk * slabs + o;
                let x = &x[o * size..][..size];
                for i in 0..inner {
                    let at = |j: usize| f64::from(x[j * inner + i]);
                    let mut product = f64::from(dy[o * inner + i]);
                    for (j, before) in before.iter_mut().enumerate() {
                        *before = product;
                        product *= at(j);
                    }
                    let mut behind = 1.0;
                    for (j, before) in before.iter().enumerate().rev() {
                        dx[j * inner + i] = (before * behind) as f32;
                        behind *= at(j);
                    }
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_columns() {
        // [[1, 2], [3, 4], [5, 6]]: 15 and 48.
        let mut y = [0.0; 2];
        prod_forward(1, 3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut y);
        assert_eq!(y, [15.0, 48.0]);
        prod_forward(2, 0, 1, &[], &mut y);
        assert_eq!(y, [1.0, 1.0]);
        prod_forward(0, 3, 1, &[], &mut []);
    }

    #[test]
    fn a03_the_gradient_is_the_product_of_the_others() {
        let mut dx = [9.0; 3];
        prod_backward(1, 3, 1, &[0.0, 2.0, 3.0], &[1.0], &mut dx);
        assert_eq!(dx, [6.0, 0.0, 0.0]);
        prod_backward(1, 3, 1, &[0.0, 0.0, 3.0], &[1.0], &mut dx);
        assert_eq!(dx, [0.0, 0.0, 0.0]);
        let mut dx = [9.0; 4];
        prod_backward(1, 2, 2, &[1.0, 2.0, 3.0, 4.0], &[10.0, 100.0], &mut dx);
        assert_eq!(dx, [30.0, 400.0, 10.0, 200.0]);
        prod_backward(1, 0, 2, &[], &[1.0, 1.0], &mut []);
    }
}
