// .npz: a zip of .npy files, NumPy's own archive. Written stored or deflated, so that np.load reads it without pickle.
import { zipSync } from "fflate";
import {
  type Codec,
  DEFAULT_MAX_BYTES,
  type NamedArrays,
  type ReadOptions,
  requireBytes,
  type WriteOptions,
} from "../arrays.ts";
import { isZip } from "../zip/directory.ts";
import { readZip } from "../zip/read.ts";
import { isNpy, readNpy, writeNpy } from "./npy.ts";

const SUFFIX = ".npy";
/** What fits a zip without zip64, which the writer does not write. */
const MAX_FILE_BYTES = 2 ** 32 - 1;
const MAX_ENTRIES = 2 ** 16 - 1;
const MAX_NAME_BYTES = 2 ** 16 - 1;
/** Headers that a zip adds per entry, without its name, which comes twice. */
const ENTRY_OVERHEAD = 30 + 46;
/** A fixed date, as NumPy writes it: the same arrays always make the same bytes. */
const DATE = new Date(1980, 0, 1);

function readNpz(bytes: Uint8Array, options: ReadOptions = {}): NamedArrays {
  requireBytes(bytes, "npz.read");
  const label = options.label ?? "the file";
  if (!isZip(bytes)) {
    const advice = isNpy(bytes) ? "it is a single .npy: use readNpy or readArrays" : "it does not begin as a zip does";
    throw new Error(`${label} is no .npz: ${advice}`);
  }
  const arrays: NamedArrays = new Map();
  for (const member of readZip(bytes, label, options.maxBytes ?? DEFAULT_MAX_BYTES)) {
    const name = member.name.endsWith(SUFFIX) ? member.name.slice(0, -SUFFIX.length) : member.name;
    if (arrays.has(name)) throw new Error(`${label}: two arrays are called '${name}'`);
    arrays.set(name, readNpy(member.bytes, { ...options, label: `${label}: '${member.name}'` }));
  }
  return arrays;
}

function writeNpz(arrays: NamedArrays, options: WriteOptions = {}): Uint8Array<ArrayBuffer> {
  if (arrays.size > MAX_ENTRIES)
    throw new RangeError(`${arrays.size} arrays: a .npz written here holds ${MAX_ENTRIES}`);
  let total = 22;
  for (const [name, array] of arrays) {
    const nameBytes = new TextEncoder().encode(name).length + SUFFIX.length;
    if (nameBytes > MAX_NAME_BYTES)
      throw new RangeError(`an array's name of ${nameBytes} bytes is too long for a .npz`);
    total += array.data.byteLength + 2 * nameBytes + ENTRY_OVERHEAD + 1024; // 1 KiB for the .npy header
  }
  if (total > MAX_FILE_BYTES) {
    throw new RangeError(
      `a .npz of ${total} bytes would need zip64, which is not written here; split the arrays into files below 4 GiB`,
    );
  }
  // Keys end in .npy, so that no name can be __proto__ or be sorted as a number.
  const files: Record<string, Uint8Array> = Object.create(null);
  for (const [name, array] of arrays) files[name + SUFFIX] = writeNpy(array, name);
  return zipSync(files, { level: options.compress === false ? 0 : 6, mtime: DATE });
}

/** Reads what np.savez and np.savez_compressed write (zip64 and streamed too); writes what np.load reads. */
export const npz: Codec = { name: ".npz", recognizes: isZip, read: readNpz, write: writeNpz };
