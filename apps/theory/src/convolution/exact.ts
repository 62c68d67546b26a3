// Correlation, convolution and average pooling of one channel in exact rationals, as one does them by hand.
import Fraction from "fraction.js";

export type Grid = readonly (readonly Fraction[])[];

export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export const ZERO = new Fraction(0);

export const heightOf = (grid: Grid): number => grid.length;
export const widthOf = (grid: Grid): number => grid[0]!.length;

/** One product of a cell of the result; `value` is 0 where the filter stands on padding. */
export interface Term {
  readonly weight: Fraction;
  readonly value: Fraction;
  readonly padded: boolean;
}

/** The products that make the cell at (row, column), filter cell by filter cell. */
export function termsAt(map: Grid, filter: Grid, { top, left }: Padding, stride: number, row: number, column: number) {
  return filter.map((weights, r) =>
    weights.map((weight, c): Term => {
      const value = map[row * stride + r - top]?.[column * stride + c - left];
      return { weight, value: value ?? ZERO, padded: value === undefined };
    }),
  );
}

/** Cross-correlation: the filter lies on the map as it is written. This is what layers of neural networks compute. */
export function correlate(map: Grid, filter: Grid, padding: Padding, stride = 1): Grid {
  const height = outputSize(heightOf(map), heightOf(filter), padding.top + padding.bottom, stride);
  const width = outputSize(widthOf(map), widthOf(filter), padding.left + padding.right, stride);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) =>
      termsAt(map, filter, padding, stride, row, column)
        .flat()
        .reduce((sum, { weight, value, padded }) => (padded ? sum : sum.add(weight.mul(value))), ZERO),
    ),
  );
}

/** The filter turned by 180°: convolution in the mathematical sense is correlation with it. */
export function turned(filter: Grid): Grid {
  return filter.toReversed().map((row) => row.toReversed());
}

/** ⌊(n + padding − k) / s⌋ + 1, or 0 where the filter does not fit. `padding` counts both sides. */
export function outputSize(n: number, k: number, padding: number, stride: number): number {
  return n + padding < k ? 0 : Math.floor((n + padding - k) / stride) + 1;
}

/** The mean of each window; windows that would stand over the edge are left out. */
export function averagePool(map: Grid, size: number, stride: number): Grid {
  const height = outputSize(heightOf(map), size, 0, stride);
  const width = outputSize(widthOf(map), size, 0, stride);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const window = map
        .slice(row * stride, row * stride + size)
        .flatMap((cells) => cells.slice(column * stride, column * stride + size));
      return window.reduce((sum, cell) => sum.add(cell), ZERO).div(size * size);
    }),
  );
}

export function sameGrid(a: Grid, b: Grid): boolean {
  return (
    a.length === b.length &&
    a.every((row, r) => row.length === b[r]!.length && row.every((cell, c) => cell.equals(b[r]![c]!)))
  );
}
