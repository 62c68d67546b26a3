// Any array file that a codec here reads, chosen by its content: names of files lie.
import { type NamedArrays, type ReadOptions, requireBytes } from "./arrays.ts";
import { isNpy, readNpy } from "./npy/npy.ts";
import { npz } from "./npy/npz.ts";
import { pt } from "./pt/pt.ts";

/** Named arrays of a .npz, a .pt, or a .npy, whose one array gets NumPy's name for nameless ones, `arr_0`. */
export function readArrays(bytes: Uint8Array, options: ReadOptions = {}): NamedArrays {
  requireBytes(bytes, "readArrays");
  if (isNpy(bytes)) return new Map([["arr_0", readNpy(bytes, options)]]);
  if (pt.recognizes(bytes)) return pt.read(bytes, options);
  if (npz.recognizes(bytes)) return npz.read(bytes, options);
  const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new Error(`${options.label ?? "the file"} is neither .npy, .npz nor .pt: it begins with ${start || "nothing"}`);
}
