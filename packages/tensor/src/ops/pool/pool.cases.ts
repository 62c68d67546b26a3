// Examples of pooling, against plain loops over windows.

import { opCase, type Plain, spread, values } from "../../cases.ts";
import { adaptiveAvgPool2d, avgPool2d } from "./average.ts";
import { adaptiveMaxPool2d, maxPool2d } from "./max.ts";

/** The cells of window i along an axis: places in the image, with those in the padding, but not what hangs over it. */
type Windows = (i: number, size: number) => readonly number[];

const regular =
  (kernel: number, stride: number, pad = 0, dilation = 1): Windows =>
  (i, size) =>
    Array.from({ length: kernel }, (_, j) => i * stride - pad + j * dilation).filter((at) => at < size + pad);

const adaptive =
  (count: number): Windows =>
  (i, size) => {
    const first = Math.floor((i * size) / count);
    return Array.from({ length: Math.ceil(((i + 1) * size) / count) - first }, (_, j) => first + j);
  };

/** What `take` makes of each window: the values in the image, and the number of cells with those in the padding. */
function pooled(
  [rows, cols]: readonly [number, number],
  down: Windows,
  across: Windows,
  take: (inside: readonly number[], cells: number) => number,
): (x: Plain) => number[] {
  return ({ shape, values: x }) => {
    const [batch, height, width, channels] = shape as readonly [number, number, number, number];
    const result: number[] = [];
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < cols; j++)
          for (let c = 0; c < channels; c++) {
            const cells = down(i, height).flatMap((row) => across(j, width).map((col) => [row, col] as const));
            const inside = cells.filter(([row, col]) => row >= 0 && row < height && col >= 0 && col < width);
            const numbers = inside.map(([row, col]) => x[((n * height + row) * width + col) * channels + c]!);
            result.push(take(numbers, cells.length));
          }
    return result;
  };
}

const largest = (inside: readonly number[]): number => Math.max(...inside);
const sum = (inside: readonly number[]): number => inside.reduce((total, each) => total + each, 0);
const average = (inside: readonly number[]): number => sum(inside) / inside.length;
const refuses = [[[3, 3, 2]], [[1, 1, 9, 2]]];

export const maxPoolCases = [
  opCase("maxPool2d", (x) => maxPool2d(x, 2), {
    label: "2x2 on odd sizes",
    inputs: [spread([2, 5, 7, 5], -3, 3)],
    shape: [2, 2, 3, 5],
    reference: pooled([2, 3], regular(2, 2), regular(2, 2), largest),
    refuses,
  }),
  opCase("maxPool2d", (x) => maxPool2d(x, 3, { stride: 2, padding: 1 }), {
    label: "3x3, overlapping, padded",
    inputs: [spread([2, 5, 6, 4], -3, -1)],
    shape: [2, 3, 3, 4],
    reference: pooled([3, 3], regular(3, 2, 1), regular(3, 2, 1), largest),
  }),
  opCase("maxPool2d", (x) => maxPool2d(x, [2, 3], { stride: [1, 2], dilation: [2, 1], ceilMode: true }), {
    label: "height and width apart, dilated, one window hanging over",
    inputs: [spread([1, 5, 6, 3], 0, 1)],
    shape: [1, 3, 3, 3],
    reference: pooled([3, 3], regular(2, 1, 0, 2), regular(3, 2), largest),
  }),
  opCase("maxPool2d", (x) => maxPool2d(x, 17, { stride: 1 }), {
    label: "more cells than a byte counts",
    inputs: [spread([1, 18, 18, 1], 0, 1)],
    shape: [1, 2, 2, 1],
    reference: pooled([2, 2], regular(17, 1), regular(17, 1), largest),
  }),
  opCase("maxPool2d", (x) => maxPool2d(x, 2), {
    label: "no images",
    inputs: [spread([0, 4, 4, 3], 0, 1)],
    shape: [0, 2, 2, 3],
    reference: () => [],
  }),
  opCase("adaptiveMaxPool2d", (x) => adaptiveMaxPool2d(x, [2, 3]), {
    inputs: [spread([2, 5, 7, 3], -1, 1)],
    shape: [2, 2, 3, 3],
    reference: pooled([2, 3], adaptive(2), adaptive(3), largest),
    refuses: [[[5, 7, 3]]],
  }),
];

export const averagePoolCases = [
  opCase("avgPool2d", (x) => avgPool2d(x, 3, { stride: 2, padding: 1 }), {
    label: "padding counted",
    inputs: [spread([2, 5, 6, 5], -1, 1)],
    shape: [2, 3, 3, 5],
    relative: 1e-6,
    reference: pooled([3, 3], regular(3, 2, 1), regular(3, 2, 1), (inside, cells) => sum(inside) / cells),
    refuses: [[[3, 3, 2]]],
  }),
  opCase("avgPool2d", (x) => avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false, ceilMode: true }), {
    label: "padding not counted, ceil",
    inputs: [spread([1, 6, 4, 4], -1, 1)],
    shape: [1, 4, 3, 4],
    relative: 1e-6,
    reference: pooled([4, 3], regular(3, 2, 1), regular(3, 2, 1), average),
  }),
  opCase("avgPool2d", (x) => avgPool2d(x, [1, 2], { ceilMode: true }), {
    label: "C09: what hangs over never counts",
    inputs: [values([1, 1, 5, 1], [1, 2, 3, 4, 5])],
    shape: [1, 1, 3, 1],
    reference: () => [1.5, 3.5, 5],
    gradients: [],
  }),
  opCase("avgPool2d", (x) => avgPool2d(x, 2, { countIncludePad: false, divisorOverride: 2 }), {
    label: "C10: a given divisor wins",
    inputs: [values([1, 2, 2, 1], [1, 1, 1, 1])],
    shape: [1, 1, 1, 1],
    reference: (x) => [sum(x!.values) / 2],
  }),
  opCase("avgPool2d", (x) => avgPool2d(x, 3, { stride: 1, padding: "same-tf" }), {
    label: "C07: TensorFlow's same padding is not counted",
    inputs: [values([1, 4, 4, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])],
    shape: [1, 4, 4, 1],
    relative: 1e-6,
    reference: pooled([4, 4], regular(3, 1, 1), regular(3, 1, 1), average),
  }),
  opCase("adaptiveAvgPool2d", (x) => adaptiveAvgPool2d(x, 3), {
    inputs: [spread([2, 7, 4, 5], -1, 1)],
    shape: [2, 3, 3, 5],
    relative: 1e-6,
    reference: pooled([3, 3], adaptive(3), adaptive(3), average),
    refuses: [[[5, 7, 3]]],
  }),
];
