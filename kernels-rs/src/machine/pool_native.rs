//! The pool where there are no workers: `cargo test` runs a job's chunks one after the other.

/// A chunk's work: `(chunk, thread)`.
pub type Work<'a> = &'a (dyn Fn(usize, usize) + Sync);

pub fn threads() -> usize {
    1
}

/// Runs `work(chunk, thread)` once for each chunk below `chunks`.
pub fn run(chunks: usize, work: Work) {
    (0..chunks).for_each(|chunk| work(chunk, 0));
}
