// Examples of convolution, against its definition in f64.

import { type CaseInput, opCase, type Plain, spread, values } from "../../cases.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dMaxPool } from "./max-pool.ts";

/** How a reference moves: paddings are top, bottom, left, right. */
interface How {
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly groups?: number;
}

/** Σ x[n, h·s + i·d − top, w·s + j·d − left, c] · weight[i, j, c, o] + bias[o], in f64. */
function correlation(how: How, x: Plain, weight: Plain, bias?: Plain): number[] {
  const [batch, height, width, channels] = x.shape as readonly [number, number, number, number];
  const [kernelHeight, kernelWidth, perGroup, outputs] = weight.shape as readonly [number, number, number, number];
  const { stride = [1, 1], dilation = [1, 1], pads = [0, 0, 0, 0], groups = 1 } = how;
  const [top, bottom, left, right] = pads;
  const rows = Math.floor((height + top + bottom - dilation[0] * (kernelHeight - 1) - 1) / stride[0]) + 1;
  const cols = Math.floor((width + left + right - dilation[1] * (kernelWidth - 1) - 1) / stride[1]) + 1;
  const result: number[] = [];
  const at = (n: number, row: number, col: number, o: number): number => {
    const group = Math.floor(o / (outputs / groups));
    let sum = bias?.values[o] ?? 0;
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        const [h, w] = [row * stride[0] + i * dilation[0] - top, col * stride[1] + j * dilation[1] - left];
        if (h < 0 || h >= height || w < 0 || w >= width) continue;
        for (let c = 0; c < perGroup; c++) {
          const pixel = x.values[((n * height + h) * width + w) * channels + group * perGroup + c]!;
          sum += pixel * weight.values[((i * kernelWidth + j) * perGroup + c) * outputs + o]!;
        }
      }
    }
    return sum;
  };
  for (let n = 0; n < batch; n++)
    for (let row = 0; row < rows; row++)
      for (let col = 0; col < cols; col++) for (let o = 0; o < outputs; o++) result.push(at(n, row, col, o));
  return result;
}

const reference =
  (how: How, activation: (z: number) => number = (z) => z) =>
  (x: Plain, weight: Plain, bias?: Plain): number[] =>
    correlation(how, x, weight, bias).map(activation);

/** The same, and of each whole 2x2 of its result the largest. */
const pooled =
  (how: How, rows: number, cols: number) =>
  (x: Plain, weight: Plain, bias?: Plain): number[] => {
    const y = correlation(how, x, weight, bias);
    const outputs = weight.shape[3]!;
    const at = (n: number, row: number, col: number, o: number): number =>
      y[((n * rows + row) * cols + col) * outputs + o]!;
    const result: number[] = [];
    for (let n = 0; n < x.shape[0]!; n++)
      for (let row = 0; row + 1 < rows; row += 2)
        for (let col = 0; col + 1 < cols; col += 2)
          for (let o = 0; o < outputs; o++) {
            const [top, bottom] = [row, row + 1].map((each) => Math.max(at(n, each, col, o), at(n, each, col + 1, o)));
            result.push(Math.max(top!, bottom!));
          }
    return result;
  };

/** Winograd's rounding, where "auto" takes it; what is direct is ten times as near. */
const AUTO = 1e-5;
const DIRECT = 1e-6;

/** Numbers of no pattern, from −1 to 1: no two sums of them are equal, so that a maximum has one place. */
function uneven<const S extends Shape>(shape: S): CaseInput<S, "f32"> {
  return values(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, at) => ((at * at * 7919 + at * 104_729) % 1009) / 504.5 - 1),
  );
}

const images = spread([2, 6, 5, 3], -1, 1);
const filters = spread([3, 3, 3, 4], -1, 1);
const bias = spread([4], -0.5, 0.5);

export const conv2dCases = [
  opCase("conv2d", (x, weight, bias) => conv2d(x, weight, bias), {
    inputs: [images, filters, bias],
    shape: [2, 4, 3, 4],
    relative: AUTO,
    reference: reference({}),
    refuses: [
      [[2, 6, 5, 2], [3, 3, 3, 4], [4]],
      [[6, 5, 3], [3, 3, 3, 4], [4]],
    ],
  }),
  opCase("conv2d", (x, weight, bias) => conv2d(x, weight, bias, { padding: 1, algorithm: "direct" }), {
    label: "padded, direct",
    inputs: [images, filters, bias],
    shape: [2, 6, 5, 4],
    relative: DIRECT,
    reference: reference({ pads: [1, 1, 1, 1] }),
  }),
  opCase("conv2d", (x, weight) => conv2d(x, weight, null, { padding: "same" }), {
    label: "same, no bias",
    inputs: [spread([1, 9, 10, 2], -1, 1), spread([3, 3, 2, 5], -1, 1)],
    shape: [1, 9, 10, 5],
    relative: AUTO,
    reference: reference({ pads: [1, 1, 1, 1] }),
  }),
  opCase("conv2d", (x, weight, bias) => conv2d(x, weight, bias, { padding: 1, activation: "relu" }), {
    label: "with relu",
    inputs: [images, filters, bias],
    shape: [2, 6, 5, 4],
    relative: AUTO,
    reference: reference({ pads: [1, 1, 1, 1] }, (z) => Math.max(z, 0)),
  }),
  opCase("conv2d", (x, weight, bias) => conv2d(x, weight, bias, { stride: 2, activation: "sigmoid" }), {
    label: "strided, with sigmoid",
    inputs: [images, filters, bias],
    shape: [2, 2, 2, 4],
    relative: DIRECT,
    reference: reference({ stride: [2, 2] }, (z) => 1 / (1 + Math.exp(-z))),
  }),
  opCase("conv2d", (x, weight, bias) => conv2d(x, weight, bias, { groups: 3, dilation: 2, activation: "tanh" }), {
    label: "depthwise, dilated, with tanh",
    inputs: [images, spread([2, 2, 1, 6], -1, 1), spread([6], -0.5, 0.5)],
    shape: [2, 4, 3, 6],
    relative: DIRECT,
    reference: reference({ groups: 3, dilation: [2, 2] }, Math.tanh),
    refuses: [[[2, 6, 5, 4], [2, 2, 1, 6], [6]]],
  }),
  opCase("conv2d", (x, weight) => conv2d(x, weight, null, { groups: 2, padding: [0, 2], stride: [2, 1] }), {
    label: "A13: two groups, each with its own weight gradient",
    inputs: [spread([2, 5, 4, 4], -1, 1), spread([3, 2, 2, 4], -1, 1)],
    shape: [2, 2, 7, 4],
    relative: DIRECT,
    gradientTolerance: 1e-6,
    reference: reference({ groups: 2, stride: [2, 1], pads: [0, 0, 2, 2] }),
  }),
  opCase("conv2d", (x, weight) => conv2d(x, weight, null, { stride: 3, padding: "same-tf" }), {
    label: "same-tf at stride 3, wider than the image",
    inputs: [spread([1, 4, 5, 2], -1, 1), spread([7, 5, 2, 3], -1, 1)],
    shape: [1, 2, 2, 3],
    relative: DIRECT,
    // ⌈4 / 3⌉ = 2 rows span 3 + 7 = 10: 6 missing, 3 and 3; ⌈5 / 3⌉ = 2 columns span 3 + 5 = 8: 3 missing, 1 and 2.
    reference: reference({ stride: [3, 3], pads: [3, 3, 1, 2] }),
  }),
  opCase(
    "conv2d",
    (x, weight, bias) => conv2d(x, weight, bias, { padding: { top: 2, bottom: 0, left: 1, right: 3 } }),
    {
      label: "a padding for each side",
      inputs: [spread([1, 4, 4, 1], -1, 1), spread([3, 3, 1, 2], -1, 1), spread([2], -1, 1)],
      shape: [1, 4, 6, 2],
      relative: AUTO,
      reference: reference({ pads: [2, 0, 1, 3] }),
    },
  ),
  opCase("conv2d", (x, weight) => conv2d(x, weight), {
    label: "1x1, many channels",
    inputs: [spread([1, 3, 3, 40], -1, 1), spread([1, 1, 40, 24], -1, 1)],
    shape: [1, 3, 3, 24],
    relative: DIRECT,
    gradients: [],
    reference: reference({}),
  }),
  opCase("conv2d", (x, weight, bias) => conv2d(x, weight, bias, { padding: 1 }), {
    label: "larger than a tile and a block on each side",
    inputs: [spread([2, 13, 11, 37], -1, 1), spread([3, 3, 37, 21], -1, 1), spread([21], -1, 1)],
    shape: [2, 13, 11, 21],
    relative: AUTO,
    gradients: [],
    reference: reference({ pads: [1, 1, 1, 1] }),
  }),
  opCase("conv2d", (x, weight, bias) => conv2d(x, weight, bias, { padding: 1 }), {
    label: "no images",
    inputs: [values([0, 4, 4, 2], []), spread([3, 3, 2, 2], -1, 1), spread([2], -1, 1)],
    shape: [0, 4, 4, 2],
    reference: () => [],
  }),
];

export const conv2dMaxPoolCases = [
  opCase("conv2dMaxPool", (x, weight, bias) => conv2dMaxPool(x, weight, bias, { padding: 1 }), {
    inputs: [images, filters, bias],
    shape: [2, 3, 2, 4],
    relative: AUTO,
    reference: pooled({ pads: [1, 1, 1, 1] }, 6, 5),
    refuses: [
      [[2, 6, 5, 2], [3, 3, 3, 4], [4]],
      [[6, 5, 3], [3, 3, 3, 4], [4]],
    ],
  }),
  opCase("conv2dMaxPool", (x, weight) => conv2dMaxPool(x, weight), {
    label: "no padding, no bias, odd sizes",
    inputs: [uneven([1, 9, 11, 2]), spread([3, 3, 2, 5], -1, 1)],
    shape: [1, 3, 4, 5],
    relative: AUTO,
    reference: pooled({}, 7, 9),
  }),
  opCase("conv2dMaxPool", (x, weight, bias) => conv2dMaxPool(x, weight, bias, { padding: 1 }), {
    label: "larger than a tile and a block on each side",
    inputs: [spread([2, 13, 18, 37], -1, 1), spread([3, 3, 37, 21], -1, 1), spread([21], -1, 1)],
    shape: [2, 6, 9, 21],
    relative: AUTO,
    gradients: [],
    reference: pooled({ pads: [1, 1, 1, 1] }, 13, 18),
  }),
  opCase("conv2dMaxPool", (x, weight) => conv2dMaxPool(x, weight, null, { padding: 1 }), {
    label: "N10: NaN wins",
    inputs: [
      values(
        [1, 4, 4, 1],
        Array.from({ length: 16 }, (_, at) => (at === 5 ? Number.NaN : at)),
      ),
      values([3, 3, 1, 1], [0, 0, 0, 0, 1, 0, 0, 0, 0]),
    ],
    shape: [1, 2, 2, 1],
    gradients: [],
    // Each 2x2 holds a place whose window reads the NaN in the middle.
    reference: () => [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
  }),
  opCase("conv2dMaxPool", (x, weight, bias) => conv2dMaxPool(x, weight, bias, { padding: 1 }), {
    label: "no images",
    inputs: [values([0, 4, 4, 2], []), spread([3, 3, 2, 2], -1, 1), spread([2], -1, 1)],
    shape: [0, 2, 2, 2],
    reference: () => [],
  }),
];
