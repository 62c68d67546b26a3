// 64-bit integers as 32-bit ones, on request: a value that would change is an error, never a wrap-around.
import type { PlainArray } from "./arrays.ts";

/** i64 and u64 become i32; every other array passes unchanged. */
export function narrowInt64(array: PlainArray, label: string): PlainArray {
  if (array.dtype !== "i64" && array.dtype !== "u64") return array;
  const { data, shape, dtype } = array;
  const narrow = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value < -2147483648n || value > 2147483647n) {
      throw new RangeError(`${label}: ${value} at element ${i} (${dtype}) does not fit i32; read with int64: "bigint"`);
    }
    narrow[i] = Number(value);
  }
  return { dtype: "i32", shape, data: narrow };
}
