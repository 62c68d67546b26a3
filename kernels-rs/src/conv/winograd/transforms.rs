//! The transforms of F(4x4,3x3) and F(3x3,4x4), both at the points 0, 1, -1, 2, -2 and infinity.
//!
//! A line is the transform along one side; a square is it along both. Where x, w and y are the input tile, the filter and
//! the output tile: y = output(input(x) · filter(w)), and the gradients dw = filter_gradient(Σ input(x) · output_gradient(dy)).

use super::wide::Wide;
use core::array::from_fn;

/// Points along one side, and in a tile.
pub const SIDE: usize = 6;
pub const POINTS: usize = SIDE * SIDE;

/// Rows 4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1.
#[inline(always)]
pub fn input<const W: usize>([d0, d1, d2, d3, d4, d5]: [Wide<W>; 6]) -> [Wide<W>; 6] {
    let (even, odd) = (d2.madd(-4.0, d4), d1.madd(-4.0, d3));
    let (even_by_2, odd_by_2) = (d4 - d2, d3 - d1);
    [
        d0.madd(4.0, d2.madd(-5.0, d4)),
        even + odd,
        even - odd,
        odd_by_2.madd(2.0, even_by_2),
        odd_by_2.madd(-2.0, even_by_2),
        d1.madd(4.0, d3.madd(-5.0, d5)),
    ]
}

/// Rows 1/4 0 0; -1/6 -1/6 -1/6; -1/6 1/6 -1/6; 1/24 1/12 1/6; 1/24 -1/12 1/6; 0 0 1.
#[inline(always)]
pub fn filter<const W: usize>([g0, g1, g2]: [Wide<W>; 3]) -> [Wide<W>; 6] {
    let near = (g0 + g2).times(-1.0 / 6.0);
    let far = g0.madd(1.0 / 24.0, g2.times(1.0 / 6.0));
    [
        g0.times(0.25),
        g1.madd(-1.0 / 6.0, near),
        g1.madd(1.0 / 6.0, near),
        g1.madd(1.0 / 12.0, far),
        g1.madd(-1.0 / 12.0, far),
        g2,
    ]
}

/// Rows 1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 0; 0 1 -1 8 -8 1.
#[inline(always)]
pub fn output<const W: usize>([m0, m1, m2, m3, m4, m5]: [Wide<W>; 6]) -> [Wide<W>; 4] {
    let (even, odd) = (m1 + m2, m1 - m2);
    let (even_by_2, odd_by_2) = (m3 + m4, m3 - m4);
    [m0 + even + even_by_2, odd_by_2.madd(2.0, odd), even_by_2.madd(4.0, even), odd_by_2.madd(8.0, odd) + m5]
}

/// Rows 1/4 0 0 0; -1/6 (1 1 1 1); -1/6 (1 -1 1 -1); 1/24 (1 2 4 8); 1/24 (1 -2 4 -8); 0 0 0 1.
#[inline(always)]
pub fn output_gradient<const W: usize>([d0, d1, d2, d3]: [Wide<W>; 4]) -> [Wide<W>; 6] {
    let (even, odd) = ((d0 + d2).times(-1.0 / 6.0), d1 + d3);
    let even_by_2 = d0.madd(1.0 / 24.0, d2.times(1.0 / 6.0));
    let odd_by_2 = d1.madd(1.0 / 12.0, d3.times(1.0 / 3.0));
    [
        d0.times(0.25),
        odd.madd(-1.0 / 6.0, even),
        odd.madd(1.0 / 6.0, even),
        even_by_2 + odd_by_2,
        even_by_2 - odd_by_2,
        d3,
    ]
}

/// Rows 1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 1.
#[inline(always)]
pub fn filter_gradient<const W: usize>([m0, m1, m2, m3, m4, m5]: [Wide<W>; 6]) -> [Wide<W>; 3] {
    let (even, odd) = (m1 + m2, m1 - m2);
    let (even_by_2, odd_by_2) = (m3 + m4, m3 - m4);
    [m0 + even + even_by_2, odd_by_2.madd(2.0, odd), even_by_2.madd(4.0, even) + m5]
}

/// A line transform along the rows, then along the columns, of a square whose items `get` and `put` know.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "the index walks along columns")]
pub fn square<const I: usize, const O: usize, const W: usize>(
    line: impl Fn([Wide<W>; I]) -> [Wide<W>; O],
    get: impl Fn(usize, usize) -> Wide<W>,
    mut put: impl FnMut(usize, usize, Wide<W>),
) {
    let rows: [[Wide<W>; O]; I] = from_fn(|i| line(from_fn(|j| get(i, j))));
    for j in 0..O {
        let column = line(from_fn(|i| rows[i][j]));
        for (i, value) in column.into_iter().enumerate() {
            put(i, j, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::simd::LANES;

    fn whole(value: f32) -> Wide<1> {
        Wide::load(&[[value; LANES]], 0)
    }

    fn item(value: Wide<1>) -> f32 {
        value.vectors()[0].to_array()[0]
    }

    /// Sums of products of a line: y_i = Σ x_(i+j) w_j by the definition and by the points.
    #[test]
    fn the_lines_convolve() {
        let x: [f32; 6] = [3.0, -1.0, 4.0, 1.0, -5.0, 9.0];
        let w: [f32; 3] = [12.0, -24.0, 6.0];
        let points = input(x.map(whole)).into_iter().zip(filter(w.map(whole)));
        let products: Vec<Wide<1>> = points.map(|(a, b)| whole(item(a) * item(b))).collect();
        let y = output(products.try_into().unwrap_or_else(|_| unreachable!())).map(item);
        for (i, y) in y.into_iter().enumerate() {
            let exact: f32 = (0..3).map(|j| x[i + j] * w[j]).sum();
            assert!((y - exact).abs() < 1e-3, "y {i}: {y}, expected {exact}");
        }
        let dy: [f32; 4] = [24.0, -12.0, 6.0, 18.0];
        let points = input(x.map(whole)).into_iter().zip(output_gradient(dy.map(whole)));
        let products: Vec<Wide<1>> = points.map(|(a, b)| whole(item(a) * item(b))).collect();
        let dw = filter_gradient(products.try_into().unwrap_or_else(|_| unreachable!())).map(item);
        for (j, dw) in dw.into_iter().enumerate() {
            let exact: f32 = (0..4).map(|i| x[i + j] * dy[i]).sum();
            assert!((dw - exact).abs() < 1e-3, "dw {j}: {dw}, expected {exact}");
        }
    }
}
