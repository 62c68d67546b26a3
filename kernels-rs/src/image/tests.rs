//! Small images by hand.

use super::*;

/// One image of 2 rows by 3 columns, one channel: 1 2 3 / 4 5 6.
const IMAGE: [u8; 6] = [1, 2, 3, 4, 5, 6];

fn shifted(out: (usize, usize), reflect: bool, moves: [i32; 3], holes: &[i32]) -> Result<Vec<f32>, Refusal> {
    let mut y = vec![9.0; out.0 * out.1];
    image_shift(1, 1, 2, 3, 1, out.0, out.1, reflect, 1.0, &IMAGE, &[0], &moves, holes, &[0.0], &[1.0], &mut y)?;
    Ok(y)
}

#[test]
fn mirrored_moved_and_cropped() {
    let same = |moves| shifted((2, 3), false, moves, &[]).unwrap();
    assert_eq!(same([0, 0, 0]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(same([1, 0, 0]), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
    // The window one column to the right: the image moves left, black comes in.
    assert_eq!(same([0, 0, 1]), [2.0, 3.0, 0.0, 5.0, 6.0, 0.0]);
    assert_eq!(same([1, -1, -1]), [0.0, 0.0, 0.0, 0.0, 3.0, 2.0]);
    assert_eq!(same([0, 7, 0]), [0.0; 6]);
    // With a mirror beyond the edge: 2 | 1 2 3 | 2 1.
    let mirrored = |moves| shifted((2, 3), true, moves, &[]).unwrap();
    assert_eq!(mirrored([0, 0, -1]), [2.0, 1.0, 2.0, 5.0, 4.0, 5.0]);
    assert_eq!(mirrored([0, 1, 2]), [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
    assert_eq!(shifted((1, 2), true, [0, 1, 1], &[]).unwrap(), [5.0, 6.0]);
}

#[test]
fn a_hole_is_cut_at_the_edges() {
    assert_eq!(shifted((2, 3), false, [0, 0, 0], &[0, 1, 1, 9]).unwrap(), [1.0, 0.0, 0.0, 4.0, 5.0, 6.0]);
    assert_eq!(shifted((2, 3), false, [0, 0, 0], &[-1, -1, 2, 2]).unwrap(), [0.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(shifted((2, 3), false, [0, 0, 0], &[5, 5, 2, 2]).unwrap()[0], 1.0);
}

#[test]
fn what_cannot_be_seen_is_refused() {
    let refusal = shifted((2, 3), true, [0, 2, 0], &[]).unwrap_err();
    assert!(refusal.contains("a window of 2x3 at (2, 0) came"), "{refusal}");
    let refusal = image_shift(1, 1, 1, 1, 1, 1, 1, false, 1.0, &[1], &[1], &[0; 3], &[], &[0.0], &[1.0], &mut [0.0]);
    assert!(refusal.unwrap_err().contains("row 1 at place 0 came, expected 0 to 0"));
}

#[test]
fn colours_are_normalized_channel_by_channel() {
    // Two images of one pixel of 3 channels, the second first: (255/255 - 0.5) / 0.25 = 2, and so on.
    let table = [0, 51, 255, 255, 0, 51];
    let mut y = [9.0; 6];
    let (mean, deviation) = ([0.5, 0.0, 0.1], [0.25, 1.0, 0.5]);
    image_shift(2, 2, 1, 1, 3, 1, 1, true, 255.0, &table, &[1, 0], &[0; 6], &[], &mean, &deviation, &mut y).unwrap();
    let want = [2.0, 0.0, 0.2, -2.0, 0.2, 1.8];
    assert!(y.iter().zip(want).all(|(y, want)| (y - want).abs() < 1e-6), "{y:?}");
    // The general path, by a fourth channel.
    let mut four = [9.0; 4];
    image_shift(1, 1, 1, 1, 4, 1, 1, false, 1.0, &[1, 2, 3, 4], &[0], &[0; 3], &[], &[1.0; 4], &[2.0; 4], &mut four)
        .unwrap();
    assert_eq!(four, [0.0, 0.5, 1.0, 1.5]);
}

fn transformed(matrix: [f32; 6]) -> [f32; 9] {
    let mut y = [9.0; 9];
    let table = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    image_affine(1, 1, 3, 3, 1, 3, 3, 1.0, &table, &[0], &matrix, &[], &[0.0], &[1.0], &mut y).unwrap();
    y
}

#[test]
fn turned_moved_scaled_sheared() {
    let of = |flip, turn, shear, scale, by| transformed(affine::matrix(flip, turn, shear, scale, by));
    let near = |got: [f32; 9], want: [f32; 9]| {
        assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-5), "{got:?} for {want:?}");
    };
    near(of(false, 0.0, 0.0, 1.0, [0.0; 2]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    near(of(true, 0.0, 0.0, 1.0, [0.0; 2]), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0, 9.0, 8.0, 7.0]);
    // A quarter turn counter-clockwise: the right column becomes the upper row.
    near(of(false, 0.25, 0.0, 1.0, [0.0; 2]), [3.0, 6.0, 9.0, 2.0, 5.0, 8.0, 1.0, 4.0, 7.0]);
    near(of(false, -0.75, 0.0, 1.0, [0.0; 2]), [3.0, 6.0, 9.0, 2.0, 5.0, 8.0, 1.0, 4.0, 7.0]);
    // Down by one, right by half: black comes in, and between pixels is their mean.
    near(of(false, 0.0, 0.0, 1.0, [1.0, 0.5]), [0.0, 0.0, 0.0, 0.5, 1.5, 2.5, 2.0, 4.5, 5.5]);
    // Twice as large: the corners are half-way to the centre.
    near(of(false, 0.0, 0.0, 2.0, [0.0; 2]), [3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0]);
    // Sheared by one column a row: the lower row moves right, the upper one left.
    near(of(false, 0.0, 1.0, 1.0, [0.0; 2]), [2.0, 3.0, 0.0, 4.0, 5.0, 6.0, 0.0, 7.0, 8.0]);
}

#[test]
fn r04_what_is_drawn_for_an_image_depends_on_seed_epoch_and_index_alone() {
    let draw = |seed, epoch, indices: &[i32]| {
        let mut bits = vec![9; 3 * indices.len()];
        image_draw(indices.len(), 3, seed, 0, 1, epoch, indices, &mut bits).unwrap();
        bits
    };
    let all = draw(1, 5, &(0..10_000).collect::<Vec<_>>());
    assert_eq!(draw(1, 5, &[7777, 3]), [&all[3 * 7777..][..3], &all[9..12]].concat());
    assert!(draw(2, 5, &[3]) != all[9..12] && draw(1, 6, &[3]) != all[9..12]);
    // Five standard deviations of 30,000 coins.
    let heads = all.iter().filter(|&&bits| bits < 0).count() as i32;
    assert!((heads - 15_000).abs() < 433, "{heads}");
    assert!(image_draw(1, 17, 1, 0, 1, 0, &[0], &mut [0; 17]).is_err());
}
