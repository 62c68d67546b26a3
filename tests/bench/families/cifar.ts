// A whole training step of the network for CIFAR-10 (whitened patches, three groups of two convolutions), augmentation
// included: against PyTorch on as many threads, over batches and threads.
import type { Measurements, Subject } from "../measurements.ts";
import type { Ratio } from "../ratios.ts";
import { labelOf, lanewise, torch } from "../roster.ts";
import type { Family } from "./family.ts";
import { imagesPerSecond } from "./mlp.ts";

const batches = [1, 4, 16, 64, 256, 1024];
const largest = 1024;
const measured = "64-128-128";
export const step = (batch: number, widths = measured): Subject => ({ measure: "cifar", widths, batch });

const sides = [lanewise(1), lanewise(2), lanewise(1, "turbo"), lanewise(2, "turbo"), torch(1), torch(2)];
/** Of these the whole row of batches; of the others the largest one. */
const swept = [lanewise(2), lanewise(2, "turbo"), torch(2)];
/** PyTorch at batch 500. */
const knownRate = 330;

/** An untrained network of ten classes; label smoothing and the scale of the logits leave it near ln 10. */
function lossFault(value: number): string | undefined {
  const right = Math.log(10);
  return Math.abs(value - right) < 0.5 ? undefined : `the first loss is ${value}, expected about ${right.toFixed(2)}`;
}

export const cifar: Family = {
  name: "cifar",
  title: "Training step of the network for CIFAR-10 of widths 64, 128, 128: augmentation, Nesterov SGD, Lookahead; f32",
  unit: "images/s",
  seconds: 0.5,
  rounds: 4,
  wishes: () =>
    batches.flatMap((batch) =>
      sides.filter((side) => batch === largest || swept.includes(side)).map((side) => ({ side, subject: step(batch) })),
    ),
  column: ({ batch, widths }) => `batch ${batch}${widths === measured ? "" : `, widths ${widths}`}`,
  figure: imagesPerSecond,
  fault: (_, value) => lossFault(value),
  known: (side, { batch }) => (side === torch(2) && batch === largest ? knownRate : undefined),
  ratios: (measurements) => [
    against(measurements, lanewise(2), torch(2), largest, 1.5),
    against(measurements, lanewise(2, "turbo"), torch(2), largest, 1.8),
    against(measurements, lanewise(1), torch(1), largest),
    against(measurements, lanewise(1, "turbo"), torch(1), largest),
    against(measurements, lanewise(2), lanewise(1), largest),
    against(measurements, lanewise(2, "turbo"), lanewise(1, "turbo"), largest),
    ...batches
      .filter((batch) => batch !== largest)
      .flatMap((batch) => [
        against(measurements, lanewise(2), torch(2), batch),
        against(measurements, lanewise(2, "turbo"), torch(2), batch),
      ]),
  ],
  profiled: {
    what: "network for CIFAR-10",
    subjects: [step(64), step(largest), step(largest, "64-256-256")],
    steps: 1,
    turns: 3,
  },
};

function against(measurements: Measurements, ours: string, theirs: string, batch: number, bar?: number): Ratio {
  return {
    what: `batch ${batch}`,
    ours: labelOf(ours),
    theirs: labelOf(theirs),
    ratio: measurements.ratio(ours, theirs, step(batch)),
    ...(bar === undefined ? {} : { bar }),
  };
}
