// Resampling by area: each pixel of the result is the mean of the source over the square that it covers there.

/** Interleaved channels, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/** Where the result lies in the source: pixel (i, j) covers [left + i·step, left + (i + 1)·step) and the same from `top`. */
export interface View {
  readonly left: number;
  readonly top: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a result's pixel that each source pixel takes, from `first` on. */
interface Cover {
  readonly first: number;
  readonly parts: Float64Array;
}

/** Means over areas, [height, width, channels]; beyond the source there are zeros. */
export function areaMeans({ width, height, channels, data }: Raster, view: View): Float64Array {
  const columns = covers(view.left, view.step, view.width, width);
  const rows = covers(view.top, view.step, view.height, height);
  const result = new Float64Array(view.height * view.width * channels);
  const across = new Float64Array(view.width * channels);
  let done = -1;
  for (const [j, row] of rows.entries()) {
    for (let at = 0; at < row.parts.length; at++) {
      const part = row.parts[at]!;
      const y = row.first + at;
      // Neighbours in the result share a source row at most, the last of one and the first of the next.
      if (y !== done) alongRow(data, y * width * channels, channels, columns, across);
      done = y;
      const to = j * across.length;
      for (let k = 0; k < across.length; k++) result[to + k]! += part * across[k]!;
    }
  }
  return result;
}

function alongRow(
  data: ArrayLike<number>,
  from: number,
  channels: number,
  columns: readonly Cover[],
  into: Float64Array,
): void {
  for (let i = 0; i < columns.length; i++) {
    const { first, parts } = columns[i]!;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let at = 0, pixel = from + first * channels + c; at < parts.length; at++, pixel += channels) {
        sum += parts[at]! * data[pixel]!;
      }
      into[i * channels + c] = sum;
    }
  }
}

function covers(begin: number, step: number, count: number, length: number): Cover[] {
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [begin + i * step, begin + (i + 1) * step];
    const first = Math.max(0, Math.floor(from));
    const end = Math.min(length, Math.ceil(to));
    const parts = Float64Array.from({ length: Math.max(0, end - first) }, (_, at) => {
      const pixel = first + at;
      return (Math.min(to, pixel + 1) - Math.max(from, pixel)) / step;
    });
    return { first, parts };
  });
}
