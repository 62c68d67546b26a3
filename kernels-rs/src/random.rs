//! Random numbers from a counter: Philox4x32-10 (J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
//!
//! The key is the seed; the counter is the block (four numbers) and the stream. A number depends on seed, stream and
//! position alone: not on threads, not on how a draw was cut, and not on the binary, since nothing here is relaxed.

use crate::door::kernel;
use crate::machine::threads::{chunk_len, chunks, parallel};

/// Numbers that one block of the generator gives.
const BLOCK: usize = 4;

#[derive(Clone, Copy)]
struct Sequence {
    key: [u32; 2],
    stream: u32,
    /// The place of the first number; draws begin at whole blocks.
    position: u64,
}

impl Sequence {
    fn new(seed_low: u32, seed_high: u32, stream: u32, position: f64) -> Sequence {
        Sequence { key: [seed_low, seed_high], stream, position: position as u64 }
    }

    /// The four numbers of the block that holds the number at `offset` from the first.
    fn block(&self, offset: usize) -> [u32; BLOCK] {
        let block = (self.position + offset as u64) / BLOCK as u64;
        philox([block as u32, (block >> 32) as u32, self.stream, 0], self.key)
    }
}

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

/// In [0, 1), a multiple of 2⁻²⁴: exact in f32.
fn unit(bits: u32) -> f64 {
    f64::from(bits >> 8) / f64::from(1 << 24)
}

/// Fills `out` block by block.
fn fill<T: Send>(out: &mut [T], sequence: Sequence, values: impl Fn([u32; BLOCK]) -> [T; BLOCK] + Sync)
where
    T: Copy,
{
    let len = chunk_len(out.len(), 16, BLOCK);
    parallel(chunks(out, len), |chunk, out| {
        for (b, out) in out.chunks_mut(BLOCK).enumerate() {
            let block = values(sequence.block(chunk * len + b * BLOCK));
            out.copy_from_slice(&block[..out.len()]);
        }
    });
}

kernel! {
    /// Uniform in [low, high).
    fn random_uniform(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, low: f64, high: f64;;
        out: f32[len]) {
        // Rounding to f32 may reach `high` itself, which does not belong to the range.
        let last = if high > low { (high as f32).next_down() } else { high as f32 };
        fill(out, Sequence::new(seed_low, seed_high, stream, position), |block| {
            block.map(|bits| ((low + (high - low) * unit(bits)) as f32).min(last))
        });
    }

    /// Normal, by Box and Muller's method: two uniform numbers give two normal ones.
    fn random_normal(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, mean: f64, deviation: f64;;
        out: f32[len]) {
        fill(out, Sequence::new(seed_low, seed_high, stream, position), |[a, b, c, d]| {
            let [x, y] = box_muller(a, b);
            let [z, w] = box_muller(c, d);
            [x, y, z, w].map(|normal| (mean + deviation * normal) as f32)
        });
    }

    /// Whole numbers in 0..bound, each as likely (to 2⁻³²).
    fn random_integers(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, bound: u32;;
        out: i32[len]) {
        fill(out, Sequence::new(seed_low, seed_high, stream, position), |block| {
            block.map(|bits| ((u64::from(bits) * u64::from(bound)) >> 32) as i32)
        });
    }

    /// 1/(1 − p) with probability 1 − p, else 0: a mask that keeps the mean.
    fn random_dropout(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, p: f64;; out: f32[len]) {
        let kept = (1.0 / (1.0 - p)) as f32;
        fill(out, Sequence::new(seed_low, seed_high, stream, position), |block| {
            block.map(|bits| if unit(bits) < p { 0.0 } else { kept })
        });
    }

    /// 0..len in random order: the order of 64-bit keys.
    fn random_permutation(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64;; out: i32[len]) {
        let sequence = Sequence::new(seed_low, seed_high, stream, position);
        let mut keys: Vec<(u64, i32)> = (0..len)
            .map(|i| {
                let block = sequence.block(2 * i);
                let half = 2 * (i % 2);
                (u64::from(block[half]) << 32 | u64::from(block[half + 1]), i as i32)
            })
            .collect();
        keys.sort_unstable();
        for (out, (_, index)) in out.iter_mut().zip(keys) {
            *out = index;
        }
    }
}

/// Two independent standard normal numbers from 2 × 32 random bits.
fn box_muller(a: u32, b: u32) -> [f64; 2] {
    // In (0, 1]: the logarithm is finite.
    let u = (f64::from(a) + 1.0) / 4_294_967_296.0;
    let radius = (-2.0 * u.ln()).sqrt();
    let (sin, cos) = turn(f64::from(b) / 4_294_967_296.0);
    [radius * cos, radius * sin]
}

/// Sine and cosine of 2π t for t in [0, 1): the quarter turn by its number, the rest by Taylor's series to within 1e-15.
fn turn(t: f64) -> (f64, f64) {
    let quarter = (4.0 * t + 0.5).floor();
    let x = (t - quarter / 4.0) * core::f64::consts::TAU;
    let z = x * x;
    let mut sin = 0.0;
    let mut cos = 0.0;
    for k in (0..9).rev() {
        let k = f64::from(k);
        sin = 1.0 - z / ((2.0 * k + 2.0) * (2.0 * k + 3.0)) * sin;
        cos = 1.0 - z / ((2.0 * k + 1.0) * (2.0 * k + 2.0)) * cos;
    }
    let sin = x * sin;
    match quarter as i32 & 3 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
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
    fn a_draw_does_not_depend_on_how_it_is_cut() {
        let (mut whole, mut part) = ([0.0; 12], [0.0; 8]);
        random_uniform(12, 7, 0, 3, 0.0, -1.0, 1.0, &mut whole);
        random_uniform(8, 7, 0, 3, 4.0, -1.0, 1.0, &mut part);
        assert_eq!(whole[4..], part);
        assert!(whole.iter().all(|x| (-1.0..1.0).contains(x)));
    }

    #[test]
    fn sine_and_cosine_of_a_turn() {
        for i in 0..1000 {
            let t = f64::from(i) / 1000.0;
            let (sin, cos) = turn(t);
            let angle = t * core::f64::consts::TAU;
            assert!((sin - angle.sin()).abs() < 1e-14 && (cos - angle.cos()).abs() < 1e-14, "{t}");
        }
    }

    #[test]
    fn normal_numbers_have_their_moments() {
        const N: usize = 100_000;
        let mut x = vec![0.0; N];
        random_normal(N, 1, 2, 3, 0.0, 2.0, 3.0, &mut x);
        let mean = x.iter().map(|&x| f64::from(x)).sum::<f64>() / N as f64;
        let variance = x.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / N as f64;
        let within = x.iter().filter(|&&x| (x - 2.0).abs() < 3.0).count() as f64 / N as f64;
        // Five standard errors: 3/√N for the mean, 9 √(2/N) for the variance; 68.27 % lie within one deviation.
        assert!((mean - 2.0).abs() < 0.05 && (variance - 9.0).abs() < 0.21 && (within - 0.6827).abs() < 0.0075);
    }

    #[test]
    fn a_permutation_holds_each_number_once() {
        let mut p = vec![0; 1001];
        random_permutation(1001, 5, 0, 0, 0.0, &mut p);
        assert!(p.windows(2).any(|w| w[0] > w[1]));
        p.sort_unstable();
        assert!(p.iter().enumerate().all(|(i, &v)| v == i as i32));
    }

    #[test]
    fn dropout_keeps_its_share_and_the_mean() {
        let mut mask = vec![0.0; 40_000];
        random_dropout(40_000, 1, 0, 0, 0.0, 0.25, &mut mask);
        let kept = mask.iter().filter(|&&m| m != 0.0).count() as f64 / 40_000.0;
        assert!((kept - 0.75).abs() < 0.011 && mask.iter().all(|&m| m == 0.0 || m == 4.0 / 3.0));
    }
}
