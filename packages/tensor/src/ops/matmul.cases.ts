// Examples of the matrix products.

import { opCase, type Plain, spread } from "../cases.ts";
import { linear, matmul, matmulNT, matmulTN } from "./matmul.ts";

/** Σ a[i, k] b[k, j], in f64. */
function product(a: Plain, b: Plain): number[] {
  const [rows, inner] = a.shape as readonly [number, number];
  const cols = b.shape[1]!;
  return Array.from({ length: rows * cols }, (_, index) => {
    const row = Math.floor(index / cols);
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a.values[row * inner + k]! * b.values[k * cols + (index % cols)]!;
    return sum;
  });
}

function affine(activation: (z: number) => number): (x: Plain, weight: Plain, bias?: Plain) => number[] {
  return (x, weight, bias) => {
    const inputs = weight.shape[0]!;
    const rows = { shape: [x.values.length / Math.max(inputs, 1), inputs], values: x.values };
    return product(rows, weight).map((z, index) => activation(z + (bias?.values[index % weight.shape[1]!] ?? 0)));
  };
}

function transposed({ shape, values }: Plain): Plain {
  const [rows, cols] = shape as readonly [number, number];
  const turned = Array.from({ length: values.length }, (_, i) => values[(i % rows) * cols + Math.floor(i / rows)]!);
  return { shape: [cols, rows], values: turned };
}

const refuses = [
  [
    [2, 3],
    [2, 3],
  ],
  [[3], [3, 2]],
] as const;

export const matmulCases = [
  opCase("matmul", matmul, {
    inputs: [spread([5, 7], -1, 1), spread([7, 9], -1, 1)],
    shape: [5, 9],
    relative: 1e-6,
    reference: product,
    refuses,
  }),
  opCase("matmul", matmul, {
    label: "larger than a tile on each side",
    inputs: [spread([33, 70], -1, 1), spread([70, 41], -1, 1)],
    shape: [33, 41],
    relative: 1e-6,
    gradients: [],
    reference: product,
  }),
  opCase("matmul", matmul, {
    label: "no inner size: zeros",
    inputs: [spread([2, 0], 0, 1), spread([0, 3], 0, 1)],
    shape: [2, 3],
    reference: () => [0, 0, 0, 0, 0, 0],
  }),
];

const layer = [spread([4, 5], -1, 1), spread([5, 3], -1, 1), spread([3], -0.5, 0.5)] as const;

export const matmulNTCases = [
  opCase("matmulNT", matmulNT, {
    inputs: [spread([5, 7], -1, 1), spread([9, 7], -1, 1)],
    shape: [5, 9],
    relative: 1e-6,
    reference: (a, b) => product(a, transposed(b)),
    refuses: [
      [
        [2, 3],
        [3, 2],
      ],
    ],
  }),
];

export const matmulTNCases = [
  opCase("matmulTN", matmulTN, {
    inputs: [spread([7, 5], -1, 1), spread([7, 9], -1, 1)],
    shape: [5, 9],
    relative: 1e-6,
    reference: (a, b) => product(transposed(a), b),
    refuses: [
      [
        [2, 3],
        [3, 2],
      ],
    ],
  }),
];

export const linearCases = [
  opCase("linear", (x, weight, bias) => linear(x, weight, bias), {
    inputs: layer,
    shape: [4, 3],
    relative: 1e-6,
    reference: affine((z) => z),
    refuses: [[[4, 6], [5, 3], [3]]],
  }),
  opCase("linear", (x, weight) => linear(x, weight), {
    label: "no bias, more axes",
    inputs: [spread([2, 3, 5], -1, 1), spread([5, 2], -1, 1)],
    shape: [2, 3, 2],
    relative: 1e-6,
    reference: affine((z) => z),
  }),
  opCase("linear", (x, weight, bias) => linear(x, weight, bias, "relu"), {
    label: "with relu",
    inputs: layer,
    shape: [4, 3],
    relative: 1e-6,
    reference: affine((z) => Math.max(z, 0)),
  }),
  opCase("linear", (x, weight, bias) => linear(x, weight, bias, "sigmoid"), {
    label: "with sigmoid",
    inputs: layer,
    shape: [4, 3],
    relative: 1e-6,
    reference: affine((z) => 1 / (1 + Math.exp(-z))),
  }),
  opCase("linear", (x, weight, bias) => linear(x, weight, bias, "tanh"), {
    label: "with tanh",
    inputs: layer,
    shape: [4, 3],
    relative: 1e-6,
    reference: affine(Math.tanh),
  }),
];
