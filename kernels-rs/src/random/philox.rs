//! The generator: Philox4x32-10 (J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

use crate::machine::threads::{chunk_len, chunks, parallel};

/// Numbers that one block of the generator gives.
const BLOCK: usize = 4;

/// The four numbers of a counter under a key.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
    const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
    for _ in 0..10 {
        let [a, b] =
            [u64::from(counter[0]) * u64::from(MULTIPLIERS[0]), u64::from(counter[2]) * u64::from(MULTIPLIERS[1])];
        counter = [(b >> 32) as u32 ^ counter[1] ^ key[0], b as u32, (a >> 32) as u32 ^ counter[3] ^ key[1], a as u32];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// The numbers of a seed's stream from a position on. The key is the seed; the counter is the block and the stream.
#[derive(Clone, Copy)]
pub struct Sequence {
    key: [u32; 2],
    stream: u32,
    position: u64,
}

impl Sequence {
    pub fn new(seed_low: u32, seed_high: u32, stream: u32, position: f64) -> Sequence {
        Sequence { key: [seed_low, seed_high], stream, position: position as u64 }
    }

    fn block(&self, index: u64) -> [u32; BLOCK] {
        philox([index as u32, (index >> 32) as u32, self.stream, 0], self.key)
    }

    /// The number at a place, counted from the position.
    pub fn number(&self, at: u64) -> u32 {
        let at = self.position + at;
        self.block(at / BLOCK as u64)[(at % BLOCK as u64) as usize]
    }

    /// Fills `out`: item i is item (position + i) mod 4 of `values` of the block that position + i lies in. So a draw does
    /// not depend on how it was cut, neither into calls nor into chunks.
    pub fn fill<T: Copy + Send>(&self, out: &mut [T], values: impl Fn([u32; BLOCK]) -> [T; BLOCK] + Sync) {
        let len = chunk_len(out.len(), 16, BLOCK);
        parallel(chunks(out, len), |chunk, mut out| {
            let mut at = self.position + (chunk * len) as u64;
            while !out.is_empty() {
                let from = (at % BLOCK as u64) as usize;
                let count = out.len().min(BLOCK - from);
                let (now, rest) = out.split_at_mut(count);
                now.copy_from_slice(&values(self.block(at / BLOCK as u64))[from..from + count]);
                at += count as u64;
                out = rest;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_vectors() {
        // Random123's known answers for philox4x32 with 10 rounds.
        assert_eq!(philox([0; 4], [0; 2]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
        let pi = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
        assert_eq!(philox(pi, [0xa4093822, 0x299f31d0]), [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
    }

    #[test]
    fn a_sequence_is_cut_anywhere() {
        let mut whole = vec![0; 20_000];
        Sequence::new(7, 8, 3, 0.0).fill(&mut whole, |block| block);
        assert_eq!(whole[..4], philox([0, 0, 3, 0], [7, 8]));
        assert_eq!(Sequence::new(7, 8, 3, 2.0).number(9_001), whole[9_003]);
        for (from, len) in [(0, 1), (1, 2), (2, 31), (3, 33), (4, 4), (5, 0), (9_999, 9_001)] {
            let mut part = vec![0; len];
            Sequence::new(7, 8, 3, from as f64).fill(&mut part, |block| block);
            assert!(part == whole[from..from + len], "{from}, {len}");
        }
    }

    #[test]
    fn positions_beyond_32_bits_go_on() {
        let mut x = [0; 4];
        Sequence::new(1, 2, 3, 4.0 * 4_294_967_297.0).fill(&mut x, |block| block);
        assert_eq!(x, philox([1, 1, 3, 0], [1, 2]));
    }
}
