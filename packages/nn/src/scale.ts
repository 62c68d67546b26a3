// Scale: the input times a fixed number, such as logits that are to begin small.

import type { Shape, Tensor } from "@lanewise/tensor";
import { Module } from "./module.ts";
import type { Apply, Fits, SameRule } from "./rule.ts";

/** x · factor. The factor is part of the architecture: it is neither trained nor in the state dict. */
export class Scale extends Module<SameRule> {
  readonly kind = "Scale";
  readonly factor: number;

  constructor(factor: number) {
    super();
    if (!Number.isFinite(factor)) throw new RangeError(`Scale: factor ${factor} came, expected a finite number`);
    this.factor = factor;
  }

  forward<S extends Shape>(x: Tensor<S & Fits<SameRule, S>>): Tensor<Apply<SameRule, S>> {
    return (x as Tensor).mul(this.factor) as Tensor<Apply<SameRule, S>>;
  }
}
