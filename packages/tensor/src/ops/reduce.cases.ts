// Examples of the reductions.

import { opCase, type Plain, spread, values } from "../cases.ts";
import { argmax, mean, prod, sum, sumSquares } from "./reduce.ts";

/** Reduces axis `axis` of x by `fold`, in f64. */
function along(axis: number, fold: (line: readonly number[]) => number): (x: Plain) => number[] {
  return (x) => {
    const length = x.shape[axis]!;
    const inner = x.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const outer = x.values.length / (length * inner);
    return Array.from({ length: outer * inner }, (_, index) => {
      const from = Math.floor(index / inner) * length * inner + (index % inner);
      return fold(Array.from({ length }, (_, place) => x.values[from + place * inner]!));
    });
  };
}

const add = (line: readonly number[]): number => line.reduce((total, value) => total + value, 0);
const product = (line: readonly number[]): number => line.reduce((total, value) => total * value, 1);
const middle = (line: readonly number[]): number => add(line) / line.length;

export const reduceCases = [
  opCase("sum", (x) => sum(x), {
    inputs: [spread([3, 5], -1, 2)],
    shape: [],
    ulp: 1,
    reference: (x) => [add(x.values)],
  }),
  opCase("sum", (x) => sum(x, { axis: 1 }), {
    label: "the middle axis",
    inputs: [spread([2, 3, 4], -1, 2)],
    shape: [2, 4],
    ulp: 1,
    reference: along(1, add),
  }),
  opCase("sum", (x) => sum(x, { axis: -1, keepDim: true }), {
    label: "the last axis, kept",
    inputs: [spread([3, 5], -1, 2)],
    shape: [3, 1],
    ulp: 1,
    reference: along(1, add),
  }),
  opCase("mean", (x) => mean(x, { axis: 0, keepDim: true }), {
    label: "A04: over the first axis",
    inputs: [spread([2, 3], -1, 2)],
    shape: [1, 3],
    ulp: 1,
    reference: along(0, middle),
  }),
  opCase("mean", (x) => mean(x), {
    label: "N07: the exact mean, rounded once",
    inputs: [
      values(
        [6],
        [
          2132166414.0524406, 1061001875.3433719, -1378280739.4604993, 580317280.6221428, 189636615.92772198,
          1046490414.9768481,
        ],
      ),
    ],
    shape: [],
    ulp: 0,
    reference: () => [605222016],
    gradients: [],
  }),
  opCase("mean", (x) => mean(x, { axis: 0 }), {
    label: "of 41 ones is 1",
    inputs: [values([41, 2], new Array<number>(82).fill(1))],
    shape: [2],
    ulp: 0,
    reference: along(0, middle),
  }),
  opCase("mean", (x) => mean(x, { axis: [0, 2] }), {
    label: "over axes that are no neighbours: 5 · 3 equal numbers",
    inputs: [
      values(
        [5, 2, 3],
        Array.from({ length: 30 }, (_, at) => (Math.floor(at / 3) % 2 === 0 ? 0.7 : 1.3)),
      ),
    ],
    shape: [2],
    ulp: 1,
    reference: (x) => [0, 1].map((row) => middle(x.values.filter((_, at) => Math.floor(at / 3) % 2 === row))),
  }),
  opCase("sumSquares", (x) => sumSquares(x), {
    inputs: [spread([3, 5], -1, 2)],
    shape: [],
    ulp: 1,
    reference: (x) => [add(x.values.map((value) => value * value))],
  }),
  opCase("sumSquares", (x) => sumSquares(x, { axis: -1, keepDim: true }), {
    label: "A09: the last axis, kept, with a row of zeros",
    inputs: [values([2, 3], [0, 0, 0, 1, -2, 0])],
    shape: [2, 1],
    ulp: 0,
    reference: along(1, (line) => add(line.map((value) => value * value))),
  }),
  opCase("sumSquares", (x) => sumSquares(x, { axis: [0, 2] }), {
    label: "axes that are no neighbours",
    inputs: [spread([2, 3, 2], -1, 2)],
    shape: [3],
    ulp: 2,
    reference: (x) => [0, 1, 2].map((row) => add([0, 1, 6, 7].map((offset) => x.values[2 * row + offset]! ** 2))),
  }),
  opCase("prod", (x) => prod(x, 1), {
    inputs: [spread([2, 3, 4], -1, 2)],
    shape: [2, 4],
    ulp: 0.5,
    reference: along(1, product),
  }),
  opCase("prod", (x) => prod(x, -1), {
    label: "A03: rows with one zero, and with two",
    inputs: [values([2, 3], [0, 2, 3, 0, 0, 3])],
    shape: [2],
    ulp: 0,
    reference: along(1, product),
  }),
  opCase("prod", (x) => prod(x, 0), {
    label: "of no elements is 1",
    inputs: [values([0, 2], [])],
    shape: [2],
    ulp: 0,
    reference: () => [1, 1],
  }),
  opCase("argmax", (x) => argmax(x, 1), {
    label: "N12: NaN wins, else the first of equals",
    inputs: [values([3, 3], [1, 4, 4, 2, Number.NaN, 9, -1, -2, -3])],
    shape: [3],
    reference: () => [1, 1, 0],
    gradients: [],
  }),
];
