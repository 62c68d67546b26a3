//! Padding of images [batch, height, width, channels]: with a number, or with the image mirrored at its outermost cells.

use crate::door::{Refusal, kernel};
use crate::lanes::update;
use crate::machine::threads::{chunk_len, chunks, parallel};

/// An image's size and what is put around it.
pub struct PadGeometry {
    batch: usize,
    height: usize,
    width: usize,
    channels: usize,
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
    reflect: bool,
}

impl PadGeometry {
    pub fn from_numbers(numbers: [usize; 9]) -> Result<PadGeometry, Refusal> {
        let [batch, height, width, channels, top, left, bottom, right, reflect] = numbers;
        let reflect = reflect != 0;
        if reflect && (top.max(bottom) >= height || left.max(right) >= width) {
            return Err(format!(
                "pad: {top} above, {bottom} below, {left} left and {right} right came for an image of {height}x{width}, \
                 expected less than its size on each side: a mirror shows each cell but the outermost once"
            ));
        }
        Ok(PadGeometry { batch, height, width, channels, top, left, bottom, right, reflect })
    }

    fn rows(&self) -> usize {
        self.top + self.height + self.bottom
    }

    fn cols(&self) -> usize {
        self.left + self.width + self.right
    }

    fn inputs(&self) -> usize {
        self.batch * self.height * self.width * self.channels
    }

    fn outputs(&self) -> usize {
        self.batch * self.rows() * self.cols() * self.channels
    }

    /// The row of the image that row `i` of the result shows.
    fn row(&self, i: usize) -> Option<usize> {
        source(i as isize - self.top as isize, self.height, self.reflect)
    }

    fn col(&self, j: usize) -> Option<usize> {
        source(j as isize - self.left as isize, self.width, self.reflect)
    }
}

/// The cell that position `at`, counted from the first, shows on an axis of `size` cells; none outside unless mirrored.
pub fn source(at: isize, size: usize, reflect: bool) -> Option<usize> {
    let last = size as isize - 1;
    if (0..=last).contains(&at) {
        return Some(at as usize);
    }
    reflect.then(|| if at < 0 { -at } else { 2 * last - at } as usize)
}

kernel! {
    /// y = x with `value`, or with its mirror image, around it.
    fn pad_forward[geometry: PadGeometry = batch, height, width, channels, top, left, bottom, right, reflect](
        value: f32; x: f32[geometry.inputs()]; y: f32[geometry.outputs()]) {
        let line = geometry.cols() * geometry.channels;
        if y.is_empty() {
            return;
        }
        let cols: Vec<Option<usize>> = (0..geometry.cols()).map(|j| geometry.col(j)).collect();
        let (left, width, channels) = (geometry.left, geometry.width, geometry.channels);
        let lines = chunk_len(geometry.batch * geometry.rows(), line, 1);
        parallel(chunks(y, lines * line), |chunk, y| {
            for (at, y) in y.chunks_exact_mut(line).enumerate() {
                let at = chunk * lines + at;
                let Some(row) = geometry.row(at % geometry.rows()) else {
                    y.fill(value);
                    continue;
                };
                let x = &x[(at / geometry.rows() * geometry.height + row) * width * channels..][..width * channels];
                y[left * channels..][..width * channels].copy_from_slice(x);
                for j in (0..left).chain(left + width..cols.len()) {
                    let y = &mut y[j * channels..][..channels];
                    match cols[j] {
                        Some(col) => y.copy_from_slice(&x[col * channels..][..channels]),
                        None => y.fill(value),
                    }
                }
            }
        });
    }

    /// dx: each cell gets the gradients of all that show it.
    fn pad_backward[geometry: PadGeometry = batch, height, width, channels, top, left, bottom, right, reflect](
        ; dy: f32[geometry.outputs()]; dx: f32[geometry.inputs()]) {
        let image = geometry.height * geometry.width * geometry.channels;
        if dx.is_empty() {
            return;
        }
        let cols: Vec<Option<usize>> = (0..geometry.cols()).map(|j| geometry.col(j)).collect();
        let (left, width, channels) = (geometry.left, geometry.width, geometry.channels);
        let line = cols.len() * channels;
        let images = chunk_len(geometry.batch, 2 * image, 1);
        parallel(chunks(dx, images * image), |chunk, dx| {
            dx.fill(0.0);
            for (at, dx) in dx.chunks_exact_mut(image).enumerate() {
                for i in 0..geometry.rows() {
                    let Some(row) = geometry.row(i) else { continue };
                    let dy = &dy[((chunk * images + at) * geometry.rows() + i) * line..][..line];
                    let dx = &mut dx[row * width * channels..][..width * channels];
                    update([&dy[left * channels..][..width * channels]], [&mut *dx], |[dy], [dx]| [dx + dy]);
                    for j in (0..left).chain(left + width..cols.len()) {
                        if let Some(col) = cols[j] {
                            let dx = &mut dx[col * channels..][..channels];
                            update([&dy[j * channels..][..channels]], [dx], |[dy], [dx]| [dx + dy]);
                        }
                    }
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometry(numbers: [usize; 9]) -> PadGeometry {
        PadGeometry::from_numbers(numbers).unwrap()
    }

    #[test]
    fn a_number_around_an_image_and_the_gradient_inside() {
        // 1x2 of two channels, one row above, one column left, two right.
        let g = geometry([1, 1, 2, 2, 1, 1, 0, 2, 0]);
        let (mut y, mut dx) = ([0.0; 20], [9.0; 4]);
        pad_forward(&g, 7.0, &[1.0, 2.0, 3.0, 4.0], &mut y);
        assert_eq!(y[..10], [7.0; 10]);
        assert_eq!(y[10..], [7.0, 7.0, 1.0, 2.0, 3.0, 4.0, 7.0, 7.0, 7.0, 7.0]);
        let dy: Vec<f32> = (0..20).map(|i| i as f32).collect();
        pad_backward(&g, &dy, &mut dx);
        assert_eq!(dx, [12.0, 13.0, 14.0, 15.0]);
    }

    #[test]
    fn a_mirror_shows_the_outermost_cells_once() {
        // 0 1 2 with two on each side: 2 1 0 1 2 1 0. Gradients of ones: 0 is shown twice, 1 three times, 2 twice.
        let g = geometry([1, 1, 3, 1, 0, 2, 0, 2, 1]);
        let (mut y, mut dx) = ([9.0; 7], [9.0; 3]);
        pad_forward(&g, 0.0, &[0.0, 1.0, 2.0], &mut y);
        assert_eq!(y, [2.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0]);
        pad_backward(&g, &[1.0; 7], &mut dx);
        assert_eq!(dx, [2.0, 3.0, 2.0]);
        // Down the rows too.
        let g = geometry([1, 2, 1, 1, 1, 0, 1, 0, 1]);
        let (mut y, mut dx) = ([9.0; 4], [9.0; 2]);
        pad_forward(&g, 0.0, &[1.0, 2.0], &mut y);
        assert_eq!(y, [2.0, 1.0, 2.0, 1.0]);
        pad_backward(&g, &[1.0, 10.0, 100.0, 1000.0], &mut dx);
        assert_eq!(dx, [1010.0, 101.0]);
    }

    #[test]
    fn a_mirror_wider_than_the_image_is_refused_and_nothing_is_nothing() {
        let refusal = PadGeometry::from_numbers([1, 4, 4, 1, 0, 4, 0, 0, 1]).err().unwrap();
        assert!(refusal.contains("4 left") && refusal.contains("4x4"), "{refusal}");
        let g = geometry([0, 4, 4, 3, 1, 1, 1, 1, 0]);
        pad_forward(&g, 0.0, &[], &mut []);
        pad_backward(&g, &[], &mut []);
    }
}
