// What the image ops share: which stored images, of which size, and how bytes become numbers.

import { ShapeError } from "../../errors.ts";
import { formatShape, type Shape } from "../../shape.ts";
import { livingValue, type Tensor } from "../../tensor.ts";
import { Value } from "../../value.ts";
import { type Pair, pairOf } from "../../windows.ts";

/** Stored images: bytes [images, height, width, channels]. */
export type StoredImages<C extends number = number> = Tensor<readonly [number, number, number, C], "u8">;

/** How bytes become numbers: (byte / divisor − mean) / std. */
export interface ImageNormalization {
  /** 255 where not given: 0 to 1 before mean and std. */
  readonly divisor?: number;
  /** For each channel, or one for all; 0 where not given. */
  readonly mean?: number | readonly number[];
  /** For each channel, or one for all; 1 where not given. */
  readonly std?: number | readonly number[];
}

export interface ImageSelection extends ImageNormalization {
  /** Which of the stored images, in this order; all of them where not given. */
  readonly rows?: Int32Array;
  /** Height and width of the result; those of the images where not given. */
  readonly size?: Pair;
  /** [top, left, height, width] in the result for each image: 0 there, which after normalizing is the mean colour. */
  readonly holes?: Int32Array | null;
}

/** What a kernel of this family is called with: sizes, then handles. */
export interface ImageCall {
  readonly sizes: readonly [
    count: number,
    images: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
  ];
  readonly divisor: number;
  readonly table: number;
  readonly rows: number;
  readonly holes: number;
  readonly mean: number;
  readonly std: number;
  /** The result, whose owner is the caller. */
  readonly y: Value;
}

/** Checks what was asked for, and runs `run` with everything in the kernels' memory; returns the result. */
export function onImages(
  op: string,
  images: Tensor<Shape, "u8">,
  selection: ImageSelection,
  run: (call: ImageCall, temporary: (data: Int32Array | Float32Array) => number) => void,
): Value {
  const table = livingValue(images, op);
  if (table.dtype !== "u8" || images.shape.length !== 4) {
    throw new ShapeError(
      op,
      `images of shape ${formatShape(images.shape)} of ${table.dtype} came, expected [N, H, W, C] of u8`,
    );
  }
  const [stored, height, width, channels] = images.shape as unknown as readonly [number, number, number, number];
  const { rows = Int32Array.from({ length: stored }, (_, row) => row), divisor = 255, holes = null } = selection;
  const [outHeight, outWidth] = pairOf(op, "size", selection.size ?? [height, width], 1);
  if (!(divisor > 0)) throw new RangeError(`${op}: divisor ${divisor} came, expected a number above 0`);
  if (holes !== null && holes.length !== 4 * rows.length)
    throw new RangeError(`${op}: ${holes.length} numbers of holes came, expected 4 for each of ${rows.length} images`);
  const mean = eachChannel(op, "mean", selection.mean ?? 0, channels);
  const std = eachChannel(op, "std", selection.std ?? 1, channels);
  if (!std.every((each) => each > 0))
    throw new RangeError(`${op}: std [${std.join(", ")}] came, expected numbers above 0`);
  const made: Value[] = [];
  const temporary = (data: Int32Array | Float32Array): number => {
    const value = Value.alloc([data.length], data instanceof Int32Array ? "i32" : "f32");
    made.push(value);
    value.write(data);
    return value.handle;
  };
  const y = Value.alloc([rows.length, outHeight, outWidth, channels]);
  try {
    const call: ImageCall = {
      sizes: [rows.length, stored, height, width, channels, outHeight, outWidth],
      divisor,
      table: table.handle,
      rows: temporary(Int32Array.from(rows)),
      holes: holes === null ? 0 : temporary(Int32Array.from(holes)),
      mean: temporary(mean),
      std: temporary(std),
      y,
    };
    run(call, temporary);
    return y;
  } catch (error) {
    y.release();
    throw error;
  } finally {
    for (const value of made) value.release();
  }
}

function eachChannel(op: string, name: string, numbers: number | readonly number[], channels: number): Float32Array {
  const each = typeof numbers === "number" ? new Array<number>(channels).fill(numbers) : numbers;
  if (each.length !== channels)
    throw new RangeError(
      `${op}: ${each.length} numbers of ${name} came, expected one, or one for each of ${channels} channels`,
    );
  return Float32Array.from(each);
}

/** One number for each image, from one for all or a list. */
export function eachImage(
  op: string,
  name: string,
  given: number | ArrayLike<number>,
  count: number,
): ArrayLike<number> {
  if (typeof given === "number") return new Array<number>(count).fill(given);
  if (given.length === count) return given;
  throw new RangeError(
    `${op}: ${given.length} numbers of ${name} came, expected one, or one for each of ${count} images`,
  );
}
