// Activations as layers.

import { gelu, relu, type Shape, sigmoid, softmax, type Tensor, tanh } from "@lanewise/tensor";
import { Module } from "./module.ts";
import type { Apply, Fits, SameRule } from "./rule.ts";

abstract class Activation extends Module<SameRule> {
  protected abstract readonly op: (x: Tensor) => Tensor;

  forward<S extends Shape>(x: Tensor<S & Fits<SameRule, S>>): Tensor<Apply<SameRule, S>> {
    return this.op(x as Tensor) as Tensor<Apply<SameRule, S>>;
  }
}

/** max(x, 0). */
export class ReLU extends Activation {
  readonly kind = "ReLU";
  protected readonly op = relu;
}

/** x Φ(x), Φ the standard normal distribution: the form with erf, PyTorch's default. */
export class GELU extends Activation {
  readonly kind = "GELU";
  protected readonly op = gelu;
}

/** 1 / (1 + e⁻ˣ). */
export class Sigmoid extends Activation {
  readonly kind = "Sigmoid";
  protected readonly op = sigmoid;
}

/** The hyperbolic tangent. */
export class Tanh extends Activation {
  readonly kind = "Tanh";
  protected readonly op = tanh;
}

/** Probabilities over the last axis. Not for training with `crossEntropy`, which takes logits. */
export class Softmax extends Activation {
  readonly kind = "Softmax";
  protected readonly op = softmax;
}

/** x itself. */
export class Identity extends Activation {
  readonly kind = "Identity";
  protected readonly op = (x: Tensor): Tensor => x;
}
