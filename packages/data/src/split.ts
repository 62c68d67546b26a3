// Which examples train and which are held out: never the tail of a file as it lies, which may be one class alone.
import { Generator } from "@lanewise/tensor";

export interface SplitOptions {
  /** How many examples to hold out: a count, or below 1 a part of all. */
  validation: number;
  /** Default 0. */
  seed?: number;
  /** Hold out the same part of every class. */
  stratify?: boolean;
}

/** The random stream of splits: a split never shares numbers with initial weights (0) or the order of batches. */
const SPLIT_STREAM = 0x53504c54;

/** Indices of both parts; the held-out part is drawn at random, and both are in random order. */
export function splitIndices(labels: Int32Array, options: SplitOptions): { train: Int32Array; validation: Int32Array } {
  const count = heldOutCount(labels.length, options.validation);
  const order = new Generator(options.seed ?? 0, SPLIT_STREAM).permutation(labels.length);
  return options.stratify === true ? stratified(labels, order, count) : cut(order, count);
}

function heldOutCount(total: number, validation: number): number {
  const count = validation > 0 && validation < 1 ? Math.round(total * validation) : validation;
  if (Number.isInteger(count) && count >= 1 && count < total) return count;
  throw new RangeError(
    `split: validation ${validation} of ${total} examples leaves none on one side; give a count from 1 to ${total - 1}, or a part below 1`,
  );
}

function cut(order: Int32Array, count: number): { train: Int32Array; validation: Int32Array } {
  return { train: order.subarray(count), validation: order.subarray(0, count) };
}

/** Walks the random order and holds out of each class as many as its quota, which the largest remainders round. */
export function stratified(
  labels: Int32Array,
  order: Int32Array,
  count: number,
): { train: Int32Array; validation: Int32Array } {
  const left = quotas(labels, count);
  const train: number[] = [];
  const validation: number[] = [];
  for (const index of order) {
    const label = labels[index]!;
    const quota = left.get(label)!;
    if (quota > 0) validation.push(index);
    else train.push(index);
    left.set(label, quota - 1);
  }
  return { train: Int32Array.from(train), validation: Int32Array.from(validation) };
}

function quotas(labels: Int32Array, count: number): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const exact = [...sizes].map(([label, size]) => ({ label, share: (size * count) / labels.length }));
  const result = new Map(exact.map(({ label, share }) => [label, Math.floor(share)]));
  let missing = count - [...result.values()].reduce((sum, quota) => sum + quota, 0);
  for (const { label, share } of exact.toSorted((a, b) => (b.share % 1) - (a.share % 1) || a.label - b.label)) {
    if (missing-- <= 0) break;
    result.set(label, Math.floor(share) + 1);
  }
  return result;
}
