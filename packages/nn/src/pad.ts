// Padding as layers, over images [N, H, W, C].

import { pad2d, type Shape, type Sides, sidesOf, type Tensor } from "@lanewise/tensor";
import { Module } from "./module.ts";
import type { ResizeRule } from "./pool.ts";
import type { Apply, Fits } from "./rule.ts";

/** One number for all sides, or PyTorch's order, or by name. */
export type PadSides = number | readonly [left: number, right: number, top: number, bottom: number] | Sides;

abstract class Padding extends Module<ResizeRule> {
  readonly padding: Sides;
  protected abstract readonly mode: "constant" | "reflect";

  constructor(kind: string, padding: PadSides) {
    super();
    this.padding = sidesOf(kind, padding);
  }

  forward<S extends Shape>(x: Tensor<S & Fits<ResizeRule, S>>): Tensor<Apply<ResizeRule, S>> {
    return pad2d(x as Tensor, this.padding, { mode: this.mode }) as unknown as Tensor<Apply<ResizeRule, S>>;
  }
}

/** Zeros around images. */
export class ZeroPad2d extends Padding {
  readonly kind = "ZeroPad2d";
  protected readonly mode = "constant";

  constructor(padding: PadSides) {
    super("ZeroPad2d", padding);
  }
}

/** Images mirrored at their outermost pixels. */
export class ReflectionPad2d extends Padding {
  readonly kind = "ReflectionPad2d";
  protected readonly mode = "reflect";

  constructor(padding: PadSides) {
    super("ReflectionPad2d", padding);
  }
}
