//! Pooling by hand, and the gradients against what the forward pass did.

use super::*;

/// batch 1, one channel: height x width, kernel, stride, padding on all sides, dilation 1.
fn geometry((h, w): (usize, usize), (oh, ow): (usize, usize), k: usize, s: usize, p: usize) -> PoolGeometry {
    PoolGeometry::from_numbers([1, h, w, 1, oh, ow, k, k, s, s, p, p, p, p, 1, 1]).unwrap()
}

fn average(geometry: &PoolGeometry, include: bool, divisor: f64, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut y, mut dx) = (vec![9.0; geometry.outputs()], vec![9.0; geometry.inputs()]);
    average_pool_forward(geometry, include, divisor, x, &mut y);
    average_pool_backward(geometry, include, divisor, &vec![1.0; y.len()], &mut dx);
    (y, dx)
}

#[test]
fn n10_a_nan_wins_and_the_index_points_at_it() {
    let g = geometry((2, 2), (1, 1), 2, 2, 0);
    let (mut y, mut place, mut dx) = ([0.0], [9], [9.0; 4]);
    max_pool_forward(&g, &[1.0, f32::NAN, 5.0, 6.0], &mut y, &mut place).unwrap();
    assert!(y[0].is_nan() && place == [1]);
    max_pool_backward(&g, &[2.0], &place, &mut dx).unwrap();
    assert_eq!(dx, [0.0, 2.0, 0.0, 0.0]);
    max_pool_forward(&g, &[f32::NAN; 4], &mut y, &mut place).unwrap();
    assert!(y[0].is_nan());
}

#[test]
fn a06_of_equals_the_first_gets_all_of_the_gradient() {
    let g = geometry((2, 2), (1, 1), 2, 2, 0);
    let (mut y, mut place, mut dx) = ([0.0], [9], [9.0; 4]);
    for value in [1.0, f32::NEG_INFINITY] {
        max_pool_forward(&g, &[value; 4], &mut y, &mut place).unwrap();
        max_pool_backward(&g, &[1.0], &place, &mut dx).unwrap();
        assert_eq!((y, dx), ([value], [1.0, 0.0, 0.0, 0.0]));
    }
}

#[test]
fn overlapping_windows_with_padding_add_up() {
    // 3x3 of 1..9, kernel 3, stride 1, padding 1: the largest moves to the lower right.
    let g = geometry((3, 3), (3, 3), 3, 1, 1);
    let x: Vec<f32> = (1..=9).map(|v| v as f32).collect();
    let (mut y, mut place, mut dx) = ([0.0; 9], [0u8; 9], [9.0; 9]);
    max_pool_forward(&g, &x, &mut y, &mut place).unwrap();
    assert_eq!(y, [5.0, 6.0, 6.0, 8.0, 9.0, 9.0, 8.0, 9.0, 9.0]);
    max_pool_backward(&g, &[1.0; 9], &place, &mut dx).unwrap();
    assert_eq!(dx, [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 2.0, 4.0]);
    let (mut wide_y, mut wide, mut wide_dx) = ([0.0; 9], [0i32; 9], [9.0; 9]);
    max_pool_large_forward(&g, &x, &mut wide_y, &mut wide);
    max_pool_large_backward(&g, &[1.0; 9], &wide, &mut wide_dx).unwrap();
    assert_eq!((wide_y, wide_dx), (y, dx));
    wide[0] = 9;
    assert!(max_pool_large_backward(&g, &[1.0; 9], &wide, &mut wide_dx).unwrap_err().contains("place 9"));
}

#[test]
fn channels_beyond_whole_lanes_are_pooled_apart() {
    // 2x2 of 5 channels: channel c is largest in cell c % 4, and the average of 0, 1, 2, 3 shifted is 1.5.
    let g = PoolGeometry::from_numbers([2, 2, 2, 5, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1]).unwrap();
    let x: Vec<f32> = (0..40).map(|i| ((i / 5 + 3 - i % 5 % 4) % 4) as f32).collect();
    let (mut y, mut place) = ([0.0; 10], [9; 10]);
    max_pool_forward(&g, &x, &mut y, &mut place).unwrap();
    assert_eq!((y, place), ([3.0; 10], [0, 1, 2, 3, 0, 0, 1, 2, 3, 0]));
    assert_eq!(average(&g, true, 0.0, &x), (vec![1.5; 10], vec![0.25; 40]));
}

#[test]
fn c09_what_hangs_over_never_counts() {
    let g = PoolGeometry::from_numbers([1, 1, 5, 1, 1, 3, 1, 2, 1, 2, 0, 0, 0, 0, 1, 1]).unwrap();
    let (y, dx) = average(&g, true, 0.0, &[1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!((y, dx), (vec![1.5, 3.5, 5.0], vec![0.5, 0.5, 0.5, 0.5, 1.0]));
}

#[test]
fn c07_the_divisor_counts_padding_or_not() {
    let g = geometry((4, 4), (4, 4), 3, 1, 1);
    let mut x = [0.0; 16];
    x[9] = 1.0;
    assert_eq!(average(&g, false, 0.0, &x).0[12], 1.0 / 4.0);
    assert_eq!(average(&g, true, 0.0, &x).0[12], 1.0 / 9.0);
}

#[test]
fn c10_a_given_divisor_wins() {
    let g = geometry((2, 2), (1, 1), 2, 2, 0);
    for include in [true, false] {
        assert_eq!(average(&g, include, 2.0, &[1.0; 4]), (vec![2.0], vec![0.5; 4]));
    }
}

#[test]
fn adaptive_windows_share_rows() {
    // 3 cells in 2 windows: (1 + 2) / 2 and (2 + 3) / 2; the middle one gets half of each gradient.
    let g = PoolGeometry::from_numbers([1, 1, 3, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    assert_eq!(average(&g, false, 0.0, &[1.0, 2.0, 3.0]), (vec![1.5, 2.5], vec![0.5, 1.0, 0.5]));
    let (mut y, mut place, mut dx) = ([0.0; 2], [9; 2], [9.0; 3]);
    max_pool_forward(&g, &[1.0, 5.0, 3.0], &mut y, &mut place).unwrap();
    max_pool_backward(&g, &[1.0; 2], &place, &mut dx).unwrap();
    assert_eq!((y, place, dx), ([5.0, 5.0], [1, 0], [0.0, 2.0, 0.0]));
}

#[test]
fn nothing_in_gives_nothing_out() {
    let g = PoolGeometry::from_numbers([0, 4, 4, 3, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1]).unwrap();
    max_pool_forward(&g, &[], &mut [], &mut []).unwrap();
    max_pool_backward(&g, &[], &[], &mut []).unwrap();
    assert_eq!(average(&g, true, 0.0, &[]), (vec![], vec![]));
}
