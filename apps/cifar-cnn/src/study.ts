// --study: the recipe with one ingredient left out at a time, two epochs each, compared on held-out training images.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { percent } from "@lanewise/terminal";
import { explainBackend, manualSeed } from "lanewise";
import type { CifarDataset } from "lanewise/data";
import { writeAside } from "lanewise/io/node";
import { SGD_RATES } from "./recipes.ts";
import type { Settings } from "./settings.ts";
import { buildNetwork } from "./training/build-network.ts";
import { evaluate } from "./training/evaluation.ts";
import { trainShown } from "./training/train-shown.ts";

export interface AblationRow {
  readonly name: string;
  /** Fractions of the held-out images told right: plain, and with mirrored and moved copies. */
  readonly accuracy: number;
  readonly accuracyTTA: number;
  /** Mean training loss of the last epoch; not comparable where the smoothing of labels differs. */
  readonly loss: number;
}

export interface Ablation {
  readonly epochs: number;
  readonly seed: number;
  readonly trainImages: number;
  readonly heldOutImages: number;
  /** SHA-256 of the training images. */
  readonly data: string;
  /** What it ran on, in words. */
  readonly machine: string;
  /** The recipe that is varied. */
  readonly settings: Settings;
  readonly rows: readonly AblationRow[];
}

interface TrainedAndTested {
  readonly train: CifarDataset;
  readonly tested: CifarDataset;
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
  // How far chance alone goes.
  ["the recipe, another seed", { seed: 1001 }],
  ["the recipe, a third seed", { seed: 1002 }],
];

/**
 * Trains each variation and writes ablation.json after each, so that a study that stops keeps what it has; with
 * `resume` it goes on after the variations that are there. False where it was stopped before its end.
 */
export async function study(
  settings: Settings,
  { train, tested }: TrainedAndTested,
  { out, resume }: { readonly out: string; readonly resume: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const file = join(out, "ablation.json");
  const { binary, threads } = explainBackend();
  const begun: Ablation = {
    epochs: STUDY_EPOCHS,
    seed: settings.seed,
    trainImages: train.length,
    heldOutImages: tested.length,
    data: train.sha256,
    machine: `the ${binary} binary with ${threads} threads`,
    settings,
    rows: [],
  };
  let ablation = resume ? await keptStudy(file, begun) : begun;
  for (const [name, change] of VARIATIONS.slice(ablation.rows.length)) {
    console.log(`study, ${ablation.rows.length + 1} of ${VARIATIONS.length}: ${name}`);
    const row = await trainVariation({ ...settings, ...change, epochs: STUDY_EPOCHS }, { train, tested }, signal);
    if (row === null) {
      console.log(`Stopped; --study --resume goes on after the variations of ${file}.`);
      return false;
    }
    ablation = { ...ablation, rows: [...ablation.rows, { name, ...row }] };
    await writeAside(file, `${JSON.stringify(ablation, null, 2)}\n`);
    console.log(`  ${percent(row.accuracy)} of ${tested.length} held-out images right`);
  }
  console.log(`${out}: ablation.json`);
  return true;
}

/** Null where it was stopped. */
async function trainVariation(
  settings: Settings,
  { train, tested }: TrainedAndTested,
  signal: AbortSignal,
): Promise<Omit<AblationRow, "name"> | null> {
  manualSeed(settings.seed);
  const model = buildNetwork(settings, train);
  const { history, stopped } = await trainShown(model, train, settings, { signal });
  if (stopped) return null;
  const { accuracy, accuracyTTA } = evaluate(model, tested);
  for (const parameter of model.parameters()) parameter.release();
  return { accuracy, accuracyTTA, loss: history.at(-1)!.loss };
}

/** The rows that are there already, where they are this study's; an error where they are another's. */
async function keptStudy(file: string, begun: Ablation): Promise<Ablation> {
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (kept === null) return begun;
  const { rows, ...of } = JSON.parse(kept) as Ablation;
  const names = rows.map(({ name }) => name);
  const expected = VARIATIONS.slice(0, rows.length).map(([name]) => name);
  const same = ({ machine: _, rows: __, ...rest }: Ablation) => JSON.stringify(rest);
  if (same({ ...of, rows }) !== same(begun) || String(names) !== String(expected)) {
    throw new Error(
      `${file} is a study of another recipe, seed or data set; ` +
        "leave --resume out to begin anew, or name another folder with --out",
    );
  }
  return { ...begun, rows };
}
