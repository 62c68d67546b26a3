// Trials of the whole program: some images of the sample as a data set of their own, and a process that runs p2.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Outcome, runProgram, type TrialOptions } from "@lanewise/terminal/trial";
import { type CifarDataset, cifar10 } from "lanewise/data";

const PLANE = 32 * 32;

export interface Trial {
  /** Holds the data set and what runs write. */
  readonly folder: string;
  readonly data: string;
  remove(): void;
}

/** A new folder with the first images of the sample as the binary version's six files. */
export async function newTrial(perFile = 40): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), "lanewise-p2-"));
  const data = join(folder, "data");
  mkdirSync(data);
  const sample = await cifar10({ path: new URL("../sample/", import.meta.url) });
  for (let batch = 0; batch < 5; batch++) {
    writeFileSync(join(data, `data_batch_${batch + 1}.bin`), records(sample.train, batch * perFile, perFile));
  }
  writeFileSync(join(data, "test_batch.bin"), records(sample.test, 0, perFile));
  return { folder, data, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Records of the binary version: a label, then the red, the green and the blue plane. */
function records({ raw, labels }: CifarDataset, from: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count * (1 + 3 * PLANE));
  for (let i = 0; i < count; i++) {
    const start = i * (1 + 3 * PLANE);
    bytes[start] = labels[from + i]!;
    for (let at = 0; at < 3 * PLANE; at++) {
      bytes[start + 1 + (at % 3) * PLANE + Math.floor(at / 3)] = raw[(from + i) * 3 * PLANE + at]!;
    }
  }
  return bytes;
}

/** Runs p2; `onErrors` sees what it writes to the standard error stream, and may send signals. */
export function runP2(
  args: readonly string[],
  onErrors?: TrialOptions["onErrors"],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  return runProgram(new URL("./p2.ts", import.meta.url), args, { env, ...(onErrors && { onErrors }) });
}
