// Problem 4 solved: exact rationals by hand's rules, beside Lanewise's kernels.
import Fraction from "fraction.js";
import {
  averagePool,
  correlate,
  type Grid,
  heightOf,
  outputSize,
  type Padding,
  sameGrid,
  termsAt,
  turned,
  widthOf,
} from "./exact.ts";
import { comparePooling, correlateInLanewise, type PoolingComparison, poolInLanewise } from "./in-lanewise.ts";
import type { ConvolutionInput } from "./input.ts";
import { common, type SamePadding, type Strides, samePadding, stridesThatKeep } from "./sizes.ts";

export interface ConvolutionOptions {
  readonly input: ConvolutionInput;
  /** Numbers of channels on which pooling is compared with its convolution. */
  readonly channels: readonly number[];
  readonly seed: number;
}

/** Numbers are exact: whole ones and decimals as they are, others as fractions such as 1/9. */
export type Exact = string;
export type ExactGrid = readonly (readonly Exact[])[];

export interface ConvolutionAnswer {
  readonly source: string;
  readonly isDefault: boolean;
  readonly featureMap: ExactGrid;
  readonly filters: readonly [ExactGrid, ExactGrid];
  /** The first part: the padding at stride 1 that keeps the size, and the map that the first filter then makes. */
  readonly keeping: {
    readonly rows: SamePadding;
    readonly columns: SamePadding;
    readonly padding: Padding;
    readonly map: ExactGrid;
    readonly cell: {
      readonly at: readonly [number, number];
      readonly terms: readonly (readonly {
        readonly weight: Exact;
        readonly value: Exact;
        readonly padded: boolean;
      }[])[];
      readonly sum: Exact;
    };
    /** The map of the filter turned by 180°: convolution in the mathematical sense. */
    readonly convolution: ExactGrid;
    /** Whether both are the same, since the filter looks the same when turned. */
    readonly symmetric: boolean;
  };
  /** The second part: the strides that keep the size with the second filter and the given padding. */
  readonly strides: {
    readonly padding: number;
    readonly rows: Strides;
    readonly columns: Strides;
    readonly both: Pick<Strides, "from" | "to">;
    /** The size of the result for the first strides. */
    readonly sizes: readonly { readonly stride: number; readonly height: number; readonly width: number }[];
  };
  /** The third part: average pooling of the new map, and the convolution that equals it. */
  readonly pooling: {
    readonly size: number;
    readonly stride: number;
    readonly map: ExactGrid;
    readonly share: Exact;
    readonly byConvolution: ExactGrid;
    readonly equal: boolean;
    /** Rows and columns at the end that no window reads. */
    readonly unread: { readonly rows: number; readonly columns: number };
  };
  readonly float32: {
    /** The largest difference of Lanewise's map and pooled map from the exact ones. */
    readonly map: number;
    readonly pooled: number;
    readonly channels: readonly PoolingComparison[];
  };
}

const STRIDES = 4;

export function solveConvolution({ input, channels, seed }: ConvolutionOptions): ConvolutionAnswer {
  const { featureMap, filters, pool, poolStride } = input;
  const [first, second] = filters;
  const [height, width] = [heightOf(featureMap), widthOf(featureMap)];
  const rows = samePadding(heightOf(first));
  const columns = samePadding(widthOf(first));
  const padding = { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after };
  const map = correlate(featureMap, first, padding);
  const convolved = correlate(featureMap, turned(first), padding);
  const pooled = averagePool(map, pool, poolStride);
  const share = new Fraction(1, pool * pool);
  const filter = Array.from({ length: pool }, () => Array.from({ length: pool }, () => share));
  const none = { top: 0, bottom: 0, left: 0, right: 0 };
  const byConvolution = correlate(map, filter, none, poolStride);
  const [row, column] = input.cell;
  return {
    source: input.source,
    isDefault: input.isDefault,
    featureMap: written(featureMap),
    filters: [written(first), written(second)],
    keeping: {
      rows,
      columns,
      padding,
      map: written(map),
      cell: {
        at: input.cell,
        terms: termsAt(featureMap, first, padding, 1, row, column).map((terms) =>
          terms.map(({ weight, value, padded }) => ({ weight: exactText(weight), value: exactText(value), padded })),
        ),
        sum: exactText(map[row]![column]!),
      },
      convolution: written(convolved),
      symmetric: sameGrid(first, turned(first)),
    },
    strides: stridesOf(second, height, width, input.padding),
    pooling: {
      size: pool,
      stride: poolStride,
      map: written(pooled),
      share: exactText(share),
      byConvolution: written(byConvolution),
      equal: sameGrid(pooled, byConvolution),
      unread: { rows: unread(height, pool, poolStride), columns: unread(width, pool, poolStride) },
    },
    float32: {
      map: furthest(map, correlateInLanewise(featureMap, first, padding)),
      pooled: furthest(pooled, poolInLanewise(map, pool, poolStride)),
      channels: channels.map((count) => comparePooling({ height, width, pool, stride: poolStride, seed }, count)),
    },
  };
}

function stridesOf(filter: Grid, height: number, width: number, padding: number): ConvolutionAnswer["strides"] {
  const rows = stridesThatKeep(height, heightOf(filter), padding);
  const columns = stridesThatKeep(width, widthOf(filter), padding);
  const sizes = Array.from({ length: STRIDES }, (_, at) => at + 1).map((stride) => ({
    stride,
    height: outputSize(height, heightOf(filter), 2 * padding, stride),
    width: outputSize(width, widthOf(filter), 2 * padding, stride),
  }));
  return { padding, rows, columns, both: common(rows, columns), sizes };
}

/** How much of an axis lies behind the last window. */
function unread(n: number, size: number, stride: number): number {
  return n - ((outputSize(n, size, 0, stride) - 1) * stride + size);
}

/** As a decimal where that ends within six digits, else as a fraction. */
function exactText(value: Fraction): Exact {
  const decimal = value.round(6);
  return decimal.equals(value) ? decimal.toString() : value.toFraction();
}

function written(grid: Grid): ExactGrid {
  return grid.map((row) => row.map(exactText));
}

function furthest(grid: Grid, values: readonly number[]): number {
  return grid.flat().reduce((most, cell, at) => Math.max(most, Math.abs(cell.valueOf() - values[at]!)), 0);
}
