// Convolution of images [N, H, W, C] with filters [KH, KW, C / groups, Out].

import { apply, opRecord } from "../../define-op.ts";
import { activationCode, type FusedActivation, throughActivation } from "../../fused-activation.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { Value } from "../../value.ts";
import type { BiasFits } from "../matmul.ts";
import {
  type Conv2dOptions,
  convolution,
  convSettings,
  type Filtered,
  type Geometry,
  type ImagesFit,
} from "./geometry.ts";

const conv2dRecord = opRecord<
  "x" | "weight" | "bias",
  never,
  { readonly geometry: Geometry; readonly activation: FusedActivation }
>({
  name: "conv2d",
  inputs: ["x", "weight", "bias"],
  forward: (k, { x, weight, bias, y, options }) => {
    const activation = activationCode(options.activation);
    k.conv2d_forward(...options.geometry, activation, x.handle, weight.handle, handleOf(bias), y.handle);
  },
  incoming: ({ activation }) => throughActivation(activation),
  backward: {
    x: {
      needs: ["weight"],
      gradient: (k, { weight, dy, options }, dx) =>
        k.conv2d_backward_input(...options.geometry, dy.handle, weight.handle, dx.handle),
    },
    weight: {
      needs: ["x"],
      gradient: (k, { x, dy, options }, dweight) =>
        k.conv2d_backward_weight(...options.geometry, x.handle, dy.handle, dweight.handle),
    },
    bias: {
      needs: [],
      gradient: (k, { dy }, dbias) => k.sum_forward(1, pixelsOf(dy), dbias.size, dy.handle, dbias.handle),
    },
  },
});

/** Called without a bias, a context has none, whatever its type says; 0 stands for an empty buffer. */
export function handleOf(bias: Value): number {
  return (bias as Value | undefined)?.handle ?? 0;
}

/** The number of places in a batch of images. */
export function pixelsOf({ shape }: Value): number {
  return sizeOf(shape.slice(0, -1));
}

/**
 * activation(x * weight + bias): x [N, H, W, C], weight [KH, KW, C / groups, Out], bias [Out] or none; gives [N, H', W', Out]
 * with H' = ⌊(H + top + bottom − dilation · (KH − 1) − 1) / stride⌋ + 1, and so for W'.
 *
 * Like PyTorch's it correlates: filters are not flipped. Gradients are computed one by one, each only where it is wanted.
 */
export function conv2d<
  S extends Shape,
  In extends number,
  Out extends number,
  const G extends number = 1,
  B extends Shape = readonly [Out],
>(
  x: Tensor<S & ImagesFit<S, In, G>>,
  weight: Tensor<readonly [number, number, In, Out]>,
  bias?: Tensor<B & BiasFits<B, Out>> | null,
  options: Conv2dOptions<G> & { readonly activation?: FusedActivation } = {},
): Tensor<Filtered<S, Out>> {
  const settings = convSettings("conv2d", options);
  const { shape, geometry } = convolution("conv2d", x.shape, weight.shape, bias?.shape ?? null, settings);
  const inputs = bias === undefined || bias === null ? [x, weight] : [x, weight, bias];
  const { activation = "none" } = options;
  return apply(conv2dRecord, inputs as readonly Tensor[], shape, { geometry, activation }) as never;
}
