// Examples of softmax, its logarithm and the cross entropy.

import { opCase, type Plain, spread, values } from "../cases.ts";
import { crossEntropy, logSoftmax, softmax } from "./softmax.ts";

/** ln softmax of each row, in f64. */
function logSoftmaxRows(x: Plain): number[] {
  const cols = x.shape.at(-1)!;
  return x.values.map((value, index) => {
    const from = index - (index % cols);
    const row = x.values.slice(from, from + cols);
    const top = Math.max(...row);
    return value - top - Math.log(row.reduce((sum, each) => sum + Math.exp(each - top), 0));
  });
}

/** The loss of each row: the target is 1 − ε + ε/K at the label, ε/K elsewhere. */
function losses(smoothing: number): (logits: Plain, labels?: Plain) => number[] {
  return (logits, labels) => {
    const cols = logits.shape[1]!;
    const logs = logSoftmaxRows(logits);
    return labels!.values.map((label, row) => {
      const all = logs.slice(row * cols, (row + 1) * cols);
      return -((1 - smoothing) * all[label]! + (smoothing / cols) * all.reduce((sum, each) => sum + each, 0));
    });
  };
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

export const softmaxCases = [
  opCase("softmax", softmax, {
    inputs: [spread([4, 7], -3, 3)],
    shape: [4, 7],
    relative: 1e-6,
    reference: (x) => logSoftmaxRows(x).map(Math.exp),
  }),
  opCase("softmax", softmax, {
    label: "N01: logits whose exponential overflows",
    inputs: [values([1, 5], [-249.87, -424.13, -460.29, 378.1, -292.61])],
    shape: [1, 5],
    reference: () => [0, 0, 0, 1, 0],
    gradients: [],
  }),
  opCase("logSoftmax", logSoftmax, {
    inputs: [spread([3, 6], -4, 4)],
    shape: [3, 6],
    relative: 1e-6,
    reference: logSoftmaxRows,
  }),
];

const labels = values([4], [0, 2, 1, 2], "i32");
const logits = spread([4, 3], -2, 2);

export const crossEntropyCases = [
  opCase("crossEntropy", (x, y) => crossEntropy(x, y), {
    inputs: [logits, labels],
    shape: [],
    relative: 1e-6,
    reference: (x, y) => [total(losses(0)(x, y)) / 4],
    refuses: [[[4, 3], [3]]],
  }),
  opCase("crossEntropy", (x, y) => crossEntropy(x, y, { reduction: "sum", labelSmoothing: 0.2 }), {
    label: "summed, smoothed",
    inputs: [logits, labels],
    shape: [],
    relative: 1e-6,
    reference: (x, y) => [total(losses(0.2)(x, y))],
  }),
  opCase("crossEntropy", (x, y) => crossEntropy(x, y, { reduction: "none" }), {
    label: "a loss a row",
    inputs: [logits, labels],
    shape: [4],
    relative: 1e-6,
    reference: losses(0),
  }),
  opCase("crossEntropy", (x, y) => crossEntropy(x, y, { reduction: "none" }), {
    label: "N03 N06: exact where the probability is 0",
    inputs: [values([2, 2], [1000, 0, 100, 0]), values([2], [1, 1], "i32")],
    shape: [2],
    ulp: 0,
    reference: () => [1000, 100],
    gradients: [],
  }),
];
