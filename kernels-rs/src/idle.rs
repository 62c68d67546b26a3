//! Released memory that waits for its next use: what lies longest goes first when there is too much of it.
//!
//! A training step asks for the same sizes each time, but not in an order in which one set of blocks would serve: at the
//! end of a step the idle blocks of all sizes together are somewhat more than what was alive at its peak.

use crate::machine::memory::Line;

/// A block that is larger than asked for by more than an eighth is left to a request of its size.
const SLACK: usize = 8;

/// A block and the time of its release.
struct Released {
    time: u64,
    lines: Box<[Line]>,
}

pub struct Idle {
    /// By number of lines, among equals by time.
    blocks: Vec<Released>,
    bytes: usize,
    time: u64,
}

impl Idle {
    pub const fn new() -> Idle {
        Idle { blocks: Vec::new(), bytes: 0, time: 0 }
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A block of `count` lines (one at least) or a few more; the one released last, which the caches may still hold.
    pub fn take(&mut self, count: usize) -> Option<Box<[Line]>> {
        let size = self.blocks.get(self.first_beyond(count - 1))?.lines.len();
        (size <= count + count / SLACK).then(|| self.remove(self.first_beyond(size) - 1))
    }

    /// Keeps a block; of all that is kept, the oldest goes until no more than `limit` bytes are left.
    pub fn keep(&mut self, lines: Box<[Line]>, limit: usize) {
        self.time += 1;
        self.bytes += lines.len() * Line::BYTES;
        self.blocks.insert(self.first_beyond(lines.len()), Released { time: self.time, lines });
        while self.bytes > limit {
            let oldest = (0..self.blocks.len()).min_by_key(|&at| self.blocks[at].time);
            self.remove(oldest.expect("bytes are kept, so blocks are"));
        }
    }

    pub fn clear(&mut self) {
        self.blocks.clear();
        self.bytes = 0;
    }

    /// Where blocks of more than `size` lines begin.
    fn first_beyond(&self, size: usize) -> usize {
        self.blocks.partition_point(|block| block.lines.len() <= size)
    }

    fn remove(&mut self, at: usize) -> Box<[Line]> {
        let lines = self.blocks.remove(at).lines;
        self.bytes -= lines.len() * Line::BYTES;
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(lines: usize) -> Box<[Line]> {
        vec![Line::ZERO; lines].into_boxed_slice()
    }

    #[test]
    fn a_block_serves_its_size_and_a_little_less() {
        let mut idle = Idle::new();
        idle.keep(block(90), usize::MAX);
        assert!(idle.take(91).is_none() && idle.take(79).is_none());
        assert_eq!(idle.take(80).map(|lines| lines.len()), Some(90));
        assert_eq!(idle.bytes(), 0);
    }

    #[test]
    fn the_oldest_goes_when_there_is_too_much() {
        let mut idle = Idle::new();
        let limit = 60 * Line::BYTES;
        for size in [10, 20, 30] {
            idle.keep(block(size), limit);
        }
        idle.keep(block(10), limit);
        // The first 10 went: 20 + 30 + 10 are left, and the next ten drive out the 20.
        assert_eq!(idle.bytes(), limit);
        idle.keep(block(10), limit);
        assert!(idle.take(20).is_none());
        assert_eq!(idle.bytes(), 50 * Line::BYTES);
    }
}
