// IDX, the format of MNIST's files: a magic number, big-endian sizes, then the elements. Every size is checked.
import { type ByteSource, collect, DEFAULT_MAX_BYTES, toSource, unzipped } from "./bytes.ts";

export interface IdxTypes {
  u8: Uint8Array<ArrayBuffer>;
  i8: Int8Array<ArrayBuffer>;
  i16: Int16Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  f32: Float32Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
}

/** What an IDX file holds, row-major. */
export type IdxArray = {
  [D in keyof IdxTypes]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: IdxTypes[D] };
}[keyof IdxTypes];

export interface IdxOptions {
  /** The most bytes the file may hold, unzipped (default 1 GiB). */
  maxBytes?: number;
  /** What errors call the file (default "the IDX file"). */
  label?: string;
}

const TYPES: Record<number, keyof IdxTypes> = { 8: "u8", 9: "i8", 11: "i16", 12: "i32", 13: "f32", 14: "f64" };
const CONSTRUCTORS = {
  u8: Uint8Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** Reads an IDX file, gzipped or not, whatever it is called. */
export async function readIdx(bytes: Uint8Array | ByteSource, options: IdxOptions = {}): Promise<IdxArray> {
  const label = options.label ?? "the IDX file";
  const source = unzipped(toSource(bytes, "readIdx"), label);
  return parseIdx(await collect(source, label, options.maxBytes ?? DEFAULT_MAX_BYTES), label);
}

/** Reads unzipped IDX bytes; elements of more than one byte are turned to little-endian. */
export function parseIdx(bytes: Uint8Array<ArrayBuffer>, label = "the IDX file"): IdxArray {
  const dtype = TYPES[bytes[2] ?? 0];
  const rank = bytes[3] ?? 0;
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || dtype === undefined || rank === 0) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new Error(
      `${label} is no IDX file: it begins with ${start || "nothing"}, expected 00 00, a type (08 to 0e), and a rank`,
    );
  }
  const dataAt = 4 + 4 * rank;
  if (bytes.length < dataAt)
    throw new Error(`${label} is truncated at byte ${bytes.length} of ${dataAt} of its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = CONSTRUCTORS[dtype].BYTES_PER_ELEMENT;
  const wanted = shape.reduce((product, length) => product * length, size);
  checkLength(bytes.length - dataAt, wanted, shape, dtype, label);
  if (dtype === "u8") return { dtype, shape, data: bytes.subarray(dataAt) }; // nothing to align: no copy
  const own = bytes.slice(dataAt);
  if (size > 1) swapBytes(own, size);
  return { dtype, shape, data: new CONSTRUCTORS[dtype](own.buffer) } as IdxArray;
}

/** An array of u8 as an IDX file. */
export function writeIdx(shape: readonly number[], data: Uint8Array): Uint8Array<ArrayBuffer> {
  const dataAt = 4 + 4 * shape.length;
  const bytes = new Uint8Array(dataAt + data.length);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [axis, length] of shape.entries()) view.setUint32(4 + 4 * axis, length);
  bytes.set(data, dataAt);
  return bytes;
}

/**
 * The class of each of `count` examples from a label file: one whole number an example. One row of scores or one-hot
 * flags an example is refused by name, as are labels for another number of examples.
 */
export function classLabels(labels: IdxArray, count: number, label = "the label file"): Int32Array<ArrayBuffer> {
  const [length, ...rest] = labels.shape;
  if (rest.some((size) => size !== 1)) {
    throw new Error(
      `${label} has shape [${labels.shape}]: one row an example, one-hot perhaps; expected [${count}], one class number an example`,
    );
  }
  if (length !== count) throw new Error(`${label} has ${length} labels for ${count} images; expected one each`);
  if (labels.dtype === "f32" || labels.dtype === "f64") {
    throw new Error(`${label} has labels of dtype ${labels.dtype}; expected whole numbers`);
  }
  return Int32Array.from(labels.data);
}

function checkLength(found: number, wanted: number, shape: readonly number[], dtype: string, label: string): void {
  if (found < wanted) {
    throw new Error(
      `${label} is truncated at byte ${found} of ${wanted} of its data (its header says ${dtype} [${shape}])`,
    );
  }
  if (found > wanted) {
    const perItem = found / (shape[0] ?? 1);
    const guess = Number.isInteger(perItem)
      ? `; that is ${perItem} bytes an item: one-hot labels, or another file?`
      : "";
    throw new Error(
      `${label} has ${found} bytes of data where its header, ${dtype} [${shape}], makes ${wanted}${guess}`,
    );
  }
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}
