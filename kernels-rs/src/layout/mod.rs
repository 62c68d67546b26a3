//! Moving elements: `strided` copies in other orders, `rows` by index, `convert` from one element type to another.

use crate::door::kernel;

pub mod convert;
pub mod rows;
pub mod strided;

kernel! {
    fn fill(len: usize, value: f32;; y: f32[len]) {
        y.fill(value);
    }

    fn copy(len: usize; x: f32[len]; y: f32[len]) {
        y.copy_from_slice(x);
    }
}
