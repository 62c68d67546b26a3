// Examples of the ops that move elements.

import { opCase, type Plain, spread, values } from "../cases.ts";
import type { Tensor } from "../tensor.ts";
import { concat } from "./concat.ts";
import { broadcastTo, flip, permute, reshape, slice, transpose } from "./layout.ts";
import { cumsum, max, min } from "./reduce.ts";

/** The elements at the given places. */
function take(places: readonly number[]): (x: Plain) => number[] {
  return (x) => places.map((place) => x.values[place]!);
}

const all = (x: Plain): number[] => [...x.values];
const joined = (a: Plain, b?: Plain): number[] => [...a.values, ...b!.values];

export const layoutCases = [
  opCase("reshape", (x) => reshape(x, [3, -1]), {
    inputs: [spread([2, 6], -1, 1)],
    shape: [3, 4],
    ulp: 0,
    reference: all,
  }),
  opCase("permute", (x) => permute(x as Tensor, [2, 0, 1]), {
    inputs: [spread([2, 3, 2], -1, 1)],
    shape: [2, 2, 3],
    ulp: 0,
    // x[i, j, k] lies at 6 i + 2 j + k; the result counts k, i, j.
    reference: take([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]),
  }),
  opCase("permute", transpose, {
    label: "transpose",
    inputs: [spread([2, 3], -1, 1)],
    shape: [3, 2],
    ulp: 0,
    reference: take([0, 3, 1, 4, 2, 5]),
  }),
  opCase("slice", (x) => slice(x as Tensor, [{ start: 1 }, { start: -1, stop: 0, step: -2 }]), {
    label: "T06: backward from the end",
    inputs: [spread([3, 5], -1, 1)],
    shape: [2, 2],
    ulp: 0,
    reference: take([9, 7, 14, 12]),
  }),
  opCase("slice", (x) => flip(x, 0), {
    label: "T06: flip",
    inputs: [spread([3, 2], -1, 1)],
    shape: [3, 2],
    ulp: 0,
    reference: take([4, 5, 2, 3, 0, 1]),
  }),
  opCase("broadcastTo", (x) => broadcastTo(x as Tensor, [2, 3]), {
    inputs: [spread([2, 1], -1, 1)],
    shape: [2, 3],
    ulp: 0,
    reference: take([0, 0, 0, 1, 1, 1]),
  }),
  opCase("concat", (a, b) => concat([a as Tensor, b as Tensor], 0), {
    label: "T01: nothing is the neutral element",
    inputs: [values([1, 1], [1]), values([0, 1], [])],
    shape: [1, 1],
    ulp: 0,
    reference: joined,
    refuses: [
      [
        [2, 3],
        [2, 4],
      ],
    ],
  }),
  opCase("concat", (a, b) => concat([a as Tensor, b as Tensor], 0), {
    label: "T01: [0, 2] before [1, 2]",
    inputs: [values([0, 2], []), values([1, 2], [1, 2])],
    shape: [1, 2],
    ulp: 0,
    reference: joined,
  }),
  opCase("concat", (a, b) => concat([a as Tensor, b as Tensor], 1), {
    label: "columns",
    inputs: [values([2, 1], [1, 2]), values([2, 2], [3, 4, 5, 6])],
    shape: [2, 3],
    ulp: 0,
    reference: (a, b) => [a.values[0]!, b!.values[0]!, b!.values[1]!, a.values[1]!, b!.values[2]!, b!.values[3]!],
  }),
  opCase("cumsum", (x) => cumsum(broadcastTo(x as Tensor, [2, 3]), 1), {
    label: "T07: of a broadcast",
    inputs: [values([2, 1], [1, 2])],
    shape: [2, 3],
    ulp: 0,
    reference: (x) => x.values.flatMap((value) => [value, 2 * value, 3 * value]),
  }),
  opCase("max", (x) => max(x, 1), {
    inputs: [spread([3, 4], -2, 2)],
    shape: [3],
    ulp: 0,
    reference: (x) => [0, 1, 2].map((row) => Math.max(...x.values.slice(4 * row, 4 * row + 4))),
  }),
  opCase("min", (x) => min(x, 0), {
    inputs: [spread([3, 4], -2, 2)],
    shape: [4],
    ulp: 0,
    reference: (x) => [0, 1, 2, 3].map((col) => Math.min(x.values[col]!, x.values[col + 4]!, x.values[col + 8]!)),
  }),
];
