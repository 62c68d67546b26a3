// Tensors as PyTorch's files describe them: a window of sizes and strides into a storage. Everything that the description
// says is checked against the bytes there are before it is used.
import { elementCount, MAX_RANK, type PlainArray } from "../arrays.ts";
import { fromStored, type StoredDType, storedSize } from "./storages.ts";

/** A reference to a file of elements in the archive. */
export class StorageRef {
  readonly key: string;
  /** Undefined for a storage of bytes, whose tensors say what they are. */
  readonly dtype: StoredDType | undefined;
  /** Elements, or bytes where there is no dtype. */
  readonly length: number;

  constructor(key: string, dtype: StoredDType | undefined, length: number) {
    this.key = key;
    this.dtype = dtype;
    this.length = length;
  }
}

/** A tensor as described; nothing of it is checked yet. */
export class TensorRef {
  readonly storage: StorageRef;
  readonly dtype: StoredDType;
  readonly offset: unknown;
  readonly size: unknown;
  readonly stride: unknown;

  constructor(storage: StorageRef, dtype: StoredDType, [offset, size, stride]: readonly unknown[]) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.size = size;
    this.stride = stride;
  }
}

/** The files of an archive's tensors. */
export interface Archive {
  label: string;
  /** The bytes of a storage, or undefined. */
  storage(key: string): Uint8Array | undefined;
  bigEndian: boolean;
  /** What is left of the bytes that all tensors together may take. */
  bytesLeft: number;
}

/** The elements of a tensor in row-major order; `path` names it in errors. */
export function readTensor(tensor: TensorRef, archive: Archive, path: string): PlainArray {
  const bad = (what: string): Error => new Error(`${archive.label}: tensor ${path}: ${what}`);
  const { size, stride, offset } = checkWindow(tensor, bad);
  const itemBytes = storedSize(tensor.dtype);
  const stored = checkStorage(tensor, archive, itemBytes, bad);
  const count = size.includes(0) ? 0 : elementCount(size); // too large a product is inexact, but still too large
  const wide = tensor.dtype === "f16" || tensor.dtype === "bf16" ? 4 : itemBytes;
  if (count * wide > archive.bytesLeft) {
    throw new RangeError(
      `${archive.label}: tensor ${path}: shape [${size}] takes ${count * wide} bytes, ${archive.bytesLeft} are left of the limit; raise maxBytes if you trust the file`,
    );
  }
  archive.bytesLeft -= count * wide;
  const last = size.reduce((sum, length, axis) => sum + (length - 1) * stride[axis]!, offset);
  const elements = stored.length / itemBytes;
  if (count > 0 && last >= elements) {
    throw bad(
      `size [${size}], stride [${stride}] and offset ${offset} reach element ${last} of a storage of ${elements}`,
    );
  }
  const bytes = gather(stored, itemBytes, offset, size, stride, count);
  return fromStored(tensor.dtype, size, bytes, archive.bigEndian);
}

function checkWindow(
  tensor: TensorRef,
  bad: (what: string) => Error,
): { offset: number; size: number[]; stride: number[] } {
  const { offset, size, stride } = tensor;
  if (!isSizes(size) || !isSizes(stride) || size.length !== stride.length || size.length > MAX_RANK) {
    throw bad(`size [${size}] and stride [${stride}] are no two lists of at most ${MAX_RANK} whole numbers from 0`);
  }
  if (!isSize(offset)) throw bad(`offset ${offset} is no whole number from 0`);
  return { offset, size, stride };
}

function checkStorage(
  { storage }: TensorRef,
  archive: Archive,
  itemBytes: number,
  bad: (what: string) => Error,
): Uint8Array {
  const stored = archive.storage(storage.key);
  if (stored === undefined) throw bad(`its elements, data/${storage.key}, are not in the file`);
  const wanted = storage.length * (storage.dtype === undefined ? 1 : itemBytes);
  if (stored.length !== wanted)
    throw bad(`data/${storage.key} has ${stored.length} bytes where ${wanted} are promised`);
  return stored;
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isSize);
}

/** Copies the window out, in row-major order. */
function gather(
  stored: Uint8Array,
  itemBytes: number,
  offset: number,
  size: readonly number[],
  stride: readonly number[],
  count: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * itemBytes);
  // As many of the last axes as lie together are copied at once.
  let axes = size.length;
  let run = 1;
  while (axes > 0 && (size[axes - 1] === 1 || stride[axes - 1] === run)) run *= size[--axes]!;
  const index = new Array<number>(axes).fill(0);
  let from = offset;
  for (let to = 0; to < count; to += run) {
    bytes.set(stored.subarray(from * itemBytes, (from + run) * itemBytes), to * itemBytes);
    for (let axis = axes - 1; axis >= 0; axis--) {
      from += stride[axis]!;
      if (++index[axis]! < size[axis]!) break;
      from -= stride[axis]! * size[axis]!;
      index[axis] = 0;
    }
  }
  return bytes;
}
