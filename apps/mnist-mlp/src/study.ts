// --study: variations of the settings, trained on all but 5,000 training images and compared on those 5,000.
import { percent } from "@lanewise/terminal";
import { manualSeed } from "lanewise";
import { buildNetwork, CLASSES, type Settings } from "./settings.ts";
import type { Digits } from "./training/evaluation.ts";
import { getTrainingStats } from "./training/statistics.ts";

export interface StudyRow {
  /** What differs from the settings of the run. */
  readonly name: string;
  readonly settings: Settings;
  /** Mean loss of the first epoch: what an initializer does to training shows here. */
  readonly firstLoss: number;
  readonly trainLoss: number;
  readonly heldOutError: number;
  readonly seconds: number;
}

/** Enough to tell the variations apart; each runs its whole schedule. */
export const STUDY_EPOCHS = 4;
const HELD_OUT = 5000;

/** One change at a time. */
const VARIATIONS: readonly (readonly [name: string, change: Partial<Settings>])[] = [
  ["as in this run", {}],
  ["learning rate 0.3", { lr: 0.3 }],
  ["learning rate 0.03", { lr: 0.03 }],
  ["constant learning rate", { schedule: "constant" }],
  ["no momentum", { momentum: 0 }],
  ["batches of 32", { batchSize: 32 }],
  ["batches of 512", { batchSize: 512 }],
  ["one hidden layer of 128", { hidden: [128] }],
  ["no hidden layer", { hidden: [] }],
  ["sigmoid, Xavier weights", { activation: "sigmoid", init: "xavier" }],
  ["tanh, Xavier weights", { activation: "tanh", init: "xavier" }],
  ["standard normal weights", { init: "standard-normal" }],
];

/** Held-out images: 5,000, or a fifth of a small set. */
export function heldOutCount(length: number): number {
  return Math.min(HELD_OUT, Math.floor(length / 5));
}

export async function study(settings: Settings, all: Digits, signal?: AbortSignal): Promise<StudyRow[]> {
  const { train, validation } = all.split({ validation: heldOutCount(all.length), seed: settings.seed });
  const rows: StudyRow[] = [];
  for (const [name, change] of VARIATIONS) {
    if (signal?.aborted === true) break;
    const varied = { ...settings, ...change, epochs: Math.min(settings.epochs, STUDY_EPOCHS) };
    manualSeed(varied.seed);
    const mlp = buildNetwork(varied, train.shape[0], CLASSES);
    const stats = await getTrainingStats(mlp, { train, test: validation }, { ...varied, signal });
    const error = stats.testError.at(-1)!;
    mlp.release();
    if (stats.stopped) break;
    rows.push({
      name,
      settings: varied,
      firstLoss: stats.trainLoss[0]!,
      trainLoss: stats.trainLoss.at(-1)!,
      heldOutError: error,
      seconds: stats.seconds,
    });
    console.log(`study: ${name}: ${percent(error)} wrong of ${validation.length} held-out images`);
  }
  return rows;
}
