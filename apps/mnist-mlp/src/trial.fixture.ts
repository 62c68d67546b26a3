// Trials of the whole program: a few hundred images of the sample as a data set of their own, and a process that runs p1.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mnist, writeIdx } from "lanewise/data";

const SIDE = 28;
const program = fileURLToPath(new URL("./p1.ts", import.meta.url));

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

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs p1; `onErrors` sees what it writes to the standard error stream, and may send signals. */
export function runP1(
  args: readonly string[],
  onErrors?: (soFar: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Outcome> {
  // tsx inside the program's own process, as the repository starts it: its command would answer signals itself.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", tsx, program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      onErrors?.(errors, (signal) => child.kill(signal));
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}
