// Examples of batch normalization.

import { opCase, type Plain, spread, values } from "../cases.ts";
import { batchNorm, type NormActivation } from "./norm.ts";

/** erf by its power series. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 80; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const ACTIVATIONS: { readonly [A in NormActivation]: (z: number) => number } = {
  none: (z) => z,
  relu: (z) => Math.max(z, 0),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  gelu: (z) => (z * (1 + erf(z / Math.SQRT2))) / 2,
};

/** The mean of each of the last axis' columns. */
function means({ values: x }: Pick<Plain, "values">, channels: number): number[] {
  return Array.from({ length: channels }, (_, c) => {
    const column = x.filter((_, at) => at % channels === c);
    return column.reduce((sum, each) => sum + each, 0) / column.length;
  });
}

/** By the batch's own statistics. */
function ofBatch(eps: number, activation: NormActivation) {
  return (x: Plain, weight?: Plain, bias?: Plain): number[] => {
    const channels = x.shape.at(-1)!;
    const mean = means(x, channels);
    const squares = x.values.map((each, at) => (each - mean[at % channels]!) ** 2);
    const variance = means({ values: squares }, channels);
    return normalized(x, mean, variance, eps, activation, weight, bias);
  };
}

function normalized(
  x: Plain,
  mean: readonly number[],
  variance: readonly number[],
  eps: number,
  activation: NormActivation,
  weight?: Plain,
  bias?: Plain,
): number[] {
  const channels = mean.length;
  return x.values.map((each, at) => {
    const c = at % channels;
    const z = (each - mean[c]!) / Math.sqrt(variance[c]! + eps);
    return ACTIVATIONS[activation](z * (weight?.values[c] ?? 1) + (bias?.values[c] ?? 0));
  });
}

const images = [spread([3, 2, 2, 3], -2, 3), values([3], [0.5, 1, 1.5]), values([3], [0.25, -0.125, 0])] as const;

export const batchNormCases = [
  opCase("batchNorm", (x) => batchNorm(x), {
    label: "rows by their own statistics",
    inputs: [spread([7, 5], -1, 4)],
    shape: [7, 5],
    relative: 1e-6,
    reference: ofBatch(1e-5, "none"),
    refuses: [[[5]]],
  }),
  ...(["none", "relu", "sigmoid", "tanh", "gelu"] as const).map((activation) =>
    opCase("batchNorm", (x, weight, bias) => batchNorm(x, { affine: { weight, bias }, eps: 1e-3, activation }), {
      label: `images with weight and bias, then ${activation}`,
      inputs: images,
      shape: [3, 2, 2, 3],
      relative: 1e-6,
      reference: ofBatch(1e-3, activation),
      refuses: [[[2, 2, 2, 4], [3], [3]]],
    }),
  ),
  ...(["none", "gelu"] as const).map((activation) =>
    opCase(
      "batchNorm",
      (x, mean, variance, weight, bias) =>
        batchNorm(x, { running: { mean, variance }, affine: { weight, bias }, activation }),
      {
        label: `evaluation by running statistics, then ${activation}`,
        inputs: [images[0], values([3], [0.5, 0, -1]), values([3], [1, 2, 4]), images[1], images[2]],
        shape: [3, 2, 2, 3],
        relative: 1e-6,
        gradients: [0, 3, 4],
        reference: (x, mean, variance, weight, bias) =>
          normalized(x!, mean!.values, variance!.values, 1e-5, activation, weight, bias),
      },
    ),
  ),
  opCase("batchNorm", (x) => batchNorm(x, { activation: "relu" }), {
    label: "no rows",
    inputs: [spread([0, 4], 0, 1)],
    shape: [0, 4],
    reference: () => [],
  }),
];
