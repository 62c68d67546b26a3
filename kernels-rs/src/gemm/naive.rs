//! The reference twin of every product: three loops in f64, and the sweep that holds the fast paths to it.

use super::epilogue::Activation;
use super::product::Product;

/// An item of C as f64: its value, and the sum of |a b|, |c| and |bias| that bounds its error.
struct Exact {
    value: f64,
    magnitude: f64,
}

/// Item `at` of C.
fn exact(product: &Product, c: &[f32], at: usize) -> Exact {
    let (matrix, i, j) = (at / (product.m * product.n), at / product.n % product.m, at % product.n);
    let (a, b) = (product.a.matrix(matrix), product.b.matrix(matrix));
    let mut sum = Exact { value: 0.0, magnitude: 0.0 };
    let mut add = |term: f64| {
        sum.value += term;
        sum.magnitude += term.abs();
    };
    (0..product.k).for_each(|p| add(f64::from(a.item(i, p)) * f64::from(b.item(j, p))));
    if product.accumulate {
        add(f64::from(c[at]));
    }
    add(product.epilogue.bias.get(j).copied().map_or(0.0, f64::from));
    sum.value = match product.epilogue.activation {
        Activation::None => sum.value,
        Activation::Relu => sum.value.max(0.0),
        Activation::Sigmoid => 1.0 / (1.0 + (-sum.value).exp()),
        Activation::Tanh => sum.value.tanh(),
    };
    sum
}

#[cfg(test)]
mod tests {

    use super::super::epilogue::Epilogue;
    use super::super::pack::Operand;
    use super::super::product::{Plan, multiply, multiply_by, use_wide_tile, with_tile_held};
    use super::*;

    /// Numbers in −1..1, the same each time.
    fn noise(len: usize, seed: u32) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as f32 / (1u32 << 31) as f32 - 1.0
        };
        (0..len).map(|_| next()).collect()
    }

    /// The layouts of A and B: whether each lies transposed in memory.
    const LAYOUTS: [(bool, bool); 4] = [(false, false), (false, true), (true, false), (true, true)];

    #[derive(Clone, Copy, Debug)]
    struct Case {
        sizes: (usize, usize, usize),
        transposed: (bool, bool),
        batch: usize,
        shared: (bool, bool),
        accumulate: bool,
        bias: bool,
        activation: Activation,
    }

    const PLAIN: Case = Case {
        sizes: (0, 0, 0),
        transposed: (false, false),
        batch: 1,
        shared: (false, false),
        accumulate: false,
        bias: false,
        activation: Activation::None,
    };

    /// Every plan and either width give the same bits, and those are within the bound of the exact sums.
    fn check(case: Case) {
        let (m, n, k) = case.sizes;
        let count = |shared: bool| if shared { 1 } else { case.batch };
        let a = noise(count(case.shared.0) * m * k, 1);
        let b = noise(count(case.shared.1) * k * n, 2);
        let bias = noise(if case.bias { n } else { 0 }, 3);
        let before = noise(case.batch * m * n, 4);
        let product =
            Product {
                batch: case.batch,
                m,
                n,
                k,
                a: Operand::new(&a, if case.transposed.0 { m } else { k }, !case.transposed.0)
                    .batch(if case.shared.0 { 0 } else { m * k }),
                b: Operand::new(&b, if case.transposed.1 { k } else { n }, case.transposed.1).batch(if case.shared.1 {
                    0
                } else {
                    k * n
                }),
                accumulate: case.accumulate,
                epilogue: Epilogue { bias: &bias, activation: case.activation },
            };
        let run = |wide: bool, plan: Option<Plan>| {
            let mut c = before.clone();
            use_wide_tile(wide);
            match plan {
                Some(plan) => multiply_by(plan, 3, &product, &mut c),
                None => multiply(&product, &mut c),
            }
            c
        };
        let first = run(false, None);
        for plan in [None, Some(Plan::Alone), Some(Plan::Apart), Some(Plan::Together)] {
            for wide in [false, true] {
                let together = plan == Some(Plan::Together);
                if !together || case.batch == 1 {
                    let same = first.iter().zip(&run(wide, plan)).all(|(x, y)| x.to_bits() == y.to_bits());
                    assert!(same, "{plan:?}, wide {wide}: other bits in {case:?}");
                }
            }
        }
        for (at, &got) in first.iter().enumerate() {
            let want = exact(&product, &before, at);
            let error = (f64::from(got) - want.value).abs();
            assert!(error <= 2e-6 * want.magnitude + 1e-6, "{case:?}, item {at}: {got}, expected {}", want.value);
        }
    }

    #[test]
    fn awkward_sizes_agree_with_the_exact_sums_in_each_layout() {
        let edges = [0, 1, 3, 4, 5, 8, 9, 17];
        let mut sizes: Vec<(usize, usize, usize)> = Vec::new();
        for m in edges {
            for n in edges {
                sizes.extend([0, 1, 5, 19].map(|k| (m, n, k)));
            }
        }
        sizes.extend([255, 256, 257, 513].map(|k| (5, 9, k)));
        sizes.extend([255, 257, 530].into_iter().flat_map(|k| [(1, 10, k), (10, 1, k), (1, 1, k), (2, 33, k)]));
        sizes.extend([
            (31, 10, 67),
            (127, 9, 11),
            (129, 8, 11),
            (131, 259, 3),
            (3, 255, 5),
            (3, 257, 5),
            (33, 31, 260),
            (1, 1063, 37),
            (1, 545, 290),
        ]);
        with_tile_held(|| {
            for transposed in LAYOUTS {
                sizes.iter().for_each(|&sizes| check(Case { sizes, transposed, ..PLAIN }));
            }
        });
    }

    #[test]
    fn batches_shared_sides_accumulation_bias_and_activations_combine() {
        with_tile_held(|| {
            for sizes in [(5, 9, 7), (1, 1, 3), (4, 8, 0), (2, 17, 5), (9, 1, 6), (4, 8, 257)] {
                for transposed in LAYOUTS {
                    for (batch, shared) in [
                        (1, (false, false)),
                        (3, (false, false)),
                        (3, (true, false)),
                        (2, (false, true)),
                        (0, (false, true)),
                    ] {
                        for accumulate in [false, true] {
                            check(Case { sizes, transposed, batch, shared, accumulate, ..PLAIN });
                        }
                    }
                    for activation in Activation::ALL {
                        for (accumulate, bias) in [(false, false), (false, true), (true, true)] {
                            check(Case { sizes, transposed, accumulate, bias, activation, ..PLAIN });
                        }
                    }
                }
            }
        });
    }

    #[test]
    fn zero_times_infinity_is_nan_in_every_layout() {
        with_tile_held(|| {
            for (m, n) in [(1, 1), (1, 10), (10, 1), (4, 8), (9, 17)] {
                for transposed in LAYOUTS {
                    let (a, mut b) = (vec![0.0; m * 3], vec![1.0; 3 * n]);
                    // Item (k, j) = (1, 0) of B.
                    b[if transposed.1 { 1 } else { n }] = f32::INFINITY;
                    let a = Operand::new(&a, if transposed.0 { m } else { 3 }, !transposed.0);
                    let b = Operand::new(&b, if transposed.1 { 3 } else { n }, transposed.1);
                    let epilogue = Epilogue { bias: &[], activation: Activation::Relu };
                    let mut c = vec![7.0; m * n];
                    multiply(&Product { batch: 1, m, n, k: 3, a, b, accumulate: false, epilogue }, &mut c);
                    for (at, value) in c.iter().enumerate() {
                        assert!(
                            if at % n == 0 { value.is_nan() } else { *value == 0.0 },
                            "{m} x {n}, item {at}: {value}"
                        );
                    }
                }
            }
        });
    }
}
