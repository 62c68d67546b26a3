// A training step of the network 784-256-128-10 (ReLU, cross entropy, SGD with momentum) from data in memory, by the
// public API on every side.
import type { Measurements, Subject } from "../measurements.ts";
import type { Ratio } from "../ratios.ts";
import { labelOf, lanewise, tfjs, torch } from "../roster.ts";
import { stepsInARepetition } from "../sides/inputs.ts";
import type { Family } from "./family.ts";

const batches = [32, 64, 128, 512];
export const step = (batch: number): Subject => ({ measure: "mlp", batch });
export const imagesPerSecond = ({ batch }: Subject, seconds: number): number => Number(batch) / seconds;

/** Images/s by side and batch; NaN where none was taken. */
const knownRates: Record<string, readonly number[]> = {
  "torch-1": [30_600, 45_300, 57_600, 74_900],
  "torch-2": [30_200, 50_200, 79_600, 122_700],
  tfjs: [Number.NaN, 2170, 2200, 2140],
};

/** Against PyTorch on the same two threads, by batch. */
const bars: Record<number, number> = { 32: 1, 64: 1, 128: 0.75, 512: 0.55 };
const turboBars: Record<number, number> = { 64: 1.1, 128: 0.9, 512: 0.8 };

const sides = [lanewise(1), lanewise(2), lanewise(1, "turbo"), lanewise(2, "turbo"), torch(1), torch(2)];

/** An untrained network of ten classes knows nothing: its loss is near ln 10. */
export function lossFault(value: number): string | undefined {
  const right = Math.log(10);
  return Math.abs(value - right) < 0.3 ? undefined : `the first loss is ${value}, expected about ${right.toFixed(2)}`;
}

export const mlp: Family = {
  name: "mlp",
  title: "Training step of 784-256-128-10, SGD with momentum",
  unit: "images/s",
  seconds: 0.25,
  rounds: 12,
  wishes: () => [
    ...batches.flatMap((batch) => sides.map((side) => ({ side, subject: step(batch) }))),
    { side: tfjs, subject: step(64) },
  ],
  column: ({ batch }) => `batch ${batch}`,
  figure: imagesPerSecond,
  fault: (_, value) => lossFault(value),
  known: (side, { batch }) => knownRates[side]?.[batches.indexOf(Number(batch))],
  ratios: (measurements) => [
    ...batches.map((batch) => against(measurements, lanewise(2), torch(2), batch, bars[batch])),
    ...batches.map((batch) => against(measurements, lanewise(2, "turbo"), torch(2), batch, turboBars[batch])),
    against(measurements, lanewise(2), tfjs, 64, 15),
  ],
  profiled: { what: "MLP", subjects: batches.map(step), steps: stepsInARepetition, turns: 10 },
};

function against(
  measurements: Measurements,
  ours: string,
  theirs: string,
  batch: number,
  bar: number | undefined,
): Ratio {
  return {
    what: `batch ${batch}`,
    ours: labelOf(ours),
    theirs: labelOf(theirs),
    ratio: measurements.ratio(ours, theirs, step(batch)),
    ...(bar === undefined ? {} : { bar }),
  };
}
