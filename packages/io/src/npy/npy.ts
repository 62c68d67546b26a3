// .npy: one array as NumPy's np.save writes it. Every size is checked against the bytes there are before it is used.
import {
  checkArray,
  DEFAULT_MAX_BYTES,
  elementCount,
  fromBytes,
  itemSize,
  type PlainArray,
  type PlainDType,
  type ReadOptions,
  requireBytes,
  swapBytes,
  writeElements,
} from "../arrays.ts";
import { widenHalf } from "../half.ts";
import { narrowInt64 } from "../narrow.ts";
import { type NpyHeader, parseNpyHeader } from "./header.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** NumPy aligns data to this, so that a file can be mapped into memory. */
const ALIGNMENT = 64;

const DTYPES: Record<string, PlainDType | "f16"> = {
  f2: "f16",
  f4: "f32",
  f8: "f64",
  i1: "i8",
  i2: "i16",
  i4: "i32",
  i8: "i64",
  u1: "u8",
  u2: "u16",
  u4: "u32",
  u8: "u64",
  b1: "bool",
};

const DESCRS: Record<PlainDType, string> = {
  f32: "<f4",
  f64: "<f8",
  i8: "|i1",
  i16: "<i2",
  i32: "<i4",
  i64: "<i8",
  u8: "|u1",
  u16: "<u2",
  u32: "<u4",
  u64: "<u8",
  bool: "|b1",
};

/** What to do about a dtype that has no typed array, by its letter. */
const REFUSED: Record<string, string> = {
  O: "object arrays are pickles, which can run code; save numbers",
  c: "save real and imaginary parts as two arrays",
  U: "strings are not supported; save numbers",
  S: "strings are not supported; save numbers",
  V: "raw bytes are not supported; save them as u1",
  M: "dates are not supported; save them as f8",
  m: "time spans are not supported; save them as f8",
};

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads one array: any header version, byte order, alignment, and Fortran order; f2 is widened to f32, exactly. Bytes
 * after the array are left alone, as NumPy does with several arrays saved into one file.
 */
export function readNpy(bytes: Uint8Array, options: ReadOptions = {}): PlainArray {
  requireBytes(bytes, "readNpy");
  const label = options.label ?? "the file";
  const fail = (what: string): Error => new Error(`${label} is no .npy this can read: ${what}`);
  const { header, dataAt } = readHeader(bytes, label, fail);
  const { dtype, swapped } = parseDescr(header, label);
  const size = dtype === "f16" ? 2 : itemSize(dtype);
  const count = countWithin(header.shape, label, options.maxBytes ?? DEFAULT_MAX_BYTES, dtype === "f16" ? 4 : size);
  const end = dataAt + count * size;
  if (end > bytes.length) throw truncated(label, bytes.length, end);

  // A copy: typed arrays need alignment, and the file may go away. (slice() of a Node Buffer would not copy.)
  const own = new Uint8Array(end - dataAt);
  own.set(bytes.subarray(dataAt, end));
  if (swapped) swapBytes(own, size);
  const raw = header.fortranOrder && header.shape.length > 1 ? fromFortranOrder(own, header.shape, size) : own;
  if (dtype === "f16") return { dtype: "f32", shape: header.shape, data: widenHalf(new Uint16Array(raw.buffer)) };
  const array = fromBytes(dtype, header.shape, raw.buffer);
  return options.int64 === "i32" ? narrowInt64(array, label) : array;
}

/** Bytes that np.load reads. A NaN is written as the one canonical NaN: wasm leaves the others' bits to chance. */
export function writeNpy(array: PlainArray, name = "array"): Uint8Array<ArrayBuffer> {
  checkArray(name, array);
  const { data, shape, dtype } = array;
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '${DESCRS[dtype]}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // Version 1 has two bytes for the length of the header; the ranks that would need version 2 do not exist.
  const unpadded = MAGIC.length + 4 + dict.length + 1;
  const dataAt = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(dataAt + data.byteLength);
  bytes.set(MAGIC);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, dataAt - 10, true);
  bytes.set(new TextEncoder().encode(`${dict.padEnd(dataAt - 11)}\n`), 10);
  writeElements(array, bytes, dataAt);
  return bytes;
}

function readHeader(
  bytes: Uint8Array,
  label: string,
  fail: (what: string) => Error,
): { header: NpyHeader; dataAt: number } {
  if (!isNpy(bytes)) {
    const start = [...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw fail(`it begins with ${start || "nothing"}, not with 93 4e 55 4d 50 59 (\\x93NUMPY)`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  if (bytes.length < 8) throw truncated(label, bytes.length, 8);
  if (version < 1 || version > 3) throw fail(`version ${version}.${bytes[7]} is not supported; 1 to 3 are`);
  const textAt = version === 1 ? 10 : 12;
  if (bytes.length < textAt) throw truncated(label, bytes.length, textAt);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataAt = textAt + length;
  if (dataAt > bytes.length) throw truncated(label, bytes.length, dataAt);
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes.subarray(textAt, dataAt));
  return { header: parseNpyHeader(text, fail), dataAt };
}

function parseDescr(header: NpyHeader, label: string): { dtype: PlainDType | "f16"; swapped: boolean } {
  const { descr } = header;
  if (header.structured) {
    throw new Error(`${label}: structured dtype ${descr} is not supported; save each field as an array of its own`);
  }
  const match = /^([<>=|]?)([a-zA-Z?])(\d*)/.exec(descr);
  const code = descr === "?" ? "b1" : descr.slice(match?.[1]?.length ?? 0);
  const dtype = Object.hasOwn(DTYPES, code) ? DTYPES[code] : undefined;
  if (dtype === undefined) {
    const advice = REFUSED[match?.[2] ?? ""] ?? `supported: ${Object.keys(DTYPES).join(", ")}`;
    throw new Error(`${label}: dtype '${descr}' is not supported; ${advice}`);
  }
  return { dtype, swapped: match?.[1] === ">" };
}

/** Number of elements of the shape, refused when they would take more than `maxBytes`; sizes multiply without overflow. */
function countWithin(shape: readonly number[], label: string, maxBytes: number, size: number): number {
  if (shape.includes(0)) return 0;
  const count = elementCount(shape); // too large a product is inexact, but still too large
  if (count * size > maxBytes) {
    throw new RangeError(
      `${label}: shape [${shape}] takes ${count * size} bytes, over the limit of ${maxBytes}; raise maxBytes if you trust it`,
    );
  }
  return count;
}

/** Reorders column-major elements (first index fastest) to row-major. */
function fromFortranOrder(
  source: Uint8Array<ArrayBuffer>,
  shape: readonly number[],
  size: number,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(source.length);
  const strides: number[] = [];
  let stride = size;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to += size) {
    for (let byte = 0; byte < size; byte++) result[to + byte] = source[from + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
      from -= strides[axis]! * shape[axis]!;
    }
  }
  return result;
}

function truncated(label: string, length: number, wanted: number): Error {
  return new Error(`${label} is truncated at byte ${length} of ${wanted}`);
}
