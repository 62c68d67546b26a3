//! What the tests of convolutions share: random numbers, and both widths of the micro-kernel.

use crate::gemm::product::{use_wide_tile, with_tile_held};

/// Random numbers, the same each time.
pub struct Noise(pub u32);

impl Noise {
    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    pub fn choose(&mut self, from: &[usize]) -> usize {
        from[self.next() as usize % from.len()]
    }

    /// Numbers in -1..1.
    pub fn array(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.next() as f32 / (1u32 << 31) as f32 - 1.0).collect()
    }
}

/// What `run` writes; both widths of the micro-kernel, without and with turbo, give the same bits.
pub fn in_both_widths(len: usize, run: impl Fn(&mut [f32])) -> Vec<f32> {
    with_tile_held(|| {
        let [narrow, wide] = [false, true].map(|wide| {
            use_wide_tile(wide);
            let mut out = vec![7.0; len];
            run(&mut out);
            out
        });
        assert!(narrow.iter().zip(&wide).all(|(a, b)| a.to_bits() == b.to_bits()), "other bits in a wide tile");
        narrow
    })
}
