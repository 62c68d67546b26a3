// PyTorch's element types as its files name them.
import { fromBytes, itemSize, type PlainArray, type PlainDType, swapBytes } from "../arrays.ts";
import { widenBrainFloat, widenHalf } from "../half.ts";

/** The two that have no typed array are widened to f32, exactly. */
export type StoredDType = PlainDType | "f16" | "bf16";

export const STORAGE_CLASSES: Partial<Record<StoredDType, string>> = {
  f16: "HalfStorage",
  bf16: "BFloat16Storage",
  f32: "FloatStorage",
  f64: "DoubleStorage",
  i8: "CharStorage",
  i16: "ShortStorage",
  i32: "IntStorage",
  i64: "LongStorage",
  u8: "ByteStorage",
  bool: "BoolStorage",
};

const BY_CLASS = new Map(Object.entries(STORAGE_CLASSES).map(([dtype, name]) => [name, dtype as StoredDType]));

/** Names of torch.dtype; newer types come with a storage of bytes and one of these. */
const BY_DTYPE_NAME: ReadonlyMap<string, StoredDType> = new Map([
  ["float16", "f16"],
  ["bfloat16", "bf16"],
  ["float32", "f32"],
  ["float64", "f64"],
  ["int8", "i8"],
  ["int16", "i16"],
  ["int32", "i32"],
  ["int64", "i64"],
  ["uint8", "u8"],
  ["uint16", "u16"],
  ["uint32", "u32"],
  ["uint64", "u64"],
  ["bool", "bool"],
]);

export function dtypeOfClass(name: string): StoredDType | undefined {
  return BY_CLASS.get(name);
}

export function dtypeOfName(name: string): StoredDType | undefined {
  return BY_DTYPE_NAME.get(name);
}

/** Bytes of an element in the file. */
export function storedSize(dtype: StoredDType): number {
  return dtype === "f16" || dtype === "bf16" ? 2 : itemSize(dtype);
}

/** Elements in row-major order, the bytes being the array's own, as an array. */
export function fromStored(
  dtype: StoredDType,
  shape: readonly number[],
  bytes: Uint8Array<ArrayBuffer>,
  bigEndian: boolean,
): PlainArray {
  if (bigEndian) swapBytes(bytes, storedSize(dtype));
  if (dtype === "f16") return { dtype: "f32", shape, data: widenHalf(new Uint16Array(bytes.buffer)) };
  if (dtype === "bf16") return { dtype: "f32", shape, data: widenBrainFloat(new Uint16Array(bytes.buffer)) };
  return fromBytes(dtype, shape, bytes.buffer);
}
