//! Patches of an image as an operand of a product: im2col and packing in one step, so the whole never lies in memory.
//!
//! A row of the matrix is a place of the convolution's other side, its columns are (tap, channel): what that place sees
//! of the image through each tap, zeros beyond the edge.

use super::reach::Axis;
use crate::gemm::blocking::KC;
use crate::gemm::microkernel::Step;
use crate::gemm::pack::{Operand, Pack, transpose};
use crate::machine::simd::LANES;
use core::ops::Range;

const ZEROS: [f32; KC] = [0.0; KC];

/// The channels `first..first + count` of an image of `each` channels.
#[derive(Clone, Copy)]
pub struct Channels {
    pub each: usize,
    pub first: usize,
    pub count: usize,
}

/// The matrix [(image, row, column), (tap down, tap across, channel)].
#[derive(Clone, Copy)]
pub struct Patches<'a> {
    pub source: &'a [f32],
    pub down: &'a Axis,
    pub across: &'a Axis,
    pub channels: Channels,
}

#[derive(Clone, Copy)]
struct Place {
    image: usize,
    row: usize,
    col: usize,
}

impl<'a> Patches<'a> {
    fn taps(&self) -> usize {
        self.down.taps.len() * self.across.taps.len()
    }

    /// Columns of the matrix.
    pub fn depth(&self) -> usize {
        self.taps() * self.channels.count
    }

    fn place(&self, index: usize) -> Place {
        let (rows, cols) = (self.down.count, self.across.count);
        Place { image: index / (rows * cols), row: index / cols % rows, col: index % cols }
    }

    fn next(&self, Place { image, row, col }: Place) -> Place {
        match (col + 1 < self.across.count, row + 1 < self.down.count) {
            (true, _) => Place { image, row, col: col + 1 },
            (false, true) => Place { image, row: row + 1, col: 0 },
            (false, false) => Place { image: image + 1, row: 0, col: 0 },
        }
    }

    /// Where the channels of a tap begin in the source, or None beyond the edge.
    #[inline(always)]
    fn start(&self, place: Place, tap_down: isize, tap_across: isize) -> Option<usize> {
        let h = self.down.first + (place.row * self.down.step) as isize + tap_down;
        let w = self.across.first + (place.col * self.across.step) as isize + tap_across;
        // As unsigned a negative number is beyond the edge too.
        let (h, w) = (h as usize, w as usize);
        let inside = h < self.down.size && w < self.across.size;
        inside.then(|| {
            ((place.image * self.down.size + h) * self.across.size + w) * self.channels.each + self.channels.first
        })
    }

    /// The shift down and across of a tap.
    fn tap(&self, tap: usize) -> (isize, isize) {
        let across = &self.across.taps;
        (self.down.taps[tap / across.len()], across[tap % across.len()])
    }
}

/// As rows: k runs along a patch.
impl Pack<1> for Patches<'_> {
    fn matrix(self, _: usize) -> Self {
        self
    }

    fn pack(&self, across: Range<usize>, along: Range<usize>, out: &mut [Step<1>]) {
        let count = self.channels.count;
        for (index, panel) in across.clone().step_by(LANES).zip(out.chunks_exact_mut(along.len())) {
            let mut place = self.place(index);
            let places: [Place; LANES] = core::array::from_fn(|_| {
                let this = place;
                place = self.next(place);
                this
            });
            let have = across.end - index;
            let mut rest = panel;
            let mut k = along.start;
            while k < along.end {
                let (tap, channel) = (k / count, k % count);
                let len = (count - channel).min(along.end - k);
                let (down, right) = self.tap(tap);
                let rows: [&[f32]; LANES] = core::array::from_fn(|lane| {
                    let start = if lane < have { self.start(places[lane], down, right) } else { None };
                    start.map_or(&ZEROS[..len], |start| &self.source[start + channel..][..len])
                });
                let (steps, behind) = rest.split_at_mut(len);
                transpose(rows, steps, 0);
                rest = behind;
                k += len;
            }
        }
    }
}

/// The same matrix as columns: k runs from place to place.
#[derive(Clone, Copy)]
pub struct PatchColumns<'a>(pub Patches<'a>);

/// Panels that are packed at once, so that each cache line of the source is read once.
const PANELS: usize = 4;
/// A place that a tap sees nothing of.
const NOWHERE: usize = usize::MAX;

impl Pack<1> for PatchColumns<'_> {
    fn matrix(self, _: usize) -> Self {
        self
    }

    fn pack(&self, across: Range<usize>, along: Range<usize>, out: &mut [Step<1>]) {
        let count = self.0.channels.count;
        let mut starts = [NOWHERE; KC];
        let starts = &mut starts[..along.len()];
        let mut found = None;
        let mut column = across.start;
        while column < across.end {
            let (tap, channel) = (column / count, column % count);
            if found != Some(tap) {
                self.find(tap, along.start, starts);
                found = Some(tap);
            }
            let panels = &mut out[(column - across.start) / LANES * along.len()..];
            let lanes = (count - channel).min(across.end - column);
            if (column - across.start).is_multiple_of(LANES) && lanes >= LANES {
                let many = (lanes / LANES).min(PANELS);
                match many {
                    PANELS => self.copy::<PANELS>(starts, channel, panels),
                    3 => self.copy::<3>(starts, channel, panels),
                    2 => self.copy::<2>(starts, channel, panels),
                    _ => self.copy::<1>(starts, channel, panels),
                }
                column += many * LANES;
            } else {
                let lane = (column - across.start) % LANES;
                for (step, &start) in panels.iter_mut().zip(&*starts) {
                    step[0][lane] = if start == NOWHERE { 0.0 } else { self.0.source[start + channel] };
                }
                column += 1;
            }
        }
        let filled = across.len() % LANES;
        if filled > 0 {
            let last = &mut out[across.len() / LANES * along.len()..][..along.len()];
            last.iter_mut().for_each(|step| step[0][filled..].fill(0.0));
        }
    }
}

impl PatchColumns<'_> {
    /// Where each place from the `first` on finds the channels of a tap.
    fn find(&self, tap: usize, first: usize, starts: &mut [usize]) {
        let (down, right) = self.0.tap(tap);
        let mut place = self.0.place(first);
        for start in starts {
            *start = self.0.start(place, down, right).unwrap_or(NOWHERE);
            place = self.0.next(place);
        }
    }

    /// Whole panels, whose columns are channels of one tap.
    fn copy<const N: usize>(&self, starts: &[usize], channel: usize, panels: &mut [Step<1>]) {
        let depth = starts.len();
        let mut panels = panels.chunks_exact_mut(depth);
        let mut panels: [&mut [Step<1>]; N] =
            core::array::from_fn(|_| &mut panels.next().expect("as many as there are columns for")[..depth]);
        for (at, &start) in starts.iter().enumerate() {
            let steps: &[Step<1>; N] = match start {
                NOWHERE => &[[[0.0; LANES]; 1]; N],
                start => {
                    let items = self.0.source[start + channel..][..N * LANES].as_chunks::<LANES>().0.as_chunks::<1>().0;
                    items.try_into().expect("cut to N steps")
                }
            };
            for (panel, step) in panels.iter_mut().zip(steps) {
                panel[at] = *step;
            }
        }
    }
}

/// A weight as [(tap, output), input], for the gradient of the input: the taps named, the outputs and inputs of one group.
#[derive(Clone, Copy)]
pub struct TurnedWeight<'a> {
    pub weight: &'a [f32],
    pub taps: &'a [usize],
    pub inputs: usize,
    pub outputs: Channels,
}

impl<const V: usize> Pack<V> for TurnedWeight<'_> {
    fn matrix(self, _: usize) -> Self {
        self
    }

    fn pack(&self, across: Range<usize>, along: Range<usize>, out: &mut [Step<V>]) {
        let Channels { each, first, count } = self.outputs;
        let mut k = along.start;
        while k < along.end {
            let (tap, output) = (k / count, k % count);
            let len = (count - output).min(along.end - k);
            let from = self.taps[tap] * self.inputs * each + first + output;
            let operand = Operand::new(&self.weight[from..], each, true);
            let panels = out.chunks_exact_mut(along.len());
            for (col, panel) in across.clone().step_by(V * LANES).zip(panels) {
                let steps = &mut panel[k - along.start..][..len];
                operand.pack(col..across.end.min(col + V * LANES), 0..len, steps);
            }
            k += len;
        }
    }
}
