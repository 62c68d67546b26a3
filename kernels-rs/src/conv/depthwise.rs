//! Depthwise convolutions (each channel has its own kernel): four channels a vector, straight from the image.

use super::geometry::ConvGeometry;
use super::reach::{Axis, Class, looking_at_x, looking_at_y};
use crate::buffers::with_scratch;
use crate::gemm::epilogue::Epilogue;
use crate::lanes;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunk_len, chunks, parallel};
use crate::machine::tiles::Tile;
use core::ops::Range;

/// Vectors of channels at a time: one check of bounds for all, and as many chains of additions side by side.
const MANY: usize = 4;

pub fn forward(g: &ConvGeometry, x: &[f32], weight: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    gather(g.out_channels, &[looking_at_x(g)], (x, weight), (g.out_height, g.out_width), y, |y| {
        epilogue.finish(&mut Tile::whole(y, g.out_channels), 0);
    });
}

pub fn backward_input(g: &ConvGeometry, dy: &[f32], weight: &[f32], dx: &mut [f32]) {
    gather(g.in_channels, &looking_at_y(g), (dy, weight), (g.height, g.width), dx, |_| {});
}

/// Each place of `out`, an image of rows and columns, as the sum of what it sees, times the weight.
fn gather(
    channels: usize,
    classes: &[Class],
    (source, weight): (&[f32], &[f32]),
    (rows, cols): (usize, usize),
    out: &mut [f32],
    finish: impl Fn(&mut [f32]) + Sync,
) {
    let row_len = cols * channels;
    if out.is_empty() {
        return;
    }
    let taps = classes.iter().map(|class| class.taps.len()).sum::<usize>() / classes.len();
    let len = chunk_len(out.len() / row_len, row_len * (taps + 1), 1) * row_len;
    parallel(chunks(out, len), |index, out| {
        let mut taps = Vec::new();
        for (at, out) in out.chunks_exact_mut(row_len).enumerate() {
            let (image, row) = ((index * len / row_len + at) / rows, (index * len / row_len + at) % rows);
            for class in classes.iter().filter(|class| row % class.stride_down == class.top) {
                visible(class, source, channels, (image, row / class.stride_down), &mut taps);
                line(class, channels, (&taps, weight), out);
            }
            finish(out);
        }
    });
}

/// A tap as seen from a row of places.
#[derive(Clone)]
struct Tap<'a> {
    /// The row of the source that it leads to, and how many items to the right.
    row: &'a [f32],
    shift: isize,
    /// The places that see a pixel through it.
    places: Range<usize>,
    /// Where its channels begin in the weight.
    weight: usize,
}

/// The taps of a class whose row of the source there is.
fn visible<'a>(
    class: &Class,
    source: &'a [f32],
    channels: usize,
    (image, place): (usize, usize),
    taps: &mut Vec<Tap<'a>>,
) {
    taps.clear();
    let Class { down, across, .. } = class;
    let row_len = across.size * channels;
    for (tap, &at) in class.taps.iter().enumerate() {
        let row = down.first + (place * down.step) as isize + down.taps[tap / across.taps.len()];
        if row >= 0 && (row as usize) < down.size {
            let row = &source[(image * down.size + row as usize) * row_len..][..row_len];
            let shift = across.first + across.taps[tap % across.taps.len()];
            let places = inside(across, shift);
            taps.push(Tap { row, shift: shift * channels as isize, places, weight: at * channels });
        }
    }
}

/// The places whose pixel `shift` to the right is inside.
fn inside(axis: &Axis, shift: isize) -> Range<usize> {
    let from = (-shift).max(0) as usize;
    let until = (axis.size as isize - shift).max(0) as usize;
    let to = until.div_ceil(axis.step).min(axis.count);
    from.div_ceil(axis.step).min(to)..to
}

/// A row of places of one class.
fn line(class: &Class, channels: usize, (taps, weight): (&[Tap], &[f32]), out: &mut [f32]) {
    let (step, stride) = (class.across.step * channels, class.stride_across * channels);
    let whole = taps
        .iter()
        .fold(0..class.across.count, |all, tap| all.start.max(tap.places.start)..all.end.min(tap.places.end));
    let mut place = 0;
    let mut seen: Vec<Tap> = Vec::new();
    while place < class.across.count {
        let out = &mut out[class.left * channels + place * stride..];
        if whole.contains(&place) && place + 1 < whole.end {
            sums::<2>(channels, (place * step, step, stride), (taps, weight), out);
            place += 2;
        } else {
            seen.clear();
            seen.extend(taps.iter().filter(|tap| tap.places.contains(&place)).cloned());
            sums::<1>(channels, (place * step, step, stride), (&seen, weight), out);
            place += 1;
        }
    }
}

/// All channels of P places that see something through every tap: `from`, `step` and `stride` are where the first one
/// looks, how much further the next, and where that stands in `out`.
fn sums<const P: usize>(
    channels: usize,
    steps: (usize, usize, usize),
    (taps, weight): (&[Tap], &[f32]),
    out: &mut [f32],
) {
    let mut channel = 0;
    while channel + MANY * LANES <= channels {
        sums_of::<P, MANY>(channel, steps, (taps, weight), out);
        channel += MANY * LANES;
    }
    while channel + LANES <= channels {
        sums_of::<P, 1>(channel, steps, (taps, weight), out);
        channel += LANES;
    }
    let (from, step, stride) = steps;
    for channel in channel..channels {
        for p in 0..P {
            let x = |tap: &Tap| tap.row[(tap.shift + (from + p * step) as isize) as usize + channel];
            out[p * stride + channel] = taps.iter().map(|tap| x(tap) * weight[tap.weight + channel]).sum();
        }
    }
}

/// V vectors of channels of P places.
#[inline(always)]
fn sums_of<const P: usize, const V: usize>(
    channel: usize,
    (from, step, stride): (usize, usize, usize),
    (taps, weight): (&[Tap], &[f32]),
    out: &mut [f32],
) {
    let mut sums = [[F32x4::ZERO; V]; P];
    for tap in taps {
        let weight = load::<V>(weight, tap.weight + channel);
        let from = (tap.shift + from as isize) as usize + channel;
        for (p, sums) in sums.iter_mut().enumerate() {
            let x = load::<V>(tap.row, from + p * step);
            for v in 0..V {
                sums[v] = x[v].madd(weight[v], sums[v]);
            }
        }
    }
    for (p, sums) in sums.into_iter().enumerate() {
        let out = out[p * stride + channel..][..V * LANES].as_chunks_mut::<LANES>().0;
        out.iter_mut().zip(sums).for_each(|(out, sum)| sum.store(out));
    }
}

/// V vectors from item `at` on.
#[inline(always)]
fn load<const V: usize>(from: &[f32], at: usize) -> [F32x4; V] {
    let (vectors, _) = from[at..at + V * LANES].as_chunks::<LANES>();
    core::array::from_fn(|v| F32x4::load(&vectors[v]))
}

pub fn backward_weight(g: &ConvGeometry, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let class = looking_at_x(g);
    let channels = g.out_channels;
    let (rows, row_len) = (g.batch * g.out_height, g.out_width * channels);
    dw.fill(0.0);
    if rows == 0 {
        return;
    }
    // Each chunk of rows has a sum of its own; their number and order are fixed.
    let each = chunk_len(rows, row_len * (class.taps.len() + 1), 1);
    let len = dw.len();
    with_scratch(rows.div_ceil(each) * len, |sums| {
        parallel(chunks(sums, len), |index, sums| {
            sums.fill(0.0);
            let mut taps = Vec::new();
            for row in index * each..rows.min((index + 1) * each) {
                let dy = &dy[row * row_len..][..row_len];
                visible(&class, x, channels, (row / g.out_height, row % g.out_height), &mut taps);
                for tap in taps.iter().filter(|tap| !tap.places.is_empty()) {
                    add_products(channels, class.across.step * channels, tap, dy, &mut sums[tap.weight..][..channels]);
                }
            }
        });
        sums.chunks_exact(len).for_each(|sums| lanes::update([sums], [&mut *dw], |[sum], [dw]| [dw + sum]));
    });
}

/// Adds to each channel's sum the products of a row of dy and what its places see through one tap.
fn add_products(channels: usize, step: usize, tap: &Tap, dy: &[f32], sums: &mut [f32]) {
    let mut channel = 0;
    while channel + MANY * LANES <= channels {
        add_products_of::<MANY>(channel, channels, step, tap, dy, sums);
        channel += MANY * LANES;
    }
    while channel + LANES <= channels {
        add_products_of::<1>(channel, channels, step, tap, dy, sums);
        channel += LANES;
    }
    for channel in channel..channels {
        let x = |place: usize| tap.row[(tap.shift + (place * step) as isize) as usize + channel];
        sums[channel] += tap.places.clone().map(|place| x(place) * dy[place * channels + channel]).sum::<f32>();
    }
}

/// V vectors of channels.
#[inline(always)]
fn add_products_of<const V: usize>(
    channel: usize,
    channels: usize,
    step: usize,
    tap: &Tap,
    dy: &[f32],
    sums: &mut [f32],
) {
    let mut partial = [F32x4::ZERO; V];
    for place in tap.places.clone() {
        let x = load::<V>(tap.row, (tap.shift + (place * step) as isize) as usize + channel);
        let dy = load::<V>(dy, place * channels + channel);
        for v in 0..V {
            partial[v] = x[v].madd(dy[v], partial[v]);
        }
    }
    let sums = sums[channel..][..V * LANES].as_chunks_mut::<LANES>().0;
    sums.iter_mut().zip(partial).for_each(|(sum, partial)| (F32x4::load(sum) + partial).store(sum));
}
