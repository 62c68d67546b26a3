// Convolution fused with a 2x2 max-pool: its own result, four times as large, is never written.

import { apply, opRecord } from "../../define-op.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { BiasFits } from "../matmul.ts";
import { maxPool2d } from "../pool/index.ts";
import { conv2d, handleOf, pixelsOf } from "./conv2d.ts";
import {
  type Conv2dOptions,
  type Convolution,
  convolution,
  convSettings,
  type Filtered,
  type Geometry,
  type ImagesFit,
} from "./geometry.ts";

const conv2dMaxPoolRecord = opRecord<
  "x" | "weight" | "bias",
  "index",
  { readonly geometry: Geometry; readonly pooled: Shape }
>({
  name: "conv2dMaxPool",
  inputs: ["x", "weight", "bias"],
  // Which of the four won: all that the way back needs to know of the convolution's result.
  extras: { index: (_, { pooled }) => pooled },
  extraDtypes: { index: "u8" },
  forward: (k, { x, weight, bias, y, index, options }) =>
    k.conv2d_max_pool_forward(...options.geometry, x.handle, weight.handle, handleOf(bias), y.handle, index.handle),
  backward: {
    x: {
      needs: ["index", "weight"],
      gradient: (k, { index, weight, dy, options }, dx) =>
        k.conv2d_max_pool_backward_input(...options.geometry, dy.handle, index.handle, weight.handle, dx.handle),
    },
    weight: {
      needs: ["x", "index"],
      gradient: (k, { x, index, dy, options }, dweight) =>
        k.conv2d_max_pool_backward_weight(...options.geometry, x.handle, dy.handle, index.handle, dweight.handle),
    },
    bias: {
      needs: [],
      gradient: (k, { dy }, dbias) => k.sum_forward(1, pixelsOf(dy), dbias.size, dy.handle, dbias.handle),
    },
  },
});

/** What the kernel takes: 3x3 at stride 1 without dilation or groups, and at least one whole window to pool. */
function fits({ geometry, shape }: Convolution): boolean {
  const [, , , , , kernelHeight, kernelWidth, strideHeight, strideWidth, , , , , dilationHeight, dilationWidth] =
    geometry;
  const [groups, direct] = geometry.slice(-2) as [number, number];
  const ones = [strideHeight, strideWidth, dilationHeight, dilationWidth, groups];
  return (
    kernelHeight === 3 &&
    kernelWidth === 3 &&
    ones.every((each) => each === 1) &&
    direct === 0 &&
    shape[1] > 1 &&
    shape[2] > 1
  );
}

/**
 * The maximum of each 2x2 of conv2d(x, weight, bias): [N, H, W, C] to [N, ⌊H' / 2⌋, ⌊W' / 2⌋, Out]. One kernel where the
 * filters are 3x3 at stride 1, conv2d and maxPool2d elsewhere; the layers of a `Sequential` come here by themselves.
 */
export function conv2dMaxPool<
  S extends Shape,
  In extends number,
  Out extends number,
  const G extends number = 1,
  B extends Shape = readonly [Out],
>(
  x: Tensor<S & ImagesFit<S, In, G>>,
  weight: Tensor<readonly [number, number, In, Out]>,
  bias?: Tensor<B & BiasFits<B, Out>> | null,
  options: Conv2dOptions<G> = {},
): Tensor<Filtered<S, Out>> {
  const settings = convSettings("conv2dMaxPool", options);
  const whole = convolution("conv2dMaxPool", x.shape, weight.shape, bias?.shape ?? null, settings);
  if (!fits(whole)) {
    const filtered = conv2d(x as never, weight, bias as never, options) as Tensor;
    const result = maxPool2d(filtered, 2);
    // The tape holds what it needs of it.
    filtered.release();
    return result as never;
  }
  const [batch, rows, cols, channels] = whole.shape;
  const pooled = [batch, Math.floor(rows / 2), Math.floor(cols / 2), channels];
  const inputs = bias === undefined || bias === null ? [x, weight] : [x, weight, bias];
  return apply(conv2dMaxPoolRecord, inputs as readonly Tensor[], pooled, { geometry: whole.geometry, pooled }) as never;
}
