// Trials of the whole program: a few hundred images of the sample as a data set of their own, and a process that runs p1.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Outcome, runProgram, type TrialOptions } from "@lanewise/terminal/trial";
import { mnist, writeIdx } from "lanewise/data";

export type { Outcome };

const SIDE = 28;

export interface Trial {
  /** Holds the data set and what runs write. */
  readonly folder: string;
  readonly data: string;
  remove(): void;
}

/** A new folder with the first images of the sample as four IDX files. */
export async function newTrial(count = { train: 400, test: 200 }): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), "lanewise-p1-"));
  const data = join(folder, "data");
  mkdirSync(data);
  const sample = await mnist({ path: new URL("../sample/", import.meta.url) });
  for (const [part, name] of [
    ["train", "train"],
    ["test", "t10k"],
  ] as const) {
    const n = count[part];
    const { raw, labels } = sample[part];
    const pixels = (raw as Uint8Array).subarray(0, n * SIDE * SIDE);
    writeFileSync(join(data, `${name}-images-idx3-ubyte`), writeIdx([n, SIDE, SIDE], pixels));
    writeFileSync(join(data, `${name}-labels-idx1-ubyte`), writeIdx([n], Uint8Array.from(labels.subarray(0, n))));
  }
  return { folder, data, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs p1; `onErrors` sees what it writes to the standard error stream, and may send signals. */
export function runP1(
  args: readonly string[],
  onErrors?: TrialOptions["onErrors"],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  return runProgram(new URL("./p1.ts", import.meta.url), args, { env, ...(onErrors && { onErrors }) });
}
