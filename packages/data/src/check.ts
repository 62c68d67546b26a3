// Looks through a dataset for what spoils training or its test without an error: repeated examples, for one.
import type { Shape } from "@lanewise/tensor";
import type { Dataset, ExampleType } from "./dataset.ts";

type AnyDataset = Dataset<Shape, ExampleType>;

export interface CheckReport {
  examples: number;
  /** Examples that are equal to an earlier one, element by element. */
  duplicates: number;
  /** Of those, the ones whose class differs from the earlier one's. */
  conflicts: number;
  /** Examples that the other dataset has too; undefined where none was given. */
  shared: number | undefined;
  /** Examples with a NaN or an infinity. */
  notFinite: number;
  /** Examples whose elements are all the same: empty images. */
  constant: number;
  /** How many examples each class has, by label. */
  perClass: Map<number, number>;
}

/** Counts over `dataset`, and those of its examples that `against` has too. */
export function checkDataset(dataset: AnyDataset, against?: AnyDataset): CheckReport {
  const rows = new Rows(dataset);
  const report: CheckReport = {
    examples: dataset.length,
    duplicates: 0,
    conflicts: 0,
    shared: undefined,
    notFinite: 0,
    constant: 0,
    perClass: new Map(),
  };
  for (let i = 0; i < dataset.length; i++) {
    const earlier = rows.findOrAdd(i);
    if (earlier !== undefined) {
      report.duplicates++;
      if (dataset.labels[earlier] !== dataset.labels[i]) report.conflicts++;
    }
    const row = rows.row(i);
    if (row.length > 1 && row.every((value) => value === row[0])) report.constant++;
    if (row instanceof Float32Array && !row.every((value) => Number.isFinite(value))) report.notFinite++;
    const label = dataset.labels[i]!;
    report.perClass.set(label, (report.perClass.get(label) ?? 0) + 1);
  }
  if (against !== undefined) report.shared = countShared(dataset, against);
  return report;
}

function countShared(dataset: AnyDataset, against: AnyDataset): number {
  const size = (of: AnyDataset): number => of.shape.reduce((product, length) => product * length, 1);
  if (size(dataset) !== size(against) || dataset.divisor !== against.divisor) {
    throw new Error(
      `check: examples of [${dataset.shape}] / ${dataset.divisor} and [${against.shape}] / ${against.divisor} can't be compared`,
    );
  }
  const others = new Rows(against);
  for (let i = 0; i < against.length; i++) others.findOrAdd(i);
  let shared = 0;
  for (let i = 0; i < dataset.length; i++) if (others.has(dataset, i)) shared++;
  return shared;
}

/** Examples by hash; equality is decided by comparing the elements. */
class Rows {
  readonly #dataset: AnyDataset;
  readonly #size: number;
  readonly #byHash = new Map<number, number[]>();

  constructor(dataset: AnyDataset) {
    this.#dataset = dataset;
    this.#size = dataset.shape.reduce((product, length) => product * length, 1);
  }

  row(index: number, of = this.#dataset): Uint8Array | Float32Array {
    return of.raw.subarray(index * this.#size, (index + 1) * this.#size);
  }

  /** The earlier example equal to this one, or undefined after remembering this one. */
  findOrAdd(index: number): number | undefined {
    const row = this.row(index);
    const hash = hashOf(row);
    const bucket = this.#byHash.get(hash);
    const earlier = bucket?.find((other) => equal(this.row(other), row));
    if (earlier !== undefined) return earlier;
    if (bucket === undefined) this.#byHash.set(hash, [index]);
    else bucket.push(index);
    return undefined;
  }

  has(dataset: AnyDataset, index: number): boolean {
    const row = this.row(index, dataset);
    return this.#byHash.get(hashOf(row))?.some((other) => equal(this.row(other), row)) ?? false;
  }
}

/** FNV-1a over the elements: cheap, and a collision costs only a comparison. */
function hashOf(row: Uint8Array | Float32Array): number {
  const words = row instanceof Uint8Array ? row : new Uint32Array(row.buffer, row.byteOffset, row.length);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash;
}

function equal(a: Uint8Array | Float32Array, b: Uint8Array | Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
