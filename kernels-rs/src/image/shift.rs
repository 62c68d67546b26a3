//! Images mirrored and moved by whole pixels: bytes in, numbers out, in one pass.

use super::{Normalized, cut_out};
use crate::door::Refusal;
use crate::machine::threads::{chunk_len, chunks, parallel};
use crate::pad::source;

pub struct Shift {
    pub size: (usize, usize),
    pub out: (usize, usize),
    pub channels: usize,
    pub reflect: bool,
}

impl Shift {
    pub fn run(
        &self,
        table: &[u8],
        rows: &[i32],
        (moves, holes): (&[i32], &[i32]),
        normalized: &Normalized,
        y: &mut [f32],
    ) -> Result<(), Refusal> {
        let (moves, holes) = (moves.as_chunks::<3>().0, holes.as_chunks::<4>().0);
        self.check(moves)?;
        let Shift { size: (height, width), out: (out_height, out_width), channels, .. } = *self;
        let (image, result) = (height * width * channels, out_height * out_width * channels);
        if y.is_empty() {
            return Ok(());
        }
        let images = chunk_len(rows.len(), 4 * result, 1);
        parallel(chunks(y, images * result), |chunk, y| {
            let mut cols = Vec::new();
            for (at, y) in y.chunks_exact_mut(result).enumerate() {
                let at = chunk * images + at;
                let bytes = &table[rows[at] as usize * image..][..image];
                self.one(bytes, moves[at], normalized, &mut cols, y);
                if let Some(hole) = holes.get(at) {
                    cut_out(*hole, self.out, channels, y);
                }
            }
        });
        Ok(())
    }

    /// A mirror shows each pixel but the outermost once: further away there is nothing to see.
    fn check(&self, moves: &[[i32; 3]]) -> Result<(), Refusal> {
        let ((height, width), (out_height, out_width)) = (self.size, self.out);
        let seen = |from: i32, out: usize, size: usize| {
            let (from, out, size) = (i64::from(from), out as i64, size as i64);
            !self.reflect || (from > -size && from + out < 2 * size)
        };
        let wrong =
            moves.iter().position(|&[_, top, left]| !seen(top, out_height, height) || !seen(left, out_width, width));
        wrong.map_or(Ok(()), |at| {
            let [_, top, left] = moves[at];
            Err(format!(
                "image: a window of {out_height}x{out_width} at ({top}, {left}) came, beyond the mirror image of \
                 {height}x{width}: move it less"
            ))
        })
    }

    fn one(
        &self,
        bytes: &[u8],
        [flip, top, left]: [i32; 3],
        normalized: &Normalized,
        cols: &mut Vec<Option<usize>>,
        y: &mut [f32],
    ) {
        let Shift { size: (height, width), out: (_, out_width), channels, reflect } = *self;
        let line = width * channels;
        cols.clear();
        cols.extend((0..out_width).map(|j| {
            let col = source(j as isize + left as isize, width, reflect)?;
            Some(if flip != 0 { width - 1 - col } else { col } * channels)
        }));
        for (i, y) in y.chunks_exact_mut(out_width * channels).enumerate() {
            let row = source(i as isize + top as isize, height, reflect);
            let bytes = row.map(|row| &bytes[row * line..][..line]);
            match (normalized.0.as_slice(), bytes) {
                ([red, green, blue], Some(bytes)) => {
                    for (y, &col) in y.as_chunks_mut::<3>().0.iter_mut().zip(cols.iter()) {
                        let [r, g, b] = col.map_or([0; 3], |col| [bytes[col], bytes[col + 1], bytes[col + 2]]);
                        *y = [red[usize::from(r)], green[usize::from(g)], blue[usize::from(b)]];
                    }
                }
                (tables, bytes) => {
                    for (y, &col) in y.chunks_exact_mut(channels).zip(cols.iter()) {
                        for (c, (y, table)) in y.iter_mut().zip(tables).enumerate() {
                            let byte = bytes.zip(col).map_or(0, |(bytes, col)| bytes[col + c]);
                            *y = table[usize::from(byte)];
                        }
                    }
                }
            }
        }
    }
}
