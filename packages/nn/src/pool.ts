// Pooling as layers, over images [N, H, W, C].

import {
  type AreImages,
  type AvgPoolOptions,
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  averageSettings,
  avgPool2d,
  type HeightOf,
  type MaxPoolOptions,
  maxPool2d,
  type Pair,
  pairOf,
  poolSettings,
  type Resized,
  type Shape,
  type Tensor,
  type WidthOf,
} from "@lanewise/tensor";
import { Module } from "./module.ts";
import type { Apply, Fits, Rule } from "./rule.ts";

/** Images become images of another size: known where `H` and `W` are. */
export interface ResizeRule<H extends number = number, W extends number = number> extends Rule {
  readonly out: this["in"] extends infer S extends Shape ? Resized<S, H, W> : Shape;
  readonly fits: this["in"] extends infer S extends Shape ? AreImages<S> : unknown;
  readonly domain: readonly [number, number, number, number];
}

abstract class Resizing<H extends number = number, W extends number = number> extends Module<ResizeRule<H, W>> {
  protected abstract run(x: Tensor): Tensor;

  forward<S extends Shape>(x: Tensor<S & Fits<ResizeRule<H, W>, S>>): Tensor<Apply<ResizeRule<H, W>, S>> {
    return this.run(x as Tensor) as Tensor<Apply<ResizeRule<H, W>, S>>;
  }
}

/** The largest of each window; the stride is the kernel's size where not given. */
export class MaxPool2d extends Resizing {
  readonly kind = "MaxPool2d";
  readonly kernelSize: readonly [height: number, width: number];
  /** As they were given. */
  readonly options: MaxPoolOptions;

  constructor(kernelSize: Pair, options: MaxPoolOptions = {}) {
    super();
    this.kernelSize = poolSettings("MaxPool2d", kernelSize, options).kernel;
    this.options = options;
  }

  protected run(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options) as Tensor;
  }
}

/** The average of each window; the stride is the kernel's size where not given. */
export class AvgPool2d extends Resizing {
  readonly kind = "AvgPool2d";
  readonly kernelSize: readonly [height: number, width: number];
  /** As they were given. */
  readonly options: AvgPoolOptions;

  constructor(kernelSize: Pair, options: AvgPoolOptions = {}) {
    super();
    this.kernelSize = averageSettings("AvgPool2d", kernelSize, options).kernel;
    this.options = options;
  }

  protected run(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options) as Tensor;
  }
}

/** The average of each of `outputSize` windows into which an image is divided evenly. */
export class AdaptiveAvgPool2d<const P extends Pair> extends Resizing<HeightOf<P>, WidthOf<P>> {
  readonly kind = "AdaptiveAvgPool2d";
  readonly outputSize: readonly [height: number, width: number];

  constructor(outputSize: P) {
    super();
    this.outputSize = pairOf("AdaptiveAvgPool2d", "outputSize", outputSize, 1);
  }

  protected run(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize) as Tensor;
  }
}

/** The largest of each of `outputSize` windows into which an image is divided evenly. */
export class AdaptiveMaxPool2d<const P extends Pair> extends Resizing<HeightOf<P>, WidthOf<P>> {
  readonly kind = "AdaptiveMaxPool2d";
  readonly outputSize: readonly [height: number, width: number];

  constructor(outputSize: P) {
    super();
    this.outputSize = pairOf("AdaptiveMaxPool2d", "outputSize", outputSize, 1);
  }

  protected run(x: Tensor): Tensor {
    return adaptiveMaxPool2d(x, this.outputSize) as Tensor;
  }
}
