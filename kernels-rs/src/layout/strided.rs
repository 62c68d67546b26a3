//! Views by strides: transposes, slices, flips (negative strides) and repetition (stride 0), copied out, written in, and
//! added back.

use crate::door::{Refusal, kernel};
use crate::machine::memory::Element;
use crate::machine::threads::{chunk_len, chunks, parallel};

kernel! {
    /// y[i, j, …] = x[offset + i · strides[0] + j · strides[1] + …].
    fn strided_copy(shape: &[u32], strides: &[i32], offset: usize, x_len: usize;
        x: f32[x_len]; y: f32[volume(shape)]) -> Result<(), Refusal> {
        View::new(shape, strides, offset, x_len)?.copy(x, y);
        Ok(())
    }

    /// The same for integers.
    fn strided_copy_i32(shape: &[u32], strides: &[i32], offset: usize, x_len: usize;
        x: i32[x_len]; y: i32[volume(shape)]) -> Result<(), Refusal> {
        View::new(shape, strides, offset, x_len)?.copy(x, y);
        Ok(())
    }

    /// The same for bytes.
    fn strided_copy_u8(shape: &[u32], strides: &[i32], offset: usize, x_len: usize;
        x: u8[x_len]; y: u8[volume(shape)]) -> Result<(), Refusal> {
        View::new(shape, strides, offset, x_len)?.copy(x, y);
        Ok(())
    }

    /// y[offset + i · strides[0] + …] = x[i, …]: writes a block into its place in a larger array.
    fn strided_write(shape: &[u32], strides: &[i32], offset: usize, y_len: usize;
        x: f32[volume(shape)]; y: f32[y_len]) -> Result<(), Refusal> {
        View::new(shape, strides, offset, y_len)?.scatter(x, y, |_, x| x);
        Ok(())
    }

    /// The same for integers.
    fn strided_write_i32(shape: &[u32], strides: &[i32], offset: usize, y_len: usize;
        x: i32[volume(shape)]; y: i32[y_len]) -> Result<(), Refusal> {
        View::new(shape, strides, offset, y_len)?.scatter(x, y, |_, x| x);
        Ok(())
    }

    /// The same for bytes.
    fn strided_write_u8(shape: &[u32], strides: &[i32], offset: usize, y_len: usize;
        x: u8[volume(shape)]; y: u8[y_len]) -> Result<(), Refusal> {
        View::new(shape, strides, offset, y_len)?.scatter(x, y, |_, x| x);
        Ok(())
    }

    /// y[offset + i · strides[0] + …] += x[i, …]: the adjoint of `strided_copy`, in the order of x. Where an element of y
    /// is met more than once, the sum goes through f64.
    fn strided_add(shape: &[u32], strides: &[i32], offset: usize, y_len: usize;
        x: f32[volume(shape)]; y: f32[y_len]) -> Result<(), Refusal> {
        let view = View::new(shape, strides, offset, y_len)?;
        if view.axes.iter().all(|axis| axis.stride != 0) {
            view.scatter(x, y, |y, x| y + x);
        } else {
            let mut sums = vec![0.0; y_len];
            view.scatter(x, &mut sums, |sum, x| sum + f64::from(x));
            y.iter_mut().zip(&sums).for_each(|(y, sum)| *y += *sum as f32);
        }
        Ok(())
    }
}

/// The number of elements of a shape.
fn volume(shape: &[u32]) -> usize {
    shape.iter().map(|&length| length as usize).product()
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    length: usize,
    stride: i64,
}

/// A view that lies within its array: few axes, the last one taken as rows.
struct View {
    /// Neighbours that step alike are merged, so a contiguous view has one axis. Never empty.
    axes: Vec<Axis>,
    offset: i64,
}

impl View {
    fn new(shape: &[u32], strides: &[i32], offset: usize, array_len: usize) -> Result<View, Refusal> {
        if shape.len() != strides.len() {
            return Err(format!(
                "strided: {} strides came, expected one for each of {} axes",
                strides.len(),
                shape.len()
            ));
        }
        let mut axes: Vec<Axis> = Vec::with_capacity(shape.len());
        let (mut lowest, mut highest) = (offset as i64, offset as i64);
        for (&length, &stride) in shape.iter().zip(strides) {
            let axis = Axis { length: length as usize, stride: i64::from(stride) };
            let reach = (i64::from(length) - 1) * axis.stride;
            (lowest, highest) = (lowest + reach.min(0), highest + reach.max(0));
            match axes.last_mut() {
                _ if length == 1 => {}
                Some(outer) if outer.stride == axis.stride * axis.length as i64 => {
                    *outer = Axis { length: outer.length * axis.length, stride: axis.stride };
                }
                _ => axes.push(axis),
            }
        }
        if volume(shape) == 0 {
            return Ok(View { axes: vec![Axis { length: 0, stride: 1 }], offset: 0 });
        }
        if lowest < 0 || highest >= array_len as i64 {
            return Err(format!(
                "strided: shape {shape:?}, strides {strides:?} and offset {offset} reach from {lowest} to {highest} in an \
                 array of {array_len} elements"
            ));
        }
        if axes.is_empty() {
            axes.push(Axis { length: 1, stride: 1 });
        }
        Ok(View { axes, offset: offset as i64 })
    }

    fn row(&self) -> Axis {
        *self.axes.last().expect("never empty")
    }

    /// Runs `work(row, place of its first element)` for rows `from..to`.
    fn rows(&self, from: usize, to: usize, mut work: impl FnMut(usize, i64)) {
        let outer = &self.axes[..self.axes.len() - 1];
        let mut index = vec![0; outer.len()];
        let (mut rest, mut at) = (from, self.offset);
        for (index, axis) in index.iter_mut().zip(outer).rev() {
            *index = rest % axis.length;
            rest /= axis.length;
            at += *index as i64 * axis.stride;
        }
        for row in from..to {
            work(row, at);
            for (index, axis) in index.iter_mut().zip(outer).rev() {
                *index += 1;
                at += axis.stride;
                if *index < axis.length {
                    break;
                }
                at -= axis.stride * axis.length as i64;
                *index = 0;
            }
        }
    }

    fn copy<T: Element>(&self, x: &[T], y: &mut [T]) {
        let Axis { length, stride } = self.row();
        if length == 0 {
            return;
        }
        let rows = chunk_len(y.len() / length, 2 * length, BAND);
        parallel(chunks(y, rows * length), |chunk, y| {
            let (from, to) = (chunk * rows, chunk * rows + y.len() / length);
            if stride == 0 || stride == 1 {
                self.rows(from, to, |row, at| {
                    let y = &mut y[(row - from) * length..][..length];
                    match stride {
                        0 => y.fill(x[at as usize]),
                        _ => y.copy_from_slice(&x[at as usize..][..length]),
                    }
                });
                return;
            }
            let mut starts = Vec::with_capacity(to - from);
            self.rows(from, to, |_, at| starts.push(at));
            for (y, starts) in y.chunks_mut(BAND * length).zip(starts.chunks(BAND)) {
                copy_band(x, starts, stride, y);
            }
        });
    }

    fn scatter<T: Copy, U: Copy>(&self, x: &[T], y: &mut [U], op: impl Fn(U, T) -> U) {
        let Axis { length, stride } = self.row();
        let rows = x.len().checked_div(length).unwrap_or(0);
        self.rows(0, rows, |row, at| {
            let x = &x[row * length..][..length];
            if stride == 1 {
                y[at as usize..][..length].iter_mut().zip(x).for_each(|(y, &x)| *y = op(*y, x));
            } else {
                for (j, &x) in x.iter().enumerate() {
                    let y = &mut y[(at + j as i64 * stride) as usize];
                    *y = op(*y, x);
                }
            }
        });
    }
}

/// Rows that are copied together: in a transpose, neighbours in a column then come from one cache line.
const BAND: usize = 16;

/// Copies rows that begin at `starts` in x and step by `stride`, a few columns of all rows at a time.
fn copy_band<T: Element>(x: &[T], starts: &[i64], stride: i64, y: &mut [T]) {
    let length = y.len() / starts.len();
    for from in (0..length).step_by(BAND) {
        let to = length.min(from + BAND);
        for (&start, y) in starts.iter().zip(y.chunks_exact_mut(length)) {
            let mut at = start + from as i64 * stride;
            for y in &mut y[from..to] {
                *y = x[at as usize];
                at += stride;
            }
        }
    }
}

#[cfg(test)]
#[path = "strided_tests.rs"]
mod tests;
