//! Filters at the points: packed as panels of B, once for each call.

use super::transforms::{POINTS, SIDE, filter, square};
use super::wide::{BLOCK, Block, Wide};
use crate::gemm::blocking::steps;
use crate::machine::simd::{F32x4, LANES};
use crate::machine::threads::{chunks, parallel};
use crate::machine::tiles::{Place, Tile, tiles};

/// What the filters join: `inputs` channels, the k of the products, to `outputs`.
#[derive(Clone, Copy)]
pub struct Joined<const V: usize> {
    pub inputs: usize,
    pub outputs: usize,
}

impl<const V: usize> Joined<V> {
    /// Input channels in whole blocks.
    pub fn depth(self) -> usize {
        self.inputs.next_multiple_of(BLOCK)
    }

    /// Panels of V vectors of output channels.
    pub fn panels(self) -> usize {
        self.outputs.div_ceil(V * LANES)
    }

    /// Steps from point to point: one more than there are, so that points do not fall on the same lines of the cache.
    pub fn point_len(self) -> usize {
        self.panels() * self.depth() + 1
    }

    /// f32 of all panels of all points; of filters too many for any memory, the largest number there is.
    pub fn packed_len(self) -> usize {
        POINTS.saturating_mul(self.point_len()).saturating_mul(V * LANES)
    }
}

/// `weight` [3, 3, inputs, outputs] as `[point][panel][input][V][LANES]`; zeros where there is no channel.
pub fn pack<const V: usize, const W: usize>(joined: Joined<V>, weight: &[f32], packed: &mut [f32]) {
    let sub = V * LANES / BLOCK;
    let cols = joined.point_len() * sub;
    parallel(tiles(steps::<2>(packed), (POINTS, cols), (POINTS, BLOCK * sub)), |_, (place, tile)| {
        pack_block::<V, W>(joined, weight, place, tile);
    });
}

/// A panel's filters of eight inputs.
#[inline(never)]
fn pack_block<const V: usize, const W: usize>(joined: Joined<V>, weight: &[f32], place: Place, mut tile: Tile<Block>) {
    let sub = V * LANES / BLOCK;
    let (panel, first) = (place.col / sub / joined.depth(), place.col / sub % joined.depth());
    for at in 0..tile.cols() {
        let (input, output) = (first + at / sub, panel * V * LANES + at % sub * BLOCK);
        let mut out: [_; POINTS] = tile.block::<POINTS, 1, 1>(0, at);
        for half in (0..2).step_by(W) {
            let output = output + half * LANES;
            if input >= joined.inputs || output >= joined.outputs {
                out.iter_mut().for_each(|point| Wide::<W>::ZERO.store(&mut point[0][0], half));
                continue;
            }
            let get = |i: usize, j: usize| {
                let row = &weight[((i * 3 + j) * joined.inputs + input) * joined.outputs..][..joined.outputs];
                Wide::<W>::padded(&row[output..])
            };
            square(filter, get, |i, j, value| value.store(&mut out[i * SIDE + j][0][0], half));
        }
    }
}

/// `weight` [3, 3, inputs, outputs] as `turned` [3, 3, outputs, inputs], each filter turned by half a circle: what the
/// gradient of the input is convolved with.
pub fn turn(weight: &[f32], (inputs, outputs): (usize, usize), turned: &mut [f32]) {
    parallel(chunks(turned, inputs * outputs), |index, turned| {
        let weight = &weight[(8 - index) * inputs * outputs..][..inputs * outputs];
        transpose(weight, (inputs, outputs), turned);
    });
}

fn transpose(from: &[f32], (rows, cols): (usize, usize), to: &mut [f32]) {
    for row in (0..rows).step_by(LANES) {
        for col in (0..cols).step_by(LANES) {
            if row + LANES <= rows && col + LANES <= cols {
                let square = core::array::from_fn(|i| {
                    F32x4::load(from[(row + i) * cols + col..].first_chunk().expect("a whole square"))
                });
                for (j, column) in F32x4::transpose(square).into_iter().enumerate() {
                    column.store(to[(col + j) * rows + row..].first_chunk_mut().expect("a whole square"));
                }
            } else {
                for (i, j) in
                    (row..rows.min(row + LANES)).flat_map(|i| (col..cols.min(col + LANES)).map(move |j| (i, j)))
                {
                    to[j * rows + i] = from[i * cols + j];
                }
            }
        }
    }
}
