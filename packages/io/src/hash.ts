// One hash over named arrays: what "the same weights" means, whatever file they came from.
import { checkArray, type NamedArrays } from "./arrays.ts";
import { writeNpy } from "./npy/npy.ts";

/**
 * SHA-256 in hexadecimal over the arrays in the order of their names: each name, dtype, shape and content as the .npy
 * that would be written. Compression, file order and the bits of NaNs make no difference.
 */
export async function hashArrays(arrays: NamedArrays): Promise<string> {
  const parts: Uint8Array[] = [];
  for (const [name, array] of [...arrays].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    checkArray(name, array);
    parts.push(new TextEncoder().encode(`${name}\n`), writeNpy(array, name));
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
