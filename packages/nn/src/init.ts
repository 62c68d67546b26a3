// How weights begin.

import { defaultGenerator, type Generator, type Shape, type Tensor } from "@lanewise/tensor";

/** Uniform in ±1/√fanIn: PyTorch's default for linear and convolution layers, weights and biases. */
export function defaultUniform<const S extends Shape>(
  shape: S,
  fanIn: number,
  generator: Generator = defaultGenerator(),
): Tensor<S> {
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
  return generator.uniform(shape, -bound, bound);
}

/** Normal with deviation √(2/fanIn), for ReLU networks (K. He et al., arXiv 1502.01852). */
export function kaimingNormal<const S extends Shape>(
  shape: S,
  fanIn: number,
  generator: Generator = defaultGenerator(),
): Tensor<S> {
  return generator.normal(shape, 0, Math.sqrt(2 / fanIn));
}

/** Normal with deviation √(2/(fanIn + fanOut)) (X. Glorot and Y. Bengio, AISTATS 2010). */
export function xavierNormal<const S extends Shape>(
  shape: S,
  fanIn: number,
  fanOut: number,
  generator: Generator = defaultGenerator(),
): Tensor<S> {
  return generator.normal(shape, 0, Math.sqrt(2 / (fanIn + fanOut)));
}
