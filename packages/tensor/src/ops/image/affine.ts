// imageAffine: stored images turned, sheared, scaled, mirrored, moved and normalized, in one pass.

import { kernels } from "@lanewise/kernels";
import type { Shape } from "../../shape.ts";
import { Tensor } from "../../tensor.ts";
import { withTemporary } from "../../value.ts";
import { eachImage, type ImageSelection, onImages, type StoredImages } from "./stored.ts";

/** Each for all images, or one for each of them. */
export interface ImageAffineOptions extends ImageSelection {
  /** Whether an image is mirrored left to right, first of all. */
  readonly flip?: boolean | ArrayLike<number>;
  /** Degrees counter-clockwise, about the centre. */
  readonly rotation?: number | ArrayLike<number>;
  /** Columns that a row moves to the right for each row below the centre, after turning. */
  readonly shear?: number | ArrayLike<number>;
  /** Magnification; 1 where not given. */
  readonly scale?: number | ArrayLike<number>;
  /** Pixels that the image moves down, last of all. */
  readonly down?: number | ArrayLike<number>;
  /** Pixels that the image moves to the right. */
  readonly right?: number | ArrayLike<number>;
}

/**
 * Bytes [N, H, W, C] to numbers [rows, height, width, C], the centre staying the centre. Between pixels by bilinear
 * interpolation; beyond the image lies byte 0. Then (byte / divisor − mean) / std, then the holes.
 */
export function imageAffine<C extends number>(
  images: StoredImages<C>,
  options: ImageAffineOptions = {},
): Tensor<readonly [number, number, number, C]> {
  const { flip = false, rotation = 0, shear = 0, scale = 1, down = 0, right = 0 } = options;
  const y = onImages("imageAffine", images as Tensor<Shape, "u8">, options, (call, temporary) => {
    const { sizes, divisor, table, rows, holes, mean, std } = call;
    const [count] = sizes;
    const each = (name: string, given: number | ArrayLike<number>): number =>
      temporary(Float32Array.from(eachImage("imageAffine", name, given, count)));
    const mirrored = eachImage("imageAffine", "flip", typeof flip === "boolean" ? Number(flip) : flip, count);
    const turns = Array.from(eachImage("imageAffine", "rotation", rotation, count), (degrees) => degrees / 360);
    const k = kernels();
    withTemporary([6 * count], (matrices) => {
      k.image_affine_matrices(
        count,
        temporary(Int32Array.from(mirrored)),
        temporary(Float32Array.from(turns)),
        each("shear", shear),
        each("scale", scale),
        each("down", down),
        each("right", right),
        matrices.handle,
      );
      k.image_affine(...sizes, divisor, table, rows, matrices.handle, holes, mean, std, call.y.handle);
    });
  });
  return new Tensor(y, "imageAffine");
}
