//! Random numbers from a counter: each depends on seed, stream and position alone.
//!
//! Not on threads, not on how a draw was cut, and not on the binary, since nothing here is relaxed. `position` counts
//! 32-bit numbers; it comes as f64 because JavaScript's safe integers do. A draw of `len` takes `len` of them, a
//! permutation 2 `len`.

pub mod philox;

use crate::door::kernel;
use crate::elementwise::double::{ln, sin_cos_of_turn};
use philox::Sequence;

/// In [0, 1), a multiple of 2⁻²⁴: exact in f32.
fn unit(bits: u32) -> f64 {
    f64::from(bits >> 8) / f64::from(1 << 24)
}

/// Two independent standard normal numbers from 2 × 32 random bits (G. Box and M. Muller, 1958).
fn box_muller(a: u32, b: u32) -> [f64; 2] {
    const STEPS: f64 = 4_294_967_296.0;
    // In (0, 1]: the logarithm is finite.
    let radius = (-2.0 * ln((f64::from(a) + 1.0) / STEPS)).sqrt();
    let (sin, cos) = sin_cos_of_turn(f64::from(b) / STEPS);
    [radius * cos, radius * sin]
}

kernel! {
    /// Uniform in [low, high).
    fn random_uniform(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, low: f64, high: f64;;
        out: f32[len]) {
        // Rounding to f32 may reach `high` itself, which does not belong to the range, or fall below `low`.
        let last = if f64::from(high as f32) >= high { (high as f32).next_down() } else { high as f32 };
        Sequence::new(seed_low, seed_high, stream, position).fill(out, |block| {
            block.map(|bits| ((low + (high - low) * unit(bits)) as f32).min(last).max(low as f32))
        });
    }

    /// Normal; two numbers in a row are made of the same two random ones.
    fn random_normal(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, mean: f64, deviation: f64;;
        out: f32[len]) {
        Sequence::new(seed_low, seed_high, stream, position).fill(out, |[a, b, c, d]| {
            let ([x, y], [z, w]) = (box_muller(a, b), box_muller(c, d));
            [x, y, z, w].map(|normal| (mean + deviation * normal) as f32)
        });
    }

    /// Whole numbers in 0..bound, each as likely as the others to within bound · 2⁻³².
    fn random_integers(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, bound: u32;;
        out: i32[len]) {
        Sequence::new(seed_low, seed_high, stream, position).fill(out, |block| {
            block.map(|bits| ((u64::from(bits) * u64::from(bound)) >> 32) as i32)
        });
    }

    /// 1/(1 − p) with probability 1 − p, else 0: a mask that keeps the mean.
    fn random_dropout(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, p: f64;; out: f32[len]) {
        let kept = (1.0 / (1.0 - p)) as f32;
        Sequence::new(seed_low, seed_high, stream, position).fill(out, |block| {
            block.map(|bits| if unit(bits) < p { 0.0 } else { kept })
        });
    }

    /// 1 with probability p, else 0.
    fn random_bernoulli(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64, p: f64;; out: u8[len]) {
        Sequence::new(seed_low, seed_high, stream, position).fill(out, |block| {
            block.map(|bits| u8::from(unit(bits) < p))
        });
    }

    /// 0..len in random order: that of 64-bit keys, item i's being numbers 2i and 2i + 1.
    fn random_permutation(len: usize, seed_low: u32, seed_high: u32, stream: u32, position: f64;; out: i32[len]) {
        let mut halves = vec![0; 2 * len];
        Sequence::new(seed_low, seed_high, stream, position).fill(&mut halves, |block| block);
        let (pairs, _) = halves.as_chunks::<2>();
        let mut keys: Vec<(u64, i32)> =
            pairs.iter().zip(0..).map(|(&[high, low], i)| (u64::from(high) << 32 | u64::from(low), i)).collect();
        sort(&mut keys);
        for (out, (_, index)) in out.iter_mut().zip(keys) {
            *out = index;
        }
    }
}

/// Sorts by the first, equals as they stood: byte by byte from the lowest up, as fast as the standard library's sort and a
/// twelfth of its code.
fn sort(items: &mut Vec<(u64, i32)>) {
    let mut sorted = items.clone();
    for shift in (0..64).step_by(8) {
        let digit = |key: u64| (key >> shift) as usize & 255;
        let mut places = [0; 257];
        items.iter().for_each(|&(key, _)| places[digit(key) + 1] += 1);
        (1..256).for_each(|d| places[d] += places[d - 1]);
        for &item in items.iter() {
            let place = &mut places[digit(item.0)];
            sorted[*place] = item;
            *place += 1;
        }
        core::mem::swap(items, &mut sorted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected values of seed 9 · 2³² + 42, stream 7 were computed by Python from the published algorithm, with the
    // host's logarithm and cosine.

    #[test]
    fn uniform_numbers_by_python() {
        let mut x = [0.0; 5];
        random_uniform(5, 42, 9, 7, 0.0, -1.0, 2.0, &mut x);
        assert_eq!(x, [0.031_158_984, 0.589_267_85, -0.604_381_7, 1.379_332_2, 1.112_007_6]);
    }

    #[test]
    fn normal_numbers_by_python() {
        let mut x = [0.0; 6];
        random_normal(6, 42, 9, 7, 0.0, 0.0, 1.0, &mut x);
        assert_eq!(x, [-1.435_989_1, -0.271_648_3, 0.538_601_16, -1.939_521_4, 0.761_290_25, -0.349_833_58]);
        let mut tail = [0.0; 3];
        random_normal(3, 42, 9, 7, 3.0, 0.0, 1.0, &mut tail);
        assert_eq!(tail, x[3..]);
    }

    #[test]
    fn integers_a_permutation_and_a_mask_by_python() {
        let (mut integers, mut order, mut mask) = ([0; 8], [0; 8], [9; 8]);
        random_integers(8, 42, 9, 7, 0.0, 10, &mut integers);
        assert_eq!(integers, [3, 5, 1, 7, 7, 9, 5, 0]);
        random_permutation(8, 42, 9, 7, 0.0, &mut order);
        assert_eq!(order, [1, 4, 0, 7, 6, 3, 5, 2]);
        random_bernoulli(8, 42, 9, 7, 0.0, 0.25, &mut mask);
        assert_eq!(mask, [0, 0, 1, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn the_upper_end_is_never_reached() {
        // 1 − 2⁻²⁴ and up round to `high` in f32 when the range is shifted.
        let mut x = vec![0.0; 100_000];
        random_uniform(x.len(), 1, 0, 0, 0.0, 1000.0, 1000.001, &mut x);
        assert!(x.iter().all(|&x| (1000.0..1000.001).contains(&f64::from(x))));
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
    fn r04_one_seed_one_result_another_seed_another() {
        let draw = |seed| {
            let mut x = [0.0; 33];
            random_uniform(33, seed, 0, 0, 0.0, 0.0, 1.0, &mut x);
            x
        };
        assert!(draw(1) == draw(1) && draw(1) != draw(2));
    }

    #[test]
    fn a_permutation_holds_each_number_once() {
        for len in [0, 1, 2, 33, 1001] {
            let mut p = vec![0; len];
            random_permutation(len, 5, 0, 0, 0.0, &mut p);
            assert!(len < 33 || p.windows(2).any(|w| w[0] > w[1]));
            p.sort_unstable();
            assert!(p.iter().enumerate().all(|(i, &v)| v == i as i32));
        }
    }

    #[test]
    fn dropout_keeps_its_share_and_the_mean() {
        let mut mask = vec![0.0; 40_000];
        random_dropout(40_000, 1, 0, 0, 0.0, 0.25, &mut mask);
        let kept = mask.iter().filter(|&&m| m != 0.0).count() as f64 / 40_000.0;
        assert!((kept - 0.75).abs() < 0.011 && mask.iter().all(|&m| m == 0.0 || m == 4.0 / 3.0));
        random_dropout(5, 1, 0, 0, 0.0, 1.0, &mut mask[..5]);
        assert_eq!(mask[..5], [0.0; 5]);
    }
}
