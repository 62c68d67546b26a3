// --study: the recipe with one ingredient left out at a time, two epochs each, compared on held-out training images.
import { join } from "node:path";
import { percent } from "@lanewise/terminal";
import { explainBackend, manualSeed } from "lanewise";
import type { CifarParts } from "lanewise/data";
import { writeAside } from "lanewise/io/node";
import { partsFor } from "./images.ts";
import { SGD_RATES } from "./recipes.ts";
import type { Settings } from "./settings.ts";
import { buildNetwork } from "./training/build-network.ts";
import { evaluate } from "./training/evaluation.ts";
import { trainNetwork } from "./training/train-network.ts";

export interface AblationRow {
  readonly name: string;
  /** Fractions of the held-out images told right: plain, and with mirrored and moved copies. */
  readonly accuracy: number;
  readonly accuracyTTA: number;
  /** Mean training loss of the last epoch; not comparable where the smoothing of labels differs. */
  readonly loss: number;
  readonly seconds: number;
}

export interface Ablation {
  readonly epochs: number;
  readonly seed: number;
  readonly trainImages: number;
  readonly heldOutImages: number;
  /** What it ran on, in words. */
  readonly machine: string;
  readonly rows: readonly AblationRow[];
}

export const STUDY_EPOCHS = 2;

/** One change at a time. */
const VARIATIONS: readonly (readonly [name: string, change: Partial<Settings>])[] = [
  ["the recipe", {}],
  ["SGD in place of Muon", SGD_RATES],
  ["without lookahead", { lookahead: false }],
  ["without label smoothing", { labelSmoothing: 0 }],
  ["random flip in place of alternating", { flip: "random" }],
  ["without flip", { flip: "none" }],
  ["without translation", { translate: 0 }],
  ["whitening bias fixed", { whiteningBiasEpochs: 0 }],
  ["random first filters", { whitening: false }],
  ["without Dirac beginning", { dirac: false }],
  ["constant learning rate", { schedule: [[0, 1]] }],
];

/** Writes ablation.json; false where it was stopped before its end. */
export async function study(settings: Settings, data: CifarParts, out: string, signal: AbortSignal): Promise<boolean> {
  const { train, tested } = partsFor({ heldOut: true }, data);
  const rows: AblationRow[] = [];
  for (const [name, change] of VARIATIONS) {
    const varied = { ...settings, ...change, epochs: STUDY_EPOCHS };
    manualSeed(varied.seed);
    const model = buildNetwork(varied, train);
    const { history, seconds, stopped } = await trainNetwork(model, train, varied, { signal });
    if (stopped) return false;
    const { accuracy, accuracyTTA } = evaluate(model, tested);
    for (const parameter of model.parameters()) parameter.release();
    rows.push({ name, accuracy, accuracyTTA, loss: history.at(-1)!.loss, seconds });
    console.log(`study: ${name}: ${percent(accuracy)} of ${tested.length} held-out images right`);
  }
  const { binary, threads } = explainBackend();
  const ablation: Ablation = {
    epochs: STUDY_EPOCHS,
    seed: settings.seed,
    trainImages: train.length,
    heldOutImages: tested.length,
    machine: `the ${binary} binary with ${threads} threads`,
    rows,
  };
  await writeAside(join(out, "ablation.json"), `${JSON.stringify(ablation, null, 2)}\n`);
  return true;
}
