//! The normalization itself and its gradient.
//!
//! With z = (x − m) s + b, s = weight / √(variance + eps), g = dy · activation'(z), sums over the N rows of a channel:
//! dbias = Σ g, dweight = Σ g (x − m) / √(variance + eps), dx = s (g − Σ g / N − (x − m) Σ g (x − m) / (N (variance + eps))).

use super::ending::Ending;
use super::rows::{BLOCK, Rows};
use crate::lanes::{map, update};
use crate::machine::simd::F32x4;
use crate::machine::threads::{chunks, parallel};

/// What is done to each channel: numbers for a row's width each.
pub struct Normalization {
    rows: Rows,
    /// 1 / √(variance + eps), one a channel.
    inverse: Vec<f64>,
    mean: Vec<f32>,
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Normalization {
    /// Weight and bias may be empty: 1 and 0 then.
    pub fn new(rows: Rows, eps: f64, mean: &[f32], variance: &[f32], weight: &[f32], bias: &[f32]) -> Normalization {
        let inverse: Vec<f64> = variance.iter().map(|&variance| 1.0 / (f64::from(variance) + eps).sqrt()).collect();
        let scale = rows.repeat(|c| (inverse[c] * f64::from(weight.get(c).copied().unwrap_or(1.0))) as f32);
        let shift = rows.repeat(|c| bias.get(c).copied().unwrap_or(0.0));
        Normalization { rows, mean: rows.repeat(|c| mean[c]), inverse, scale, shift }
    }

    pub fn forward<E: Ending>(&self, x: &[f32], y: &mut [f32]) {
        let Normalization { rows, mean, scale, shift, .. } = self;
        if x.is_empty() {
            return;
        }
        let band = rows.band();
        parallel(chunks(y, band * rows.channels), |b, y| {
            for (x, y) in rows.part(x, b * band, band).chunks(rows.width).zip(y.chunks_mut(rows.width)) {
                map([x, mean, scale, shift], y, |[x, mean, scale, shift]| E::forward((x - mean).madd(scale, shift)));
            }
        });
    }

    /// Writes dweight and dbias, and dx where it is not empty.
    pub fn backward<E: Ending>(
        &self,
        of_batch: bool,
        (x, dy): (&[f32], &[f32]),
        dx: &mut [f32],
        (dweight, dbias): (&mut [f32], &mut [f32]),
    ) {
        let Rows { count, channels, .. } = self.rows;
        if x.is_empty() {
            dweight.fill(0.0);
            dbias.fill(0.0);
            return;
        }
        let stored = E::DEAR && !dx.is_empty();
        let sums = self.sums::<E>(x, dy, if stored { &mut *dx } else { &mut [] });
        for c in 0..channels {
            dbias[c] = sums[c] as f32;
            dweight[c] = (sums[channels + c] * self.inverse[c]) as f32;
        }
        // Fixed statistics have no share in dx, whatever the sums are: a NaN of one row is none of another's.
        let share = |sum: f64| if of_batch { -sum / count as f64 } else { 0.0 };
        let slope = self.rows.repeat(|c| {
            let inverse = self.inverse[c];
            (f64::from(self.scale[c]) * inverse * inverse * share(sums[channels + c])) as f32
        });
        let offset = self.rows.repeat(|c| (f64::from(self.scale[c]) * share(sums[c])) as f32);
        if stored {
            self.finish(x, &slope, &offset, dx);
        } else if !dx.is_empty() {
            self.input_gradient::<E>((x, dy), &slope, &offset, dx);
        }
    }

    /// Σ g and Σ g (x − m) of each channel; g itself goes to `stored` unless that is empty.
    fn sums<E: Ending>(&self, x: &[f32], dy: &[f32], stored: &mut [f32]) -> Vec<f64> {
        let Rows { count, channels, .. } = self.rows;
        let band = self.rows.band();
        let mut partial = vec![0.0; count.div_ceil(band) * 2 * channels];
        let parts = |b: usize| (self.rows.part(x, b * band, band), self.rows.part(dy, b * band, band));
        let split = chunks(&mut partial, (2 * channels).max(1));
        if stored.is_empty() {
            parallel(split, |b, sums| self.band_sums::<E>(parts(b), &mut [], sums));
        } else {
            let split = (split, chunks(stored, band * channels));
            parallel(split, |b, (sums, stored)| self.band_sums::<E>(parts(b), stored, sums));
        }
        let mut total = vec![0.0; 2 * channels];
        for sums in partial.chunks_exact((2 * channels).max(1)) {
            total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
        }
        total
    }

    /// Adds a band's Σ g, then its Σ g (x − m), to `sums`: in f32 within a block, in f64 beyond.
    fn band_sums<E: Ending>(&self, (x, dy): (&[f32], &[f32]), stored: &mut [f32], sums: &mut [f64]) {
        let Rows { channels, width, .. } = self.rows;
        let mut block = vec![0.0; 2 * width];
        let (g_sums, products) = block.split_at_mut(width);
        let terms = |[x, dy, mean, scale, shift]: [F32x4; 5], g_sum: F32x4, product: F32x4| {
            let from_mean = x - mean;
            let g = E::backward(from_mean.madd(scale, shift), dy);
            (g, g_sum + g, g.madd(from_mean, product))
        };
        let mut stored = stored.chunks_mut(width);
        for (x, dy) in x.chunks(BLOCK * width).zip(dy.chunks(BLOCK * width)) {
            g_sums.fill(0.0);
            products.fill(0.0);
            for (x, dy) in x.chunks(width).zip(dy.chunks(width)) {
                let inputs = [x, dy, &self.mean, &self.scale, &self.shift];
                let (g_sums, products) = (&mut g_sums[..x.len()], &mut products[..x.len()]);
                match stored.next() {
                    Some(stored) => update(inputs, [stored, g_sums, products], |inputs, [_, g_sum, product]| {
                        let (g, g_sum, product) = terms(inputs, g_sum, product);
                        [g, g_sum, product]
                    }),
                    None => update(inputs, [g_sums, products], |inputs, [g_sum, product]| {
                        let (_, g_sum, product) = terms(inputs, g_sum, product);
                        [g_sum, product]
                    }),
                }
            }
            let columns = g_sums.chunks(channels).zip(products.chunks(channels));
            for (g_sums, products) in columns {
                let (of_g, of_products) = sums.split_at_mut(channels);
                of_g.iter_mut().zip(g_sums).for_each(|(sum, &g)| *sum += f64::from(g));
                of_products.iter_mut().zip(products).for_each(|(sum, &product)| *sum += f64::from(product));
            }
        }
    }

    /// dx = s g + (x − m) slope + offset.
    fn input_gradient<E: Ending>(&self, (x, dy): (&[f32], &[f32]), slope: &[f32], offset: &[f32], dx: &mut [f32]) {
        let Normalization { rows, mean, scale, shift, .. } = self;
        let band = rows.band();
        parallel(chunks(dx, band * rows.channels), |b, dx| {
            let (x, dy) = (rows.part(x, b * band, band), rows.part(dy, b * band, band));
            for ((x, dy), dx) in x.chunks(rows.width).zip(dy.chunks(rows.width)).zip(dx.chunks_mut(rows.width)) {
                map([x, dy, mean, scale, shift, slope, offset], dx, |[x, dy, mean, scale, shift, slope, offset]| {
                    let from_mean = x - mean;
                    let g = E::backward(from_mean.madd(scale, shift), dy);
                    g.madd(scale, from_mean.madd(slope, offset))
                });
            }
        });
    }

    /// As `input_gradient`, where dx holds g already.
    fn finish(&self, x: &[f32], slope: &[f32], offset: &[f32], dx: &mut [f32]) {
        let Normalization { rows, mean, scale, .. } = self;
        let band = rows.band();
        parallel(chunks(dx, band * rows.channels), |b, dx| {
            let x = rows.part(x, b * band, band);
            for (x, dx) in x.chunks(rows.width).zip(dx.chunks_mut(rows.width)) {
                update([x, mean, scale, slope, offset], [dx], |[x, mean, scale, slope, offset], [g]| {
                    [g.madd(scale, (x - mean).madd(slope, offset))]
                });
            }
        });
    }
}

#[cfg(test)]
#[path = "normalize_tests.rs"]
mod tests;
