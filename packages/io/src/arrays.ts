// What every codec of this package reads and writes: named arrays without behaviour, which know no tensor.

/** The element types a file can carry after reading, with the typed array that holds each. */
export interface ArrayTypes {
  f32: Float32Array;
  f64: Float64Array;
  i8: Int8Array;
  i16: Int16Array;
  i32: Int32Array;
  i64: BigInt64Array;
  u8: Uint8Array;
  u16: Uint16Array;
  u32: Uint32Array;
  u64: BigUint64Array;
  /** One byte an element, 0 or 1. */
  bool: Uint8Array;
}

export type PlainDType = keyof ArrayTypes;

/** An array as data: row-major elements, with `shape` saying how many there are (a 0-d array has shape [] and one). */
export type PlainArray<D extends PlainDType = PlainDType> = {
  [K in D]: { readonly dtype: K; readonly shape: readonly number[]; readonly data: ArrayTypes[K] };
}[D];

/** Arrays by name, in file order. A Map, because names come from files and `__proto__` is a name like any other. */
export type NamedArrays = Map<string, PlainArray>;

/** How 64-bit integers arrive: exact as bigint, or narrowed to 32 bits, where a value that does not fit is an error. */
export type Int64Reading = "bigint" | "i32";

export interface ReadOptions {
  /** The most bytes that the arrays of one file may take after expansion (default 1 GiB). */
  maxBytes?: number;
  /** Default "bigint": i64 and u64 arrive as BigInt64Array and BigUint64Array. */
  int64?: Int64Reading;
  /** What error messages call the file (default "the file"). */
  label?: string;
}

export interface WriteOptions {
  /** Deflate the contents (default true). */
  compress?: boolean;
}

/** A file format: the siblings differ in nothing else that a caller sees. */
export interface Codec {
  readonly name: string;
  /** Looks at content, never at a file's name. */
  recognizes(bytes: Uint8Array): boolean;
  read(bytes: Uint8Array, options?: ReadOptions): NamedArrays;
  write(arrays: NamedArrays, options?: WriteOptions): Uint8Array<ArrayBuffer>;
}

export const DEFAULT_MAX_BYTES = 2 ** 30;

/** NumPy's own limit on dimensions; more are a sign of a hostile file. */
export const MAX_RANK = 64;

const CONSTRUCTORS = {
  f32: Float32Array,
  f64: Float64Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  u64: BigUint64Array,
  bool: Uint8Array,
} as const;

/** Bytes of one element. */
export function itemSize(dtype: PlainDType): number {
  return CONSTRUCTORS[dtype].BYTES_PER_ELEMENT;
}

/** Number of elements of a shape; the empty shape has one. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Row-major little-endian bytes as an array of `dtype`; the bytes must be the array's own, from offset 0. */
export function fromBytes(dtype: PlainDType, shape: readonly number[], buffer: ArrayBuffer): PlainArray {
  const data = new CONSTRUCTORS[dtype](buffer);
  // NumPy takes any byte but 0 for True.
  const clean = dtype === "bool" ? (data as Uint8Array).map((byte) => (byte === 0 ? 0 : 1)) : data;
  return { dtype, shape, data: clean } as PlainArray;
}

/** The array's elements as little-endian bytes from `at` on; a NaN as the one canonical NaN: wasm leaves the others' bits to chance. */
export function writeElements({ dtype, data }: PlainArray, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
  if (dtype !== "f32" && dtype !== "f64") return;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isNaN(data[i] as number)) continue;
    if (dtype === "f32") view.setUint32(at + 4 * i, 0x7fc00000, true);
    else view.setBigUint64(at + 8 * i, 0x7ff8000000000000n, true);
  }
}

/** Big-endian elements of `size` bytes as little-endian ones, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

/** Refuses an array whose parts do not fit together, before it becomes a file that nobody can read. */
export function checkArray(name: string, array: PlainArray): void {
  const wantedType = Object.hasOwn(CONSTRUCTORS, array.dtype) ? CONSTRUCTORS[array.dtype] : undefined;
  if (wantedType === undefined) {
    throw new TypeError(
      `array '${name}': dtype '${array.dtype}' is not one of ${Object.keys(CONSTRUCTORS).join(", ")}`,
    );
  }
  if (!(array.data instanceof wantedType)) {
    const came = (array.data as object | undefined)?.constructor?.name ?? typeof array.data;
    throw new TypeError(`array '${name}': dtype ${array.dtype} wants a ${wantedType.name}, got ${came}`);
  }
  if (array.shape.length > MAX_RANK) {
    throw new RangeError(`array '${name}': ${array.shape.length} dimensions are over the limit of ${MAX_RANK}`);
  }
  const bad = array.shape.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (bad !== undefined) throw new RangeError(`array '${name}': ${bad} in shape [${array.shape}] is no size`);
  if (elementCount(array.shape) !== array.data.length) {
    const wanted = elementCount(array.shape);
    throw new RangeError(
      `array '${name}': shape [${array.shape}] is ${wanted} elements, data has ${array.data.length}`,
    );
  }
}

/**
 * The array called `name`, checked to be of the dtype and shape that the caller is going to rely on; -1 in `shape`
 * accepts any size there.
 */
export function takeArray<D extends PlainDType>(
  arrays: NamedArrays,
  name: string,
  expected: { dtype: D; shape?: readonly number[] },
): PlainArray<D> {
  const array = arrays.get(name);
  if (array === undefined) {
    throw new Error(`no array '${name}'; there are: ${[...arrays.keys()].join(", ") || "none"}`);
  }
  const { dtype, shape } = expected;
  const shapeFits =
    shape === undefined ||
    (shape.length === array.shape.length && shape.every((size, i) => size === -1 || size === array.shape[i]));
  if (array.dtype !== dtype || !shapeFits) {
    const wanted = shape === undefined ? dtype : `${dtype} [${shape.map((size) => (size === -1 ? "any" : size))}]`;
    throw new TypeError(`array '${name}': expected ${wanted}, found ${array.dtype} [${array.shape}]`);
  }
  return array as PlainArray<D>;
}

/** Bytes are accepted and nothing else: a file decoded as text is damaged already. */
export function requireBytes(bytes: unknown, reader: string): asserts bytes is Uint8Array {
  if (bytes instanceof Uint8Array) return;
  const came = typeof bytes === "object" ? (bytes?.constructor?.name ?? "null") : typeof bytes;
  const advice =
    bytes instanceof ArrayBuffer ? "wrap it: new Uint8Array(buffer)" : "read the file as bytes, without an encoding";
  throw new TypeError(`${reader}: expected a Uint8Array, got ${came}; ${advice}`);
}
