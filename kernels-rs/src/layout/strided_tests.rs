//! Views by strides against plain loops.

use super::*;

/// Where each element of the view lies, in order, by counting up its indices.
fn places(shape: &[u32], strides: &[i32], offset: usize) -> Vec<usize> {
    let mut places = vec![offset as i64];
    for (&length, &stride) in shape.iter().zip(strides) {
        places = places.iter().flat_map(|at| (0..i64::from(length)).map(move |i| at + i * i64::from(stride))).collect();
    }
    places.into_iter().map(|at| at as usize).collect()
}

/// A small generator, so that the shapes are the same in each run (G. Marsaglia's xorshift).
struct Dice(u32);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % bound
    }
}

/// A random view of a random array: its axes in any order, cut, stepped, flipped, dropped to one place, repeated.
fn view_of_anything(dice: &mut Dice) -> (usize, Vec<u32>, Vec<i32>, usize) {
    let sizes: Vec<u32> = (0..dice.below(5)).map(|_| 1 + dice.below(6)).collect();
    let (mut axes, mut offset, mut stride) = (Vec::new(), 0i64, 1i64);
    for &size in sizes.iter().rev() {
        let step = 1 + i64::from(dice.below(3));
        let first = i64::from(dice.below(size));
        let count =
            (i64::from(size) - first).div_euclid(step) + i64::from((i64::from(size) - first).rem_euclid(step) > 0);
        let flipped = dice.below(2) == 1;
        offset += stride * (first + if flipped { (count - 1) * step } else { 0 });
        axes.push((count as u32, (stride * step * if flipped { -1 } else { 1 }) as i32));
        stride *= i64::from(size);
    }
    if dice.below(3) == 0 {
        axes.push((dice.below(4), 0));
    }
    for i in (1..axes.len()).rev() {
        axes.swap(i, dice.below(i as u32 + 1) as usize);
    }
    let (shape, strides) = axes.into_iter().unzip();
    (stride as usize, shape, strides, offset as usize)
}

#[test]
fn t06_a_thousand_random_views_agree_with_a_plain_loop() {
    let mut dice = Dice(2_463_534_242);
    for _ in 0..1000 {
        let (len, shape, strides, offset) = view_of_anything(&mut dice);
        let places = places(&shape, &strides, offset);
        let x: Vec<f32> = (0..len).map(|i| i as f32).collect();
        let mut y = vec![-1.0; places.len()];
        strided_copy(&shape, &strides, offset, len, &x, &mut y).unwrap();
        assert!(y.iter().zip(&places).all(|(&y, &at)| y == at as f32), "{shape:?} {strides:?} {offset}: {y:?}");

        let (mut back, mut want) = (vec![1.0; len], vec![1.0; len]);
        strided_add(&shape, &strides, offset, len, &y, &mut back).unwrap();
        places.iter().for_each(|&at| want[at] += at as f32);
        assert_eq!(back, want, "{shape:?} {strides:?} {offset}");

        let (mut written, mut want) = (vec![-1.0; len], vec![-1.0; len]);
        strided_write(&shape, &strides, offset, len, &y, &mut written).unwrap();
        places.iter().for_each(|&at| want[at] = at as f32);
        assert_eq!(written, want, "{shape:?} {strides:?} {offset}");
    }
}

#[test]
fn transposes_flips_and_repeats_by_hand() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]; // [[1, 2, 3], [4, 5, 6]]
    let mut y = [0.0; 6];
    strided_copy(&[3, 2], &[1, 3], 0, 6, &x, &mut y).unwrap();
    assert_eq!(y, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    strided_copy(&[2, 3], &[3, -1], 2, 6, &x, &mut y).unwrap();
    assert_eq!(y, [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
    strided_copy(&[2, 3], &[1, 0], 0, 6, &x, &mut y).unwrap();
    assert_eq!(y, [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    let mut one = [0.0];
    strided_copy(&[], &[], 4, 6, &x, &mut one).unwrap();
    assert_eq!(one, [5.0]);
    let mut integers = [0; 2];
    strided_copy_i32(&[2], &[-1], 1, 2, &[7, 8], &mut integers).unwrap();
    assert_eq!(integers, [8, 7]);
    let mut bytes = [0; 4];
    strided_write_u8(&[2], &[2], 1, 4, &[7, 8], &mut bytes).unwrap();
    assert_eq!(bytes, [0, 7, 0, 8]);
}

#[test]
fn a_transpose_of_many_chunks() {
    let (rows, cols) = (301, 257);
    let x: Vec<f32> = (0..rows * cols).map(|i| i as f32).collect();
    let mut y = vec![-1.0; rows * cols];
    strided_copy(&[cols as u32, rows as u32], &[1, cols as i32], 0, x.len(), &x, &mut y).unwrap();
    assert!((0..rows * cols).all(|at| y[at] == (at % rows * cols + at / rows) as f32));
}

#[test]
fn eight_axes() {
    // All axes reversed: the strides of [2; 8] in the other order.
    let x: Vec<f32> = (0..256).map(|i| i as f32).collect();
    let mut y = vec![-1.0; 256];
    strided_copy(&[2; 8], &[1, 2, 4, 8, 16, 32, 64, 128], 0, 256, &x, &mut y).unwrap();
    assert!((0..=255u8).all(|at| y[usize::from(at)] == f32::from(at.reverse_bits())));
}

#[test]
fn the_adjoint_of_a_repetition_sums_exactly() {
    let mut y = [0.0; 2];
    strided_add(&[2, 3], &[1, 0], 0, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut y).unwrap();
    assert_eq!(y, [6.0, 15.0]);
    // 2²⁴ and 99 ones, added one by one in f32, would stay 2²⁴.
    let mut x = [1.0; 100];
    x[0] = 16_777_216.0;
    let mut y = [0.0];
    strided_add(&[100], &[0], 0, 1, &x, &mut y).unwrap();
    assert_eq!(y, [16_777_316.0]);
}

#[test]
fn t01_views_of_nothing() {
    strided_copy(&[2, 0], &[3, 1], 0, 6, &[0.0; 6], &mut []).unwrap();
    strided_copy(&[0, 3], &[3, 1], 0, 0, &[], &mut []).unwrap();
    strided_write(&[1, 0], &[0, 1], 1, 1, &[], &mut [5.0]).unwrap();
    strided_add(&[0], &[1], 0, 0, &[], &mut []).unwrap();
}

#[test]
fn a_view_beyond_its_array_is_refused() {
    let refusal = strided_copy(&[2, 3], &[3, -1], 1, 6, &[0.0; 6], &mut [0.0; 6]).unwrap_err();
    assert!(refusal.contains("reach from -1 to 4 in an array of 6 elements"), "{refusal}");
    assert!(strided_copy(&[2], &[6], 1, 7, &[0.0; 7], &mut [0.0; 2]).unwrap_err().contains("reach from 1 to 7"));
    assert!(strided_copy(&[2], &[], 0, 2, &[0.0; 2], &mut [0.0; 2]).unwrap_err().contains("0 strides came"));
}
