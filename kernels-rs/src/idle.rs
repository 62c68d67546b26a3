//! Released memory that waits for its next use: what lies longest goes first when there is too much of it.
//!
//! A training step asks for the same sizes each time, but not in an order in which one set of blocks would serve: at the
//! end of a step the idle blocks of all sizes together are somewhat more than what was alive at its peak.

use crate::machine::memory::Line;
use std::collections::{BTreeMap, VecDeque};

/// A block that is larger than asked for by more than an eighth is left to a request of its size.
const SLACK: usize = 8;

/// A block and the time of its release.
type Released = (u64, Box<[Line]>);

pub struct Idle {
    /// By number of lines, those released last at the back.
    blocks: BTreeMap<usize, VecDeque<Released>>,
    bytes: usize,
    time: u64,
}

impl Idle {
    pub const fn new() -> Idle {
        Idle { blocks: BTreeMap::new(), bytes: 0, time: 0 }
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A block of `count` lines or a few more; the one released last, which the caches may still hold.
    pub fn take(&mut self, count: usize) -> Option<Box<[Line]>> {
        let (&size, blocks) = self.blocks.range_mut(count..=count + count / SLACK).next()?;
        let (_, lines) = blocks.pop_back().expect("no empty entry stays");
        if blocks.is_empty() {
            self.blocks.remove(&size);
        }
        self.bytes -= size * Line::BYTES;
        Some(lines)
    }

    /// Keeps a block; of all that is kept, the oldest goes until no more than `limit` bytes are left.
    pub fn keep(&mut self, lines: Box<[Line]>, limit: usize) {
        self.time += 1;
        self.bytes += lines.len() * Line::BYTES;
        self.blocks.entry(lines.len()).or_default().push_back((self.time, lines));
        while self.bytes > limit {
            self.drop_oldest();
        }
    }

    pub fn clear(&mut self) {
        self.blocks.clear();
        self.bytes = 0;
    }

    fn drop_oldest(&mut self) {
        let age = |blocks: &VecDeque<Released>| blocks.front().map(|&(time, _)| time);
        let oldest = self.blocks.iter().min_by_key(|(_, blocks)| age(blocks)).map(|(&size, _)| size);
        let size = oldest.expect("bytes are kept, so blocks are");
        let blocks = self.blocks.get_mut(&size).expect("found above");
        blocks.pop_front();
        if blocks.is_empty() {
            self.blocks.remove(&size);
        }
        self.bytes -= size * Line::BYTES;
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
