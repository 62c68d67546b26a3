//! What the pool is given to do.

/// The work on each chunk of a job. A trait of its own: behind `dyn Fn` the compiler keeps a second copy of each closure,
/// to be called once and consumed.
pub trait Work: Sync {
    fn on(&self, chunk: usize, thread: usize);
}

impl<F: Fn(usize, usize) + Sync> Work for F {
    fn on(&self, chunk: usize, thread: usize) {
        self(chunk, thread);
    }
}
