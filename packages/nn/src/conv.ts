// Conv2d: filters over images [N, H, W, C]. They lie as [KH, KW, in / groups, out] and are [out, in / groups, KH, KW] in a state dict.

import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d,
  conv2dMaxPool,
  convSettings,
  type FusedActivation,
  type Pair,
  pairOf,
  type Shape,
  sizeOf,
  type Tensor,
} from "@lanewise/tensor";
import { defaultUniform } from "./init.ts";
import { type FloatStateArray, Module, parameter, plainEntry, type StateEntry } from "./module.ts";
import type { Apply, Fits, ImagesRule } from "./rule.ts";

export interface Conv2dOptions extends ConvolutionOptions {
  /** Whether a bias is added; true where not given. */
  readonly bias?: boolean;
}

type Rule<In extends number, Out extends number> = ImagesRule<In, Out>;

/** Images of `In` channels to images of `Out`. Starts as PyTorch's does, uniform in ±1/√(in / groups · KH · KW). */
export class Conv2d<const In extends number, const Out extends number> extends Module<Rule<In, Out>> {
  readonly kind = "Conv2d";
  readonly weight: Tensor<readonly [number, number, number, Out]>;
  readonly bias: Tensor<readonly [Out]> | null;
  /** As they were given. */
  readonly options: Conv2dOptions;

  constructor(inChannels: In, outChannels: Out, kernelSize: Pair, options: Conv2dOptions = {}) {
    super();
    const kernel = pairOf("Conv2d", "kernelSize", kernelSize, 1);
    const { groups } = convSettings("Conv2d", options);
    for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
      if (!Number.isInteger(channels) || channels < 1)
        throw new RangeError(`Conv2d: ${name} ${channels} came, expected a whole number from 1`);
      if (channels % groups !== 0)
        throw new RangeError(`Conv2d: ${name} ${channels} came, expected a multiple of the groups, ${groups}`);
    }
    const shape = [...kernel, inChannels / groups, outChannels] as const;
    if (sizeOf(shape) >= 2 ** 30)
      throw new RangeError(
        `Conv2d: kernelSize ${kernel.join(" x ")} came, whose weight would have ${sizeOf(shape)} elements`,
      );
    const fanIn = sizeOf(shape) / outChannels;
    this.weight = parameter(defaultUniform(shape, fanIn));
    this.bias = options.bias === false ? null : parameter(defaultUniform([outChannels] as const, fanIn));
    this.options = options;
  }

  forward<S extends Shape>(x: Tensor<S & Fits<Rule<In, Out>, S>>): Tensor<Apply<Rule<In, Out>, S>> {
    return this.forwardThrough(x as Tensor, "none") as Tensor<Apply<Rule<In, Out>, S>>;
  }

  /** @internal With an activation in the same kernel. */
  forwardThrough(x: Tensor, activation: FusedActivation): Tensor {
    return conv2d(x as never, this.weight, this.bias as never, { ...this.options, activation }) as Tensor;
  }

  /** @internal With a 2x2 max-pool in the same kernel, where there is one. */
  forwardPooled(x: Tensor): Tensor {
    return conv2dMaxPool(x as never, this.weight, this.bias as never, this.options) as Tensor;
  }

  override ownParameters(): readonly (readonly [string, Tensor])[] {
    const weight = ["weight", this.weight as unknown as Tensor] as const;
    return this.bias === null ? [weight] : [weight, ["bias", this.bias as unknown as Tensor]];
  }

  override ownState(): readonly (readonly [string, StateEntry])[] {
    const weight = ["weight", filtersEntry(this.weight as unknown as Tensor)] as const;
    return this.bias === null ? [weight] : [weight, ["bias", plainEntry(this.bias as unknown as Tensor)]];
  }
}

/** A state entry for filters [KH, KW, in, out] that are [out, in, KH, KW] outside. */
function filtersEntry(tensor: Tensor): StateEntry<FloatStateArray> {
  const [height, width, inputs, outputs] = tensor.shape as unknown as readonly [number, number, number, number];
  const cells = height * width;
  return {
    read: () => {
      const data = reversed(tensor.data(), [cells, inputs, outputs]);
      return { dtype: "f32", shape: [outputs, inputs, height, width], data };
    },
    write: ({ data }) => void tensor.assign(reversed(data, [outputs, inputs, cells])),
  };
}

/** The elements of an array [a, b, c] in the order of [c, b, a]. */
function reversed(data: Float32Array, [a, b, c]: readonly [number, number, number]): Float32Array<ArrayBuffer> {
  const result = new Float32Array(data.length);
  let from = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) result[(k * b + j) * a + i] = data[from++]!;
  return result;
}
