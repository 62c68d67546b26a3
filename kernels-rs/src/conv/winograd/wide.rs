//! W vectors of neighbouring channels as one number: with W = 2, V8 joins them into registers of 256 bits ("turbo").

use crate::machine::simd::{F32x4, LANES};
use core::array::from_fn;
use core::ops::{Add, Sub};

/// Eight channels: what is read and written at once, whatever W.
pub type Block = [[f32; LANES]; 2];
pub const BLOCK: usize = 2 * LANES;

#[derive(Clone, Copy)]
pub struct Wide<const W: usize>([F32x4; W]);

impl<const W: usize> Wide<W> {
    pub const ZERO: Wide<W> = Wide([F32x4::ZERO; W]);

    /// Vectors `at..at + W`.
    #[inline(always)]
    pub fn load(from: &[[f32; LANES]], at: usize) -> Wide<W> {
        let from = &from[at..at + W];
        Wide(from_fn(|w| F32x4::load(&from[w])))
    }

    #[inline(always)]
    pub fn store(self, to: &mut [[f32; LANES]], at: usize) {
        let to = &mut to[at..at + W];
        for (to, value) in to.iter_mut().zip(self.0) {
            value.store(to);
        }
    }

    #[inline(always)]
    pub fn times(self, factor: f32) -> Wide<W> {
        Wide(self.0.map(|x| x * F32x4::splat(factor)))
    }

    /// self · factor + other.
    #[inline(always)]
    pub fn madd(self, factor: f32, other: Wide<W>) -> Wide<W> {
        Wide(from_fn(|w| self.0[w].madd(F32x4::splat(factor), other.0[w])))
    }

    /// The first numbers there are, zeros behind them.
    #[inline(always)]
    pub fn padded(from: &[f32]) -> Wide<W> {
        match from.as_chunks::<LANES>().0.first_chunk::<W>() {
            Some(from) => Wide::load(from, 0),
            None => Wide(from_fn(|w| F32x4::load(&from_fn(|lane| from.get(w * LANES + lane).copied().unwrap_or(0.0))))),
        }
    }

    /// The first numbers, as many as there is place for.
    #[inline(always)]
    pub fn store_some(self, to: &mut [f32]) {
        match to.as_chunks_mut::<LANES>().0.first_chunk_mut::<W>() {
            Some(to) => self.store(to, 0),
            None => {
                let numbers = self.0.map(F32x4::to_array);
                to.iter_mut().zip(numbers.as_flattened()).for_each(|(to, number)| *to = *number);
            }
        }
    }

    #[inline(always)]
    pub fn of(vectors: [F32x4; W]) -> Wide<W> {
        Wide(vectors)
    }

    #[inline(always)]
    pub fn vectors(self) -> [F32x4; W] {
        self.0
    }
}

impl<const W: usize> Add for Wide<W> {
    type Output = Wide<W>;
    #[inline(always)]
    fn add(self, other: Wide<W>) -> Wide<W> {
        Wide(from_fn(|w| self.0[w] + other.0[w]))
    }
}

impl<const W: usize> Sub for Wide<W> {
    type Output = Wide<W>;
    #[inline(always)]
    fn sub(self, other: Wide<W>) -> Wide<W> {
        Wide(from_fn(|w| self.0[w] - other.0[w]))
    }
}
