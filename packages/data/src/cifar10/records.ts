// The records of CIFAR-10's binary files as images with channels innermost, and what identifies a set of them.
import { sha256 } from "../bytes.ts";
import { CLASS_NAMES, IMAGE_BYTES, RECORD_BYTES, SIDE } from "./files.ts";

const PIXELS = SIDE * SIDE;

/** Images [N, 32, 32, 3] and labels, one behind the other in one buffer, so that their hash needs no copy. */
export class Records {
  readonly raw: Uint8Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
  readonly #all: Uint8Array<ArrayBuffer>;

  constructor(count: number) {
    const imageBytes = count * IMAGE_BYTES;
    this.#all = new Uint8Array(imageBytes + 4 * count);
    this.raw = this.#all.subarray(0, imageBytes);
    this.labels = new Int32Array(this.#all.buffer, imageBytes, count);
  }

  /** Takes over a file's records as examples `from` and on; `label` names the file in errors. */
  fill(file: Uint8Array, from: number, label: string): void {
    const { raw, labels } = this;
    for (let record = 0, at = 0; at < file.length; record++, at += RECORD_BYTES) {
      const cls = file[at]!;
      if (cls >= CLASS_NAMES.length) throw notBinary(file, `label ${cls} of record ${record} is none of 0 to 9`, label);
      labels[from + record] = cls;
      let to = (from + record) * IMAGE_BYTES;
      for (let red = at + 1; red < at + 1 + PIXELS; red++) {
        raw[to++] = file[red]!;
        raw[to++] = file[red + PIXELS]!;
        raw[to++] = file[red + 2 * PIXELS]!;
      }
    }
  }

  /** SHA-256 of the images, then of the labels as little-endian i32. */
  hash(): Promise<string> {
    return sha256(this.#all);
  }

  /**
   * The same for the same examples in any order, since copies exist that are shuffled: SHA-256 of the sorted 64-bit
   * hashes of the examples.
   */
  fingerprint(): Promise<string> {
    const words = new Uint32Array(this.#all.buffer, 0, this.raw.length / 4);
    const hashes = new BigUint64Array(this.labels.length);
    const halves = new Uint32Array(hashes.buffer);
    for (let i = 0; i < hashes.length; i++) {
      let [low, high] = [0x811c9dc5 ^ this.labels[i]!, 0x9e3779b9];
      for (let at = (i * IMAGE_BYTES) / 4; at < ((i + 1) * IMAGE_BYTES) / 4; at++) {
        // Two multipliers and two rotations: neighbouring pixels that swap places change both.
        low = Math.imul(((low << 13) | (low >>> 19)) ^ words[at]!, 0xcc9e2d51);
        high = Math.imul(((high << 7) | (high >>> 25)) ^ words[at]!, 0x85ebca6b);
      }
      halves[2 * i] = low;
      halves[2 * i + 1] = high;
    }
    return sha256(new Uint8Array(hashes.sort().buffer));
  }
}

/** How many records a file of so many bytes has. */
export function recordCount(file: Uint8Array, label: string): number {
  const count = file.length / RECORD_BYTES;
  if (Number.isInteger(count) && count > 0) return count;
  throw notBinary(file, `${file.length} bytes are no whole number of records of ${RECORD_BYTES}`, label);
}

/** An error that knows the two other versions of the data set by their looks. */
function notBinary(file: Uint8Array, what: string, label: string): Error {
  const pickled = file[0] === 0x80 && (file[1] ?? 0) <= 5;
  const hundred = file.length > 0 && file.length % (RECORD_BYTES + 1) === 0;
  const guess = pickled
    ? "; it looks like the Python version: take the binary version"
    : hundred
      ? "; it looks like CIFAR-100, which has two labels a record"
      : "";
  return new Error(`${label} is no binary file of CIFAR-10: ${what}${guess}`);
}
