// The average of each window of images [N, H, W, C].

import { apply, opRecord } from "../../define-op.ts";
import { where } from "../../errors.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type Pair, pairOf } from "../../windows.ts";
import {
  type AreImages,
  adaptivePooling,
  type HeightOf,
  type Pooling,
  type PoolOptions,
  type PoolSettings,
  pooling,
  poolSettings,
  type Resized,
  type WidthOf,
} from "./geometry.ts";

export interface AvgPoolOptions extends PoolOptions {
  /**
   * Whether cells in the padding are counted, as zeros; default true, as in PyTorch. With padding "same-tf" they never are,
   * as in TensorFlow. What hangs over the padding in `ceilMode` is never counted.
   */
  readonly countIncludePad?: boolean;
  /** What sums are divided by, whatever was counted; null: the number of cells. */
  readonly divisorOverride?: number | null;
}

interface Average extends Pooling {
  readonly includePadding: boolean;
  /** 0: the cells of the window. */
  readonly divisor: number;
}

const averageRecord = (name: string) =>
  opRecord<"x", never, Average>({
    name,
    inputs: ["x"],
    forward: (k, { x, y, options }) =>
      k.average_pool_forward(...options.geometry, options.includePadding, options.divisor, x.handle, y.handle),
    backward: {
      x: {
        needs: [],
        gradient: (k, { dy, options }, dx) =>
          k.average_pool_backward(...options.geometry, options.includePadding, options.divisor, dy.handle, dx.handle),
      },
    },
  });

const regular = averageRecord("avgPool2d");
const adaptive = averageRecord("adaptiveAvgPool2d");

/** @internal The options of an average, checked. */
export function averageSettings(
  op: string,
  kernelSize: Pair,
  options: AvgPoolOptions,
): PoolSettings & Pick<Average, "includePadding" | "divisor"> {
  const settings = poolSettings(op, kernelSize, options);
  const { countIncludePad = settings.padding !== "same-tf", divisorOverride = null } = options;
  if (countIncludePad && settings.padding === "same-tf")
    throw new RangeError(`${op}${where()}: countIncludePad came with padding "same-tf", which never counts padding`);
  if (divisorOverride !== null && !(Number.isFinite(divisorOverride) && divisorOverride !== 0))
    throw new RangeError(`${op}${where()}: divisorOverride ${divisorOverride} came, expected a number other than 0`);
  return { ...settings, includePadding: countIncludePad, divisor: divisorOverride ?? 0 };
}

/** The average of each window: [N, H, W, C] to [N, H', W', C]; as PyTorch's, `ceilMode` included. */
export function avgPool2d<S extends Shape>(
  x: Tensor<S & AreImages<S>>,
  kernelSize: Pair,
  options: AvgPoolOptions = {},
): Tensor<Resized<S>> {
  const settings = averageSettings("avgPool2d", kernelSize, options);
  const { includePadding, divisor } = settings;
  const whole: Average = { ...pooling("avgPool2d", x.shape, settings), includePadding, divisor };
  return apply(regular, [x as Tensor], whole.shape, whole) as Tensor<Resized<S>>;
}

/** The average of each of `outputSize` windows into which the images are divided evenly; as PyTorch's. */
export function adaptiveAvgPool2d<S extends Shape, const P extends Pair>(
  x: Tensor<S & AreImages<S>>,
  outputSize: P,
): Tensor<Resized<S, HeightOf<P>, WidthOf<P>>> {
  const size = pairOf("adaptiveAvgPool2d", "outputSize", outputSize, 1);
  const geometry = adaptivePooling("adaptiveAvgPool2d", x.shape, size);
  const whole: Average = { ...geometry, includePadding: false, divisor: 0 };
  return apply(adaptive, [x as Tensor], whole.shape, whole) as never;
}
