// imageShift: stored images mirrored, moved by whole pixels, cropped and normalized, in one pass.

import { kernels } from "@lanewise/kernels";
import type { Shape } from "../../shape.ts";
import { Tensor } from "../../tensor.ts";
import { eachImage, type ImageSelection, onImages, type StoredImages } from "./stored.ts";

export interface ImageShiftOptions extends ImageSelection {
  /** Whether images are mirrored left to right: for all, or a number other than 0 for those that are. */
  readonly flip?: boolean | ArrayLike<number>;
  /** The row of the (mirrored) image that the result begins with, for all or for each; 0 where not given. */
  readonly top?: number | ArrayLike<number>;
  /** The column that the result begins with. */
  readonly left?: number | ArrayLike<number>;
  /** What lies beyond the image: "zero" (where not given) is byte 0, "reflect" its mirror image. */
  readonly padding?: "zero" | "reflect";
}

/**
 * Bytes [N, H, W, C] to numbers [rows, height, width, C]: each image mirrored or not, then seen through a window of the
 * result's size whose corner is at (`top`, `left`), then (byte / divisor − mean) / std, then the holes.
 */
export function imageShift<C extends number>(
  images: StoredImages<C>,
  options: ImageShiftOptions = {},
): Tensor<readonly [number, number, number, C]> {
  const { padding = "zero", flip = false, top = 0, left = 0 } = options;
  if (padding !== "zero" && padding !== "reflect")
    throw new RangeError(`imageShift: padding "${padding as string}" came, expected "zero" or "reflect"`);
  const y = onImages("imageShift", images as Tensor<Shape, "u8">, options, (call, temporary) => {
    const [count] = call.sizes;
    const mirrored = eachImage("imageShift", "flip", typeof flip === "boolean" ? Number(flip) : flip, count);
    const [tops, lefts] = [eachImage("imageShift", "top", top, count), eachImage("imageShift", "left", left, count)];
    const moves = new Int32Array(3 * count);
    for (let i = 0; i < count; i++) {
      moves[3 * i] = mirrored[i] === 0 ? 0 : 1;
      moves[3 * i + 1] = tops[i]!;
      moves[3 * i + 2] = lefts[i]!;
    }
    const { sizes, divisor, table, rows, holes, mean, std } = call;
    const moved = temporary(moves);
    const reflect = padding === "reflect";
    kernels().image_shift(...sizes, reflect, divisor, table, rows, moved, holes, mean, std, call.y.handle);
  });
  return new Tensor(y, "imageShift");
}
