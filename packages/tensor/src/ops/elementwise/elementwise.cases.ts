// Examples of the elementwise ops.

import { elementwise, opCase, spread, values } from "../../cases.ts";
import { add, div, maximum, minimum, mul, pow, sub } from "./binary.ts";
import { clamp, elu, leakyRelu } from "./shaped.ts";
import {
  abs,
  ceil,
  cos,
  erf,
  exp,
  expm1,
  floor,
  gelu,
  log,
  log1p,
  neg,
  relu,
  round,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  sqrt,
  square,
  tanh,
} from "./unary.ts";

const odd = [3, 5] as const;

export const unaryCases = [
  opCase("neg", neg, { inputs: [spread(odd, -2, 2)], shape: odd, ulp: 0, reference: elementwise(odd, (x) => -x) }),
  opCase("abs", abs, { inputs: [spread(odd, -2, 2.5)], shape: odd, ulp: 0, reference: elementwise(odd, Math.abs) }),
  opCase("square", square, {
    inputs: [spread(odd, -3, 2)],
    shape: odd,
    ulp: 0.5,
    reference: elementwise(odd, (x) => x * x),
  }),
  opCase("sqrt", sqrt, { inputs: [spread(odd, 0.1, 9)], shape: odd, ulp: 0.5, reference: elementwise(odd, Math.sqrt) }),
  opCase("exp", exp, { inputs: [spread([4, 33], -80, 80)], shape: [4, 33], reference: elementwise([4, 33], Math.exp) }),
  opCase("log", log, {
    inputs: [spread([4, 33], 1e-3, 50)],
    shape: [4, 33],
    reference: elementwise([4, 33], Math.log),
  }),
  opCase("relu", relu, {
    inputs: [spread(odd, -2, 2.5)],
    shape: odd,
    ulp: 0,
    reference: elementwise(odd, (x) => Math.max(x, 0)),
  }),
  opCase("sigmoid", sigmoid, {
    inputs: [spread([2, 31], -20, 20)],
    shape: [2, 31],
    ulp: 4,
    reference: elementwise([2, 31], (x) => 1 / (1 + Math.exp(-x))),
  }),
  opCase("expm1", expm1, { inputs: [spread(odd, -2, 3)], shape: odd, ulp: 4, reference: elementwise(odd, Math.expm1) }),
  opCase("log1p", log1p, {
    inputs: [spread(odd, -0.9, 3)],
    shape: odd,
    ulp: 4,
    reference: elementwise(odd, Math.log1p),
  }),
  opCase("sin", sin, {
    inputs: [spread(odd, -9, 9)],
    shape: odd,
    relative: 1e-7,
    reference: elementwise(odd, Math.sin),
  }),
  opCase("cos", cos, {
    inputs: [spread(odd, -9, 9)],
    shape: odd,
    relative: 1e-7,
    reference: elementwise(odd, Math.cos),
  }),
  opCase("cos", cos, {
    label: "N09: of a huge angle",
    inputs: [values([1], [222031363])],
    shape: [1],
    relative: 1e-6,
    reference: elementwise([1], Math.cos),
    gradients: [],
  }),
  opCase("erf", erf, {
    label: "values of mpmath to 17 digits",
    inputs: [values([5], [-2, -0.5, 0.25, 1, 3])],
    shape: [5],
    ulp: 4,
    reference: () => [
      -0.9953222650189527, -0.5204998778130465, 0.27632639016823696, 0.8427007929497149, 0.9999779095030014,
    ],
    gradients: [],
  }),
  opCase("gelu", gelu, {
    label: "x Φ(x), Φ of the published table",
    inputs: [values([5], [-2, -1, 0, 1, 2])],
    shape: [5],
    relative: 1e-6,
    // Φ(1) = 0.8413447460685429, Φ(2) = 0.9772498680518208.
    reference: () => [
      -2 * (1 - 0.9772498680518208),
      -(1 - 0.8413447460685429),
      0,
      0.8413447460685429,
      2 * 0.9772498680518208,
    ],
    gradients: [],
  }),
  opCase("silu", silu, {
    inputs: [spread(odd, -5, 5)],
    shape: odd,
    relative: 1e-6,
    reference: elementwise(odd, (x) => x / (1 + Math.exp(-x))),
  }),
  opCase("softplus", softplus, {
    inputs: [spread(odd, -20, 20)],
    shape: odd,
    relative: 1e-6,
    reference: elementwise(odd, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  }),
  opCase("elu", (x) => elu(x, 0.5), {
    inputs: [spread(odd, -3, 3.5)],
    shape: odd,
    relative: 1e-6,
    reference: elementwise(odd, (x) => (x > 0 ? x : 0.5 * Math.expm1(x))),
  }),
  opCase("leakyRelu", (x) => leakyRelu(x, 0.25), {
    inputs: [spread(odd, -3, 3.5)],
    shape: odd,
    ulp: 0,
    reference: elementwise(odd, (x) => (x > 0 ? x : 0.25 * x)),
  }),
  opCase("clamp", (x) => clamp(x, -1.1, 1.3), {
    inputs: [spread(odd, -3, 3.5)],
    shape: odd,
    ulp: 0,
    reference: elementwise(odd, (x) => Math.min(Math.max(x, Math.fround(-1.1)), Math.fround(1.3))),
  }),
  opCase("floor", floor, {
    inputs: [spread(odd, -3, 3.5)],
    shape: odd,
    ulp: 0,
    reference: elementwise(odd, Math.floor),
    gradients: [],
  }),
  opCase("ceil", ceil, {
    inputs: [spread(odd, -3, 3.5)],
    shape: odd,
    ulp: 0,
    reference: elementwise(odd, Math.ceil),
    gradients: [],
  }),
  opCase("round", round, {
    label: "ties to even",
    inputs: [values([5], [-1.5, 0.5, 1.5, 2.5, 2.6])],
    shape: [5],
    ulp: 0,
    reference: () => [-2, 0, 2, 2, 3],
    gradients: [],
  }),
  opCase("sign", sign, {
    inputs: [values([3], [-3, 0, 0.1])],
    shape: [3],
    ulp: 0,
    reference: elementwise([3], Math.sign),
    gradients: [],
  }),
  opCase("tanh", tanh, {
    inputs: [spread([2, 31], -6, 6)],
    shape: [2, 31],
    reference: elementwise([2, 31], Math.tanh),
  }),
];

const refuses = [
  [
    [2, 3],
    [2, 4],
  ],
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
  opCase("maximum", maximum, {
    inputs: [spread([4, 5], -1, 1), spread([5], -0.9, 0.7)],
    shape: [4, 5],
    ulp: 0,
    reference: elementwise([4, 5], (a, b) => Math.max(a, b)),
    refuses,
  }),
  opCase("maximum", maximum, {
    label: "N12: NaN on either side wins",
    inputs: [values([3], [Number.NaN, 1, 2]), values([3], [1, Number.NaN, 3])],
    shape: [3],
    reference: () => [Number.NaN, Number.NaN, 3],
    gradients: [],
  }),
  opCase("minimum", minimum, {
    inputs: [spread([4, 5], -1, 1), spread([4, 1], -0.9, 0.7)],
    shape: [4, 5],
    ulp: 0,
    reference: elementwise([4, 5], (a, b) => Math.min(a, b)),
    refuses,
  }),
  opCase("pow", pow, {
    inputs: [spread([3, 4], 0.2, 3), spread([4], -1.5, 2)],
    shape: [3, 4],
    relative: 1e-6,
    reference: elementwise([3, 4], (a, b) => a ** b),
    refuses,
  }),
];
