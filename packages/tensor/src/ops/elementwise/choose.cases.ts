// Examples of comparisons and of choices by a mask.

import { elementwise, opCase, spread, values } from "../../cases.ts";
import { eq, ge, gt, le, lt, ne, where } from "./choose.ts";

const left = values([2, 3], [1, 2, Number.NaN, 0, 5, -1]);
const right = values([3], [1, 3, Number.NaN]);
const shape: [2, 3] = [2, 3];
/** Inputs by which no comparison of the six is like another; NaN is unequal to itself. */
const comparison = { inputs: [left, right] as const, shape, ulp: 0, gradients: [] };
const refuses = [
  [
    [2, 3],
    [2, 4],
  ],
  [[3], [2]],
] as const;

export const comparisonCases = [
  opCase("eq", eq, { ...comparison, reference: () => [1, 0, 0, 0, 0, 0], refuses }),
  opCase("ne", ne, { ...comparison, reference: () => [0, 1, 1, 1, 1, 1], refuses }),
  opCase("lt", lt, { ...comparison, reference: () => [0, 1, 0, 1, 0, 0], refuses }),
  opCase("le", le, { ...comparison, reference: () => [1, 1, 0, 1, 0, 0], refuses }),
  opCase("gt", gt, { ...comparison, reference: () => [0, 0, 0, 0, 1, 0], refuses }),
  opCase("ge", ge, { ...comparison, reference: () => [1, 0, 0, 0, 1, 0], refuses }),
  opCase("lt", lt, {
    label: "i32, axes that need a copy",
    inputs: [values([2, 1, 3, 1], [1, 5, 3, 2, 4, 6], "i32"), values([2, 1, 2], [2, 4, 3, 6], "i32")],
    shape: [2, 2, 3, 2],
    ulp: 0,
    reference: elementwise([2, 2, 3, 2], (a, b) => Number(a < b)),
  }),
];

const mask = values([2, 3], [1, 0, 1, 0, 1, 0], "bool");

export const choiceCases = [
  opCase("where", where, {
    inputs: [mask, spread([2, 3], -1, 2), spread([2, 3], 3, 5)],
    shape,
    ulp: 0,
    reference: elementwise(shape, (chosen, a, b) => (chosen ? a : b)),
    refuses: [
      [
        [2, 3],
        [2, 4],
        [2, 3],
      ],
    ],
  }),
  opCase("where", where, {
    label: "a column of masks, a row, one number",
    inputs: [values([2, 1], [1, 0], "bool"), spread([3], -1, 2), values([], [7])],
    shape,
    ulp: 0,
    reference: elementwise(shape, (chosen, a, b) => (chosen ? a : b)),
  }),
  opCase("where", where, {
    label: "axes that need a copy",
    inputs: [values([2, 1, 3, 1], [1, 0, 0, 1, 1, 0], "bool"), spread([2, 1, 2], -1, 2), spread([2, 2, 1, 2], 3, 5)],
    shape: [2, 2, 3, 2],
    ulp: 0,
    reference: elementwise([2, 2, 3, 2], (chosen, a, b) => (chosen ? a : b)),
  }),
  opCase("where", where, {
    label: "A10: what is not chosen does no harm",
    inputs: [
      mask,
      spread([2, 3], -1, 2),
      values([3], [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]),
    ],
    shape,
    ulp: 0,
    reference: (chosen, a, b) => a!.values.map((value, at) => (chosen!.values[at] ? value : b!.values[at % 3]!)),
    gradients: [],
  }),
];
