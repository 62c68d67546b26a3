// The largest of each window of images [N, H, W, C].

import { apply, opRecord } from "../../define-op.ts";
import type { OpRecord } from "../../op-record.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type Pair, pairOf } from "../../windows.ts";
import {
  type AreImages,
  adaptivePooling,
  type HeightOf,
  type MaxPoolOptions,
  type Pooling,
  pooling,
  poolSettings,
  type Resized,
  type WidthOf,
} from "./geometry.ts";

type MaxRecord = OpRecord<"x", "place", Pooling>;

/** With the place of each maximum in its window as a byte, and for windows of more than 256 cells as an integer. */
function recordsOf(name: string): { readonly small: MaxRecord; readonly large: MaxRecord } {
  const small = opRecord<"x", "place", Pooling>({
    name,
    inputs: ["x"],
    extras: { place: (_, { shape }) => shape },
    extraDtypes: { place: "u8" },
    forward: (k, { x, y, place, options }) => k.max_pool_forward(...options.geometry, x.handle, y.handle, place.handle),
    backward: {
      x: {
        needs: ["place"],
        gradient: (k, { place, dy, options }, dx) =>
          k.max_pool_backward(...options.geometry, dy.handle, place.handle, dx.handle),
      },
    },
  });
  const large: MaxRecord = {
    ...small,
    extraDtypes: { place: "i32" },
    forward: (k, { x, y, place, options }) =>
      k.max_pool_large_forward(...options.geometry, x.handle, y.handle, place.handle),
    backward: {
      x: {
        needs: ["place"],
        gradient: (k, { place, dy, options }, dx) =>
          k.max_pool_large_backward(...options.geometry, dy.handle, place.handle, dx.handle),
      },
    },
  };
  return { small, large };
}

const regular = recordsOf("maxPool2d");
const adaptive = recordsOf("adaptiveMaxPool2d");

function run({ small, large }: typeof regular, x: Tensor, whole: Pooling): Tensor {
  return apply(whole.cells > 256 ? large : small, [x], whole.shape, whole) as Tensor;
}

/**
 * The largest of each window: [N, H, W, C] to [N, H', W', C]. NaN if one is in the window; of equals the first gets all of
 * the gradient. As PyTorch's, `ceilMode` included.
 */
export function maxPool2d<S extends Shape>(
  x: Tensor<S & AreImages<S>>,
  kernelSize: Pair,
  options: MaxPoolOptions = {},
): Tensor<Resized<S>> {
  const whole = pooling("maxPool2d", x.shape, poolSettings("maxPool2d", kernelSize, options));
  return run(regular, x as Tensor, whole) as Tensor<Resized<S>>;
}

/** The largest of each of `outputSize` windows into which the images are divided evenly; as PyTorch's. */
export function adaptiveMaxPool2d<S extends Shape, const P extends Pair>(
  x: Tensor<S & AreImages<S>>,
  outputSize: P,
): Tensor<Resized<S, HeightOf<P>, WidthOf<P>>> {
  const size = pairOf("adaptiveMaxPool2d", "outputSize", outputSize, 1);
  return run(adaptive, x as Tensor, adaptivePooling("adaptiveMaxPool2d", x.shape, size)) as never;
}
