// PyTorch's files (torch.save, since 1.6): a zip with a pickle that describes what was saved, and the tensors' elements.
import {
  DEFAULT_MAX_BYTES,
  type Int64Reading,
  type NamedArrays,
  type PlainArray,
  type ReadOptions,
  requireBytes,
} from "../arrays.ts";
import { narrowInt64 } from "../narrow.ts";
import { isZip } from "../zip/directory.ts";
import { readZip } from "../zip/read.ts";
import { builders } from "./builders.ts";
import { Global, type Pickled, readPickle } from "./pickle-reader.ts";
import { type Archive, readTensor, StorageRef, TensorRef } from "./tensors.ts";

/** What a file can hold: tensors as plain arrays, dicts as Maps, lists and tuples as arrays, bytes, numbers, texts. */
export type PtValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PlainArray
  | PtValue[]
  | Map<PtValue, PtValue>
  | Set<PtValue>;

/** How deep lists and dicts may nest: a file that holds itself has no end. */
const MAX_DEPTH = 100;
/** How files before PyTorch 1.6 begin: a pickled magic number. */
const LEGACY = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46];

/** Whether the bytes begin as PyTorch's old format does. */
export function isLegacyPt(bytes: Uint8Array): boolean {
  // The first four are enough to know it by, where a file is cut that short.
  return LEGACY.every((byte, i) => bytes[i] === byte || (i >= 4 && i >= bytes.length));
}

/** Reads what `torch.save` wrote: a state dict or any nesting of tensors, lists, dicts, numbers and texts. Runs no code. */
export function readPt(bytes: Uint8Array, options: ReadOptions = {}): PtValue {
  requireBytes(bytes, "readPt");
  const label = options.label ?? "the file";
  if (isLegacyPt(bytes)) {
    throw new Error(
      `${label} is a legacy PyTorch file (before 1.6), which is not read; load it in PyTorch and save it again`,
    );
  }
  if (!isZip(bytes)) {
    const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new Error(`${label} is no PyTorch file: it begins with ${start || "nothing"}, not as a zip does`);
  }
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const { pickle, archive } = openArchive(bytes, label, maxBytes);
  const value = readPickle(pickle, label, builders(label));
  return new Finisher(archive, options.int64 ?? "bigint").finish(value, "", 0);
}

/** The tensors of a state dict; anything else in it is an error that names it. */
export function stateArrays(value: PtValue | undefined, label = "the file"): NamedArrays {
  if (!(value instanceof Map)) throw new TypeError(`${label} holds ${kindOf(value)}, no dict of tensors`);
  const arrays: NamedArrays = new Map();
  for (const [name, item] of value) {
    if (typeof name !== "string" || !isArray(item)) {
      const has = [...value].slice(0, 8).map(([key, each]) => `${String(key)} (${kindOf(each)})`);
      throw new TypeError(
        `${label} is no dict of tensors alone, it has ${has.join(", ")}${value.size > 8 ? ", ..." : ""}; ` +
          'read it with readPt and take the dict of tensors out of it: stateArrays(value.get("..."))',
      );
    }
    arrays.set(name, item);
  }
  return arrays;
}

function openArchive(bytes: Uint8Array, label: string, maxBytes: number): { pickle: Uint8Array; archive: Archive } {
  const files = new Map(readZip(bytes, label, maxBytes).map((member) => [member.name, member.bytes]));
  const pickles = [...files.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw new Error(`${label} is no PyTorch file: the zip has ${pickles.length} files called data.pkl, expected one`);
  }
  const folder = pickles[0]!.slice(0, -"data.pkl".length);
  if (files.has(`${folder}constants.pkl`)) {
    throw new Error(
      `${label} is a TorchScript archive, a program with its weights; save the weights alone: ` +
        "torch.save(module.state_dict(), path)",
    );
  }
  const order = new TextDecoder().decode(files.get(`${folder}byteorder`) ?? new Uint8Array(0)).trim();
  if (!["", "little", "big"].includes(order)) {
    throw new Error(`${label}: its byteorder is '${order}', expected little or big`);
  }
  return {
    pickle: files.get(pickles[0]!)!,
    archive: {
      label,
      storage: (key) => files.get(`${folder}data/${key}`),
      bigEndian: order === "big",
      bytesLeft: maxBytes,
    },
  };
}

/** Turns what the pickle built into plain values; what is shared there stays shared. */
class Finisher {
  readonly #archive: Archive;
  readonly #int64: Int64Reading;
  readonly #done = new Map<object, PtValue>();

  constructor(archive: Archive, int64: Int64Reading) {
    this.#archive = archive;
    this.#int64 = int64;
  }

  finish(value: Pickled<TensorRef | StorageRef>, path: string, depth: number): PtValue {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    const known = this.#done.get(value);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) throw new Error(`${this.#archive.label}: ${path} nests deeper than ${MAX_DEPTH} levels`);
    const made = this.#make(value, path, depth);
    this.#done.set(value, made);
    return made;
  }

  #make(value: object, path: string, depth: number): PtValue {
    const { label } = this.#archive;
    const name = path === "" ? "(the whole file)" : path;
    if (value instanceof TensorRef) {
      const array = readTensor(value, this.#archive, name);
      return this.#int64 === "i32" ? narrowInt64(array, `${label}: tensor ${name}`) : array;
    }
    if (value instanceof StorageRef) throw new Error(`${label}: ${name} is a bare storage; save it as a tensor`);
    if (value instanceof Global) {
      if (value.name.startsWith("torch.")) return value.name; // a dtype or the like
      throw new Error(`${label}: ${name} is ${value.name}, code instead of data; save numbers, texts and tensors`);
    }
    const inside = (key: unknown): string => (path === "" ? String(key) : `${path}.${String(key)}`);
    if (Array.isArray(value)) return value.map((item, i) => this.finish(item, inside(i), depth + 1));
    if (value instanceof Set) return new Set([...value].map((item, i) => this.finish(item, inside(i), depth + 1)));
    const dict = value as Map<Pickled<TensorRef | StorageRef>, Pickled<TensorRef | StorageRef>>;
    return new Map(
      [...dict].map(([key, item]) => [
        this.finish(key, inside("(key)"), depth + 1),
        this.finish(item, inside(key), depth + 1),
      ]),
    );
  }
}

function isArray(value: PtValue): value is PlainArray {
  return typeof value === "object" && value !== null && "dtype" in value;
}

function kindOf(value: PtValue | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (value instanceof Map) return "a dict";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Set) return "a set";
  return isArray(value) ? "a tensor" : `a ${typeof value}`;
}
