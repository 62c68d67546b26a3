// A cell of the table: everything that is the same on every runtime, run on this one. Node and pages load this module.
import { explainBackend, type InitOptions, init } from "@lanewise/tensor";
import { checkLayers, checkOps } from "./checks.ts";
import { writeFiles } from "./files.ts";
import { type Found, sha256 } from "./found.ts";
import { stepOptimizers } from "./optimizers.ts";
import { drawFromSeeds } from "./seeds.ts";
import { trainCnn, trainCoursework, trainMlp } from "./training.ts";

const columns = {
  ops: checkOps,
  layers: checkLayers,
  mlp: trainMlp,
  cnn: trainCnn,
  p1: trainCoursework,
  optim: stepOptimizers,
  seeds: drawFromSeeds,
  files: writeFiles,
} satisfies Readonly<Record<string, () => Found>>;

export type Column = keyof typeof columns;
export const COLUMNS = Object.keys(columns) as Column[];

/** What neither binary does with arithmetic that it may round in its own way. */
export const EXACT_COLUMNS: readonly Column[] = ["seeds", "files"];

export interface ColumnResult {
  /** Over the hashes of the parts. */
  readonly hash: string;
  /** SHA-256 of each part. */
  readonly parts: Readonly<Record<string, string>>;
  /** Some numbers of each part, for comparison within a tolerance where bits may differ. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly failures: readonly string[];
}

export interface CellResult {
  readonly binary: string;
  readonly threads: number;
  readonly turbo: boolean;
  readonly columns: Readonly<Record<Column, ColumnResult>>;
  readonly milliseconds: number;
}

export async function runCell(options: InitOptions): Promise<CellResult> {
  const begin = performance.now();
  await init(options);
  const results: Partial<Record<Column, ColumnResult>> = {};
  for (const column of COLUMNS) results[column] = await told(columns[column]);
  const { binary, threads, turbo } = explainBackend();
  const milliseconds = performance.now() - begin;
  return { binary, threads, turbo, columns: results as Record<Column, ColumnResult>, milliseconds };
}

async function told(find: () => Found): Promise<ColumnResult> {
  const { parts, failures } = find();
  const hashes: Record<string, string> = {};
  const samples: Record<string, readonly number[]> = {};
  for (const [name, part] of Object.entries(parts)) {
    hashes[name] = await sha256(part);
    // JSON knows no NaN: as text a number is itself.
    if (part instanceof Float32Array) samples[name] = [...part.subarray(0, 20)].filter(Number.isFinite);
  }
  const hash = await sha256(new TextEncoder().encode(Object.values(hashes).join()));
  return { hash, parts: hashes, samples, failures };
}
