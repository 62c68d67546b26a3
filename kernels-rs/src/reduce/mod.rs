//! Reductions over the middle axis of an [outer, length, inner] view.
//!
//! `sums`: sums, means, squares, running sums. `extremes`: the largest and smallest and their places. `products`.

pub mod extremes;
pub mod products;
pub mod sums;

/// The sizes of a view whose middle axis is reduced.
#[derive(Clone, Copy)]
struct View {
    outer: usize,
    length: usize,
    inner: usize,
}

impl View {
    fn new(outer: usize, length: usize, inner: usize) -> View {
        View { outer, length, inner }
    }

    /// The elements of outer index `o`: `length` rows of `inner`.
    fn slab<T>(self, x: &[T], o: usize) -> &[T] {
        &x[o * self.length * self.inner..][..self.length * self.inner]
    }
}
