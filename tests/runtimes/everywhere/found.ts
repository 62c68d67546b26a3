// What a column of the table finds in a cell: parts to be hashed, and what did not hold.

/** Numbers or bytes; a NaN is the same whatever its bits, which wasm leaves open. */
export type Part = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

export interface Found {
  readonly parts: Readonly<Record<string, Part>>;
  /** What is not as expected, each a sentence. */
  readonly failures: readonly string[];
}

/** SHA-256 in hexadecimal. */
export async function sha256(part: Part): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", canonical(part)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function canonical(part: Part): Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> {
  if (part instanceof Uint8Array) return part;
  const bits = new Uint32Array(part.slice().buffer);
  for (const [index, value] of part.entries()) if (Number.isNaN(value)) bits[index] = 0x7fc00000;
  return bits;
}

/** The arrays one after the other. */
export function joined(arrays: readonly ArrayLike<number>[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** Compares within `tolerance` of the largest expected magnitude, or of 0.01; gives a sentence where a value is off. */
export function offBy(
  what: string,
  got: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): readonly string[] {
  const allowed = tolerance * Math.max(0.01, ...expected.map(Math.abs));
  const at = expected.findIndex((value, index) => !(Math.abs(got[index]! - value) <= allowed));
  return at < 0 ? [] : [`${what}: ${got[at]} came at ${at}, expected ${expected[at]} within ${allowed.toPrecision(2)}`];
}
