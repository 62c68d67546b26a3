// Examples of the elementwise ops.

import { elementwise, opCase, spread, values } from "../cases.ts";
import { abs, add, div, exp, log, mul, neg, relu, sigmoid, sqrt, square, sub, tanh } from "./elementwise.ts";

const odd = [3, 5] as const;

export const unaryCases = [
  opCase("neg", neg, { inputs: [spread(odd, -2, 2)], shape: odd, ulp: 0, reference: elementwise(odd, (x) => -x) }),
  opCase("abs", abs, { inputs: [spread(odd, -2, 2.5)], shape: odd, ulp: 0, reference: elementwise(odd, Math.abs) }),
  opCase("square", square, { inputs: [spread(odd, -3, 2)], shape: odd, ulp: 0.5, reference: elementwise(odd, (x) => x * x) }),
  opCase("sqrt", sqrt, { inputs: [spread(odd, 0.1, 9)], shape: odd, ulp: 0.5, reference: elementwise(odd, Math.sqrt) }),
  opCase("exp", exp, { inputs: [spread([4, 33], -80, 80)], shape: [4, 33], reference: elementwise([4, 33], Math.exp) }),
  opCase("log", log, { inputs: [spread([4, 33], 1e-3, 50)], shape: [4, 33], reference: elementwise([4, 33], Math.log) }),
  opCase("relu", relu, { inputs: [spread(odd, -2, 2.5)], shape: odd, ulp: 0, reference: elementwise(odd, (x) => Math.max(x, 0)) }),
  opCase("sigmoid", sigmoid, {
    inputs: [spread([2, 31], -20, 20)],
    shape: [2, 31],
    ulp: 4,
    reference: elementwise([2, 31], (x) => 1 / (1 + Math.exp(-x))),
  }),
  opCase("tanh", tanh, { inputs: [spread([2, 31], -6, 6)], shape: [2, 31], reference: elementwise([2, 31], Math.tanh) }),
];

const refuses = [
  [[2, 3], [2, 4]],
  [[3], [2]],
] as const;

export const binaryCases = [
  opCase("add", add, {
    label: "A01: a column and a row",
    inputs: [values([2, 1], [1, 2]), values([1, 3], [10, 20, 30])],
    shape: [2, 3],
    ulp: 0.5,
    reference: elementwise([2, 3], (a, b) => a + b),
    refuses,
  }),
  opCase("sub", sub, {
    inputs: [spread([4, 5], -1, 1), spread([5], 0, 3)],
    shape: [4, 5],
    ulp: 0.5,
    reference: elementwise([4, 5], (a, b) => a - b),
    refuses,
  }),
  opCase("mul", mul, {
    label: "axes that need a copy",
    inputs: [spread([2, 1, 3, 1], -1, 2), spread([5, 1, 4], 1, 3)],
    shape: [2, 5, 3, 4],
    ulp: 0.5,
    reference: elementwise([2, 5, 3, 4], (a, b) => a * b),
    refuses,
  }),
  opCase("div", div, {
    inputs: [spread([6, 7], -2, 2), spread([6, 1], 0.5, 4)],
    shape: [6, 7],
    ulp: 0.5,
    reference: elementwise([6, 7], (a, b) => a / b),
    refuses,
  }),
];
