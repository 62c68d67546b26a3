// Flatten: from images to rows, in the order that PyTorch's NCHW networks expect.

import { permute, reshape, type Shape, ShapeError, type Tensor } from "@lanewise/tensor";
import { Module } from "./module.ts";
import type { Apply, Fits, FlattenRule } from "./rule.ts";

export interface FlattenOptions {
  /**
   * The order of an image's values in its row: "channels-first" as a PyTorch network has it, so that its weights fit
   * (the default), or "channels-last" as they lie in memory, which costs no copy.
   */
  readonly order?: "channels-first" | "channels-last";
}

/** [N, ...] to [N, the product of the rest]. */
export class Flatten extends Module<FlattenRule> {
  readonly kind = "Flatten";
  readonly order: "channels-first" | "channels-last";

  constructor(options: FlattenOptions = {}) {
    super();
    this.order = options.order ?? "channels-first";
  }

  forward<S extends Shape>(x: Tensor<S & Fits<FlattenRule, S>>): Tensor<Apply<FlattenRule, S>> {
    const input = x as Tensor;
    const { shape } = input;
    if (shape.length === 0) throw new ShapeError("Flatten", "a scalar came, expected a batch: [N, ...]");
    const size = shape.slice(1).reduce((product, length) => product * length, 1);
    if (shape.length !== 4 || this.order === "channels-last" || shape[3] === 1)
      return reshape(input, [shape[0]!, size]) as never;
    const permuted = permute(input, [0, 3, 1, 2]);
    const flat = reshape(permuted, [shape[0]!, size]);
    permuted.release();
    return flat as never;
  }
}
