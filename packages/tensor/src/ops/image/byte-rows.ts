// Batches of stored bytes as numbers. No gradient flows back into bytes, so nothing here is on the tape.

import { kernels } from "@lanewise/kernels";
import { type Shape, sizeOf } from "../../shape.ts";
import { livingValue, Tensor } from "../../tensor.ts";
import { Value } from "../../value.ts";

export interface ByteRowsOptions {
  /** Subtracted from each byte; default 0. */
  readonly shift?: number;
  /** What the difference is divided by; default 1. 255 gives 0 to 1, to the bit as NumPy and PyTorch do. */
  readonly divisor?: number;
}

/** The items of a stored batch at `rows` as numbers, (byte − shift) / divisor: [N, ...S] of u8 to [rows, ...S] of f32. */
export function byteRows<const S extends Shape>(
  stored: Tensor<readonly [number, ...S], "u8">,
  rows: Int32Array<ArrayBuffer>,
  options: ByteRowsOptions = {},
): Tensor<readonly [number, ...S]> {
  const table = livingValue(stored, "byteRows");
  const [count, ...item] = stored.shape as unknown as [number, ...number[]];
  const indices = Value.alloc([rows.length], "i32");
  let y: Value | undefined;
  try {
    indices.write(rows);
    y = Value.alloc([rows.length, ...item]);
    const { shift = 0, divisor = 1 } = options;
    kernels().take_rows_u8(rows.length, count, sizeOf(item), shift, divisor, table.handle, indices.handle, y.handle);
    const made = new Tensor<readonly [number, ...S]>(y, "byteRows");
    y = undefined;
    return made;
  } finally {
    indices.release();
    y?.release();
  }
}
