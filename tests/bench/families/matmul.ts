// Matrix products of square matrices: against the libraries for JavaScript on one thread, two threads against one, turbo
// against one-thread PyTorch.
import type { Measurements, Subject } from "../measurements.ts";
import type { Ratio } from "../ratios.ts";
import { labelOf, lanewise, torch, webPeers } from "../roster.ts";
import { productAt } from "../sides/inputs.ts";
import type { Family } from "./family.ts";

const sizes = [64, 128, 256, 512, 1024];
export const product = (size: number): Subject => ({ measure: "matmul", size });
export const gigaflops = ({ size }: Subject, seconds: number): number => (2 * Number(size) ** 3) / seconds / 1e9;

/** GFLOP/s by side and size; NaN where none was taken. */
const knownRates: Record<string, readonly number[]> = {
  "torch-1": [62, 80, 87, 90, 92],
  "torch-2": [65, 140, 167, 179, 180],
  tfjs: [20, 23, 25, 24, 24],
  onnxruntime: [Number.NaN, 18, 23, 23, 23],
  jax: [Number.NaN, 13, 23, 25, 24],
};

const sides = [lanewise(1), lanewise(2), lanewise(1, "turbo"), lanewise(2, "turbo"), ...webPeers, torch(1), torch(2)];

/** A wrong product is no product, however fast: the inputs are such that f32 holds it exactly. */
export function productFault({ size }: Subject, value: number): string | undefined {
  const n = Number(size);
  const right = productAt(n, n - 1, n - 1);
  return value === right ? undefined : `the last element of the product is ${value}, expected ${right}`;
}

export const matmul: Family = {
  name: "matmul",
  title: "Matrix product of n x n matrices",
  unit: "GFLOP/s",
  seconds: 0.1,
  rounds: 12,
  wishes: () => sizes.flatMap((size) => sides.map((side) => ({ side, subject: product(size) }))),
  column: ({ size }) => String(size),
  figure: gigaflops,
  fault: productFault,
  known: (side, { size }) => knownRates[side]?.[sizes.indexOf(Number(size))],
  ratios: (measurements) => [
    ...sizes.map((size) => againstTheFastest(measurements, size)),
    ...sizes.map((size) => twoAgainstOne(measurements, size)),
    ...sizes.map((size) => turboAgainstTorch(measurements, size)),
  ],
};

function againstTheFastest(measurements: Measurements, size: number): Ratio {
  const fastest = measurements.fastest(webPeers, product(size));
  return {
    what: `n = ${size}`,
    ours: labelOf(lanewise(1)),
    theirs: fastest === undefined ? "the fastest for JavaScript" : labelOf(fastest),
    ratio: fastest === undefined ? undefined : measurements.ratio(lanewise(1), fastest, product(size)),
    bar: 1.5,
  };
}

/** From 256 up two threads must pay; below, work that is too small to share must not cost. */
export function twoAgainstOne(measurements: Measurements, size: number): Ratio {
  return {
    what: `n = ${size}`,
    ours: labelOf(lanewise(2)),
    theirs: labelOf(lanewise(1)),
    ratio: measurements.ratio(lanewise(2), lanewise(1), product(size)),
    ...(size >= 256 ? { bar: 1.7 } : { bar: 1, noise: 0.03 }),
  };
}

function turboAgainstTorch(measurements: Measurements, size: number): Ratio {
  return {
    what: `n = ${size}`,
    ours: labelOf(lanewise(1, "turbo")),
    theirs: labelOf(torch(1)),
    ratio: measurements.ratio(lanewise(1, "turbo"), torch(1), product(size)),
    ...(size === 512 ? { bar: 0.7 } : {}),
  };
}
