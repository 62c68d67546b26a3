//! The pool where there are no workers: `cargo test` runs a job's chunks one after the other.

use super::work::Work;

pub fn threads() -> usize {
    1
}

/// Does `work` once on each chunk below `chunks`.
pub fn run(chunks: usize, work: &dyn Work) {
    (0..chunks).for_each(|chunk| work.on(chunk, 0));
}

/// Whether workers may be at work now.
pub fn is_open() -> bool {
    false
}
