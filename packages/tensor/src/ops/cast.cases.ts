// Examples of conversions between element types.

import { opCase, values } from "../cases.ts";
import { cast } from "./cast.ts";

const edges = values([6], [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e9, -1.9, 0]);

export const castCases = [
  opCase("cast", (x) => cast(x, "i32"), {
    label: "N18: to i32",
    inputs: [edges],
    shape: [6],
    reference: () => [0, 2147483647, -2147483648, 2147483647, -1, 0],
    gradients: [],
  }),
  opCase("cast", (x) => cast(x, "u8"), {
    label: "N18: to u8",
    inputs: [edges],
    shape: [6],
    reference: () => [0, 255, 0, 255, 0, 0],
    gradients: [],
  }),
  opCase("cast", (x) => cast(x, "bool"), {
    label: "to bool",
    inputs: [edges],
    shape: [6],
    reference: () => [1, 1, 1, 1, 1, 0],
    gradients: [],
  }),
  opCase("cast", (x) => cast(x, "f32"), {
    label: "from i32",
    inputs: [values([3], [-7, 0, 16777216], "i32")],
    shape: [3],
    ulp: 0,
    reference: () => [-7, 0, 16777216],
  }),
];
