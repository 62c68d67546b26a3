// Convolutions, filter transform and bias included: forward, and forward with all gradients, against PyTorch on as many
// threads, and forward against the libraries for JavaScript.
import type { Measurements, Subject } from "../measurements.ts";
import type { Ratio } from "../ratios.ts";
import { jax, labelOf, lanewise, tfjs, torch } from "../roster.ts";
import {
  type Convolution,
  convolutionFlop,
  convolutionOf,
  lastFilterGradient,
  lastResult,
} from "../sides/convolutions.ts";
import type { Family } from "./family.ts";

type Pass = "forward" | "both";

interface Shape extends Convolution {
  readonly name: string;
}

const shape = (name: string, size: number, inChannels: number, outChannels: number, more: Partial<Shape>): Shape => ({
  name,
  batch: 16,
  size,
  inChannels,
  outChannels,
  kernel: 3,
  stride: 1,
  padding: 1,
  groups: 1,
  inputGradient: inChannels === 3 ? 0 : 1,
  ...more,
});

/** Of the network for CIFAR-10, where a run's time goes. */
const main: readonly Shape[] = [
  shape("64ch 32x32", 32, 64, 64, {}),
  shape("128ch 16x16", 16, 128, 128, {}),
  shape("256ch 8x8", 8, 256, 256, {}),
  shape("2x2, 3->24", 32, 3, 24, { kernel: 2, padding: 0 }),
  shape("24->64 31x31", 31, 24, 64, {}),
];
const others: readonly Shape[] = [
  shape("1x1, 64->128", 32, 64, 128, { kernel: 1, padding: 0 }),
  shape("5x5 stride 2", 32, 64, 64, { kernel: 5, stride: 2, padding: 2 }),
  shape("7x7 stride 2, 3ch", 64, 3, 64, { kernel: 7, stride: 2, padding: 3 }),
  shape("depthwise 64ch", 32, 64, 64, { groups: 64 }),
  shape("3->32", 32, 3, 32, {}),
];
const shapes = [...main, ...others];

const subject = ({ name, ...convolution }: Shape, pass: Pass): Subject => ({
  measure: "conv",
  name,
  pass,
  ...convolution,
});

/** 64 channels of 32 x 32, forward. */
export const firstConvolution = subject(main[0]!, "forward");

/** One pass forward; backward one for the filters, and one for the images where their gradient is wanted. */
const passes = ({ pass, inputGradient }: Subject): number => (pass === "both" ? 2 + Number(inputGradient) : 1);
const gigaflops = (asked: Subject, seconds: number): number =>
  (passes(asked) * convolutionFlop(convolutionOf(asked))) / seconds / 1e9;

/** Milliseconds by side, pass and the first three shapes; forward alone for the libraries for JavaScript. */
const knownMs: Record<string, Partial<Record<Pass, readonly number[]>>> = {
  "torch-1": { forward: [23.8, 14.5, 14.3], both: [50.5, 44.7, 45.8] },
  "torch-2": { forward: [11.5, 7.1, 7.1], both: [31.4, 22.9, 23.5] },
  tfjs: { forward: [47.6, 47.1, 46.7] },
  jax: { forward: [502, 504] },
};

const ours = [lanewise(1), lanewise(2), lanewise(1, "turbo"), lanewise(2, "turbo")];
/** Winograd keeps 1e-4 of the terms' size (ARCHITECTURE.md); what is wrong is wrong by more. */
const tolerance = 1e-4;

export const conv: Family = {
  name: "conv",
  title: "Convolution, 3x3 where nothing else is said, batch 16 (operations as the definition counts them)",
  unit: "GFLOP/s",
  seconds: 0.1,
  rounds: 8,
  wishes: () =>
    shapes.flatMap((each) => [
      ...(["forward", "both"] as const).flatMap((pass) =>
        [...ours, torch(1), torch(2)].map((side) => ({ side, subject: subject(each, pass) })),
      ),
      { side: tfjs, subject: subject(each, "forward") },
      ...(main.includes(each) ? [{ side: jax, subject: subject(each, "forward") }] : []),
    ]),
  column: ({ name, pass }) => `${name}${pass === "both" ? ", with gradients" : ""}`,
  figure: gigaflops,
  fault: (asked, value) => {
    const convolution = convolutionOf(asked);
    const right = asked.pass === "both" ? lastFilterGradient(convolution) : lastResult(convolution);
    const what = asked.pass === "both" ? "gradient of the filters" : "result";
    return Math.abs(value - right.value) <= tolerance * right.size
      ? undefined
      : `the last element of the ${what} is ${value}, expected ${right.value}`;
  },
  known: (side, asked) => {
    const index = main.findIndex(({ name }) => name === asked.name);
    const ms = knownMs[side]?.[asked.pass as Pass]?.[index];
    return ms === undefined ? undefined : gigaflops(asked, ms / 1000);
  },
  ratios: (measurements) => [
    ...againstTorch(measurements, main, "forward", 1, { bar: 1.4 }),
    geometricMean(measurements, lanewise(1), torch(1), { bar: 1.6 }),
    ...againstTorch(measurements, main, "forward", 2, { bar: 1.2 }),
    ...againstTorch(measurements, main, "both", 1, { bar: 1.35 }),
    ...againstTorch(measurements, main, "both", 2, { bar: 1.4 }),
    ...([1, 2] as const).flatMap((threads) =>
      (["forward", "both"] as const).flatMap((pass) => [
        ...againstTorch(measurements, main, pass, threads, {}, "turbo"),
        ...againstTorch(measurements, others, pass, threads, { bar: 0.4 }),
        ...againstTorch(measurements, others, pass, threads, { bar: 0.6 }, "turbo"),
      ]),
    ),
    ...against(measurements, main, "forward", lanewise(1), tfjs, { bar: 3.5 }),
    ...against(measurements, others, "forward", lanewise(1), tfjs, { bar: 1.2 }),
    ...against(measurements, main, "forward", lanewise(1), jax, { bar: 30 }),
  ],
};

type Bar = Pick<Ratio, "bar">;

function againstTorch(
  measurements: Measurements,
  of: readonly Shape[],
  pass: Pass,
  threads: number,
  bar: Bar,
  ...options: "turbo"[]
): Ratio[] {
  return against(measurements, of, pass, lanewise(threads, ...options), torch(threads), bar);
}

function against(
  measurements: Measurements,
  of: readonly Shape[],
  pass: Pass,
  side: string,
  other: string,
  bar: Bar,
): Ratio[] {
  return of.map((each) => ({
    what: conv.column(subject(each, pass)),
    ours: labelOf(side),
    theirs: labelOf(other),
    ratio: measurements.ratio(side, other, subject(each, pass)),
    ...bar,
  }));
}

/** Of the forward passes of the main shapes; undefined where one was not measured. */
function geometricMean(measurements: Measurements, side: string, other: string, bar: Bar): Ratio {
  const ratios = main.map((each) => measurements.ratio(side, other, subject(each, "forward")) ?? Number.NaN);
  const mean = ratios.reduce((product, ratio) => product * ratio, 1) ** (1 / ratios.length);
  const [what, ours, theirs] = ["geometric mean of these", labelOf(side), labelOf(other)];
  return { what, ours, theirs, ratio: Number.isNaN(mean) ? undefined : mean, ...bar };
}
