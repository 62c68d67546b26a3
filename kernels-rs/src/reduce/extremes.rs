//! The largest and the smallest along an axis, with their places: the first of equals; a NaN wins, the first of them.

use super::View;
use crate::door::{Refusal, kernel};
use crate::machine::threads::{chunk_len, chunks, parallel};

kernel! {
    /// The largest of each row and its place.
    fn max_forward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; y: f32[outer * inner], place: i32[outer * inner]) -> Result<(), Refusal> {
        extremes("max", View::new(outer, length, inner), x, (y, place), |new, best| new > best)
    }

    /// The smallest of each row and its place.
    fn min_forward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; y: f32[outer * inner], place: i32[outer * inner]) -> Result<(), Refusal> {
        extremes("min", View::new(outer, length, inner), x, (y, place), |new, best| new < best)
    }

    /// The place of the largest.
    fn argmax(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; place: i32[outer * inner]) -> Result<(), Refusal> {
        let mut values = vec![0.0; place.len()];
        extremes("argmax", View::new(outer, length, inner), x, (&mut values, place), |new, best| new > best)
    }

    /// The place of the smallest.
    fn argmin(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner]; place: i32[outer * inner]) -> Result<(), Refusal> {
        let mut values = vec![0.0; place.len()];
        extremes("argmin", View::new(outer, length, inner), x, (&mut values, place), |new, best| new < best)
    }

    /// y[o, i] = x[o, place[o, i], i].
    fn pick_forward(outer: usize, length: usize, inner: usize;
        x: f32[outer * length * inner], place: i32[outer * inner]; y: f32[outer * inner]) -> Result<(), Refusal> {
        check_places(place, length)?;
        for (at, (y, &place)) in y.iter_mut().zip(place).enumerate() {
            *y = x[(at / inner * length + place as usize) * inner + at % inner];
        }
        Ok(())
    }

    /// The gradient of a pick, and of an extreme: all of it at the place that was chosen.
    fn pick_backward(outer: usize, length: usize, inner: usize;
        dy: f32[outer * inner], place: i32[outer * inner]; dx: f32[outer * length * inner]) -> Result<(), Refusal> {
        check_places(place, length)?;
        dx.fill(0.0);
        for (at, (&dy, &place)) in dy.iter().zip(place).enumerate() {
            dx[(at / inner * length + place as usize) * inner + at % inner] = dy;
        }
        Ok(())
    }
}

fn check_places(places: &[i32], length: usize) -> Result<(), Refusal> {
    let Some(at) = places.iter().position(|&place| place < 0 || place as usize >= length) else {
        return Ok(());
    };
    let last = length as i64 - 1;
    Err(format!("pick: index {} at place {at} came, expected 0 to {last}", places[at]))
}

fn extremes(
    op: &str,
    view: View,
    x: &[f32],
    (y, place): (&mut [f32], &mut [i32]),
    wins: impl Fn(f32, f32) -> bool + Sync + Copy,
) -> Result<(), Refusal> {
    let View { outer, length, inner } = view;
    if y.is_empty() {
        return Ok(());
    }
    if length == 0 {
        return Err(format!("{op}: an axis of length 0 came, expected at least one element to choose from"));
    }
    if outer == 1 && inner == 1 {
        (y[0], place[0]) = longest_extreme(x, wins);
        return Ok(());
    }
    let slabs = chunk_len(outer, 2 * length * inner, 1);
    parallel((chunks(y, slabs * inner), chunks(place, slabs * inner)), |chunk, (y, place)| {
        for (o, (y, place)) in y.chunks_exact_mut(inner).zip(place.chunks_exact_mut(inner)).enumerate() {
            let x = view.slab(x, chunk * slabs + o);
            if inner == 1 {
                (y[0], place[0]) = extreme(x, wins);
            } else {
                column_extremes(x, y, place, wins);
            }
        }
    });
    Ok(())
}

/// Whether `new` takes the place of an earlier `best`.
#[inline(always)]
fn beats(new: f32, best: f32, wins: impl Fn(f32, f32) -> bool) -> bool {
    wins(new, best) || (new.is_nan() && !best.is_nan())
}

fn extreme(x: &[f32], wins: impl Fn(f32, f32) -> bool + Copy) -> (f32, i32) {
    let mut best = (x[0], 0);
    for (j, &new) in x.iter().enumerate() {
        if beats(new, best.0, wins) {
            best = (new, j as i32);
        }
    }
    best
}

/// One row cut into blocks; the blocks' winners compete in order, so that the first of equals stays.
fn longest_extreme(x: &[f32], wins: impl Fn(f32, f32) -> bool + Sync + Copy) -> (f32, i32) {
    let block = chunk_len(x.len(), 2, 1);
    let mut winners = vec![(0.0, 0); x.len().div_ceil(block)];
    parallel(chunks(&mut winners, 1), |b, winner| {
        let from = b * block;
        let (value, place) = extreme(&x[from..x.len().min(from + block)], wins);
        winner[0] = (value, place + from as i32);
    });
    winners
        .iter()
        .copied()
        .reduce(|best, new| if beats(new.0, best.0, wins) { new } else { best })
        .expect("a first block")
}

fn column_extremes(x: &[f32], y: &mut [f32], place: &mut [i32], wins: impl Fn(f32, f32) -> bool + Copy) {
    y.copy_from_slice(&x[..y.len()]);
    place.fill(0);
    for (j, row) in x.chunks_exact(y.len()).enumerate().skip(1) {
        for ((best, place), &new) in y.iter_mut().zip(place.iter_mut()).zip(row) {
            if beats(new, *best, wins) {
                (*best, *place) = (new, j as i32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_and_the_first_nan_win() {
        let (mut y, mut place) = ([0.0; 2], [0; 2]);
        max_forward(2, 3, 1, &[1.0, 4.0, 4.0, 2.0, f32::NAN, 9.0], &mut y, &mut place).unwrap();
        assert_eq!((y[0], place), (4.0, [1, 1]));
        assert!(y[1].is_nan());
        min_forward(1, 3, 2, &[5.0, 1.0, 3.0, 1.0, 3.0, 7.0], &mut y, &mut place).unwrap();
        assert_eq!((y, place), ([3.0, 1.0], [1, 0]));
    }

    #[test]
    fn n12_a_nan_wins_wherever_it_stands() {
        for (x, want) in
            [([f32::NAN, 1.0, 2.0], 0), ([1.0, f32::NAN, f32::NAN], 1), ([f32::NEG_INFINITY, 1.0, f32::NAN], 2)]
        {
            let (mut y, mut max, mut min) = ([0.0], [9], [9]);
            max_forward(1, 3, 1, &x, &mut y, &mut max).unwrap();
            assert!(y[0].is_nan());
            argmin(1, 3, 1, &x, &mut min).unwrap();
            assert_eq!((max, min), ([want], [want]));
        }
    }

    #[test]
    fn n10_nothing_but_nan_or_minus_infinity_is_kept_as_it_is() {
        let (mut y, mut place) = ([0.0; 2], [9; 2]);
        max_forward(2, 2, 1, &[f32::NAN, f32::NAN, f32::NEG_INFINITY, f32::NEG_INFINITY], &mut y, &mut place).unwrap();
        assert!(y[0].is_nan() && y[1] == f32::NEG_INFINITY);
        assert_eq!(place, [0, 0]);
    }

    #[test]
    fn long_rows_agree_with_a_plain_search_at_any_place() {
        for winner in [0, 1, 16_383, 16_384, 40_000] {
            let mut x = vec![0.5; 40_001];
            x[winner] = 2.0;
            x[40_000] = 2.0;
            let mut place = [0];
            argmax(1, x.len(), 1, &x, &mut place).unwrap();
            assert_eq!(place, [winner as i32]);
        }
    }

    #[test]
    fn columns_side_by_side_agree_with_rows() {
        let x: Vec<f32> = (0..7 * 33 * 5).map(|i| ((i * 37) % 101) as f32).collect();
        let (mut y, mut place) = (vec![0.0; 35], vec![0; 35]);
        max_forward(7, 33, 5, &x, &mut y, &mut place).unwrap();
        for (at, (&y, &place)) in y.iter().zip(&place).enumerate() {
            let column: Vec<f32> = (0..33).map(|j| x[(at / 5 * 33 + j) * 5 + at % 5]).collect();
            let best = column.iter().copied().fold(f32::MIN, f32::max);
            assert_eq!((y, place as usize), (best, column.iter().position(|&x| x == best).unwrap()));
        }
    }

    #[test]
    fn a06_the_gradient_of_a_maximum_goes_to_one_place() {
        let (mut y, mut place, mut dx) = ([0.0], [9], [9.0; 4]);
        max_forward(1, 4, 1, &[1.0; 4], &mut y, &mut place).unwrap();
        pick_backward(1, 4, 1, &[1.0], &place, &mut dx).unwrap();
        assert_eq!(dx, [1.0, 0.0, 0.0, 0.0]);
        let mut dx = [9.0; 8];
        pick_backward(2, 2, 2, &[1.0, 2.0, 3.0, 4.0], &[0, 1, 1, 0], &mut dx).unwrap();
        assert_eq!(dx, [1.0, 0.0, 0.0, 2.0, 0.0, 4.0, 3.0, 0.0]);
        let mut y = [9.0; 4];
        pick_forward(2, 2, 2, &dx, &[0, 1, 1, 0], &mut y).unwrap();
        assert_eq!(y, [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn an_empty_axis_has_no_largest() {
        let refusal = max_forward(2, 0, 1, &[], &mut [0.0; 2], &mut [0; 2]).unwrap_err();
        assert!(refusal.contains("an axis of length 0 came"), "{refusal}");
        max_forward(0, 0, 1, &[], &mut [], &mut []).unwrap();
        let refusal = pick_forward(2, 2, 1, &[1.0; 4], &[1, 2], &mut [0.0; 2]).unwrap_err();
        assert!(refusal.contains("index 2 at place 1 came, expected 0 to 1"), "{refusal}");
        assert!(pick_backward(1, 2, 1, &[1.0], &[-1], &mut [0.0; 2]).is_err());
    }
}
