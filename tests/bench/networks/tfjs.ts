// A network in TensorFlow.js, with its fused products and convolutions.
import type { Layer, Network, Of } from "./network.ts";

export interface TfTensor {
  dataSync(): Float32Array;
  reshape(shape: readonly number[]): TfTensor;
  mul(other: TfTensor | number): TfTensor;
  add(other: TfTensor | number): TfTensor;
}

interface Fused {
  readonly bias?: TfTensor;
  readonly activation?: "relu" | "linear";
}

/** What of the library a network is built from. */
export interface TfOps {
  tensor(values: Float32Array, shape: readonly number[]): TfTensor;
  tidy<R>(body: () => R): R;
  relu(x: TfTensor): TfTensor;
  erf(x: TfTensor): TfTensor;
  maxPool(x: TfTensor, size: number, strides: number, pad: "valid"): TfTensor;
  batchNorm(
    x: TfTensor,
    mean: TfTensor,
    variance: TfTensor,
    offset: TfTensor,
    scale: TfTensor,
    epsilon: number,
  ): TfTensor;
  readonly fused: {
    matMul(of: Fused & { readonly a: TfTensor; readonly b: TfTensor }): TfTensor;
    conv2d(
      of: Fused & { readonly x: TfTensor; readonly filter: TfTensor; readonly strides: number; readonly pad: number },
    ): TfTensor;
  };
}

type Step = (x: TfTensor) => TfTensor;

/** From a batch of examples to their logits, both plain arrays. */
export function tfInference(tf: TfOps, network: Network, batch: number, eps: number) {
  const steps = network.layers.map((layer, index) => stepOf(tf, layer, network.layers[index + 1], eps));
  const shape = [batch, ...network.input];
  return (examples: Float32Array): Float32Array =>
    tf.tidy(() => steps.reduce((x, step) => step(x), tf.tensor(examples, shape)).dataSync());
}

function stepOf(tf: TfOps, layer: Layer, next: Layer | undefined, eps: number): Step {
  const fused = (bias: Float32Array | null): Fused => ({
    ...(bias === null ? {} : { bias: tf.tensor(bias, [bias.length]) }),
    activation: next?.kind === "relu" ? "relu" : "linear",
  });
  switch (layer.kind) {
    case "linear": {
      const b = tf.tensor(transposed(layer), [layer.inputs, layer.outputs]);
      const more = fused(layer.bias);
      return (a) => tf.fused.matMul({ a, b, ...more });
    }
    case "conv": {
      const { kernel, inputs, outputs, padding: pad } = layer;
      const filter = tf.tensor(filtersLast(layer), [kernel, kernel, inputs, outputs]);
      const more = fused(layer.bias);
      return (x) => tf.fused.conv2d({ x, filter, strides: 1, pad, ...more });
    }
    case "norm": {
      const [mean, variance, bias, weight] = [layer.mean, layer.variance, layer.bias, layer.weight].map((array) =>
        tf.tensor(array, [layer.channels]),
      ) as [TfTensor, TfTensor, TfTensor, TfTensor];
      return (x) => tf.batchNorm(x, mean, variance, bias, weight, eps);
    }
    case "maxPool":
      return (x) => tf.maxPool(x, layer.size, layer.size, "valid");
    case "relu":
      // The step before has applied it.
      return (x) => x;
    case "gelu":
      return (x) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));
    case "flatten":
      // Of one place each here: no order to choose.
      return (x) => x.reshape([-1, flatSize(x)]);
    case "scale":
      return (x) => x.mul(layer.factor);
  }
}

const flatSize = (x: TfTensor): number => (x as unknown as { readonly shape: readonly number[] }).shape.at(-1)!;

/** [inputs, outputs] of [outputs, inputs]. */
function transposed({ inputs, outputs, weight }: Of<"linear">): Float32Array {
  return Float32Array.from(weight, (_, at) => weight[(at % outputs) * inputs + Math.floor(at / outputs)]!);
}

/** [kernel, kernel, inputs, outputs] of [outputs, inputs, kernel, kernel]. */
function filtersLast({ kernel, inputs, outputs, weight }: Of<"conv">): Float32Array {
  return Float32Array.from(weight, (_, at) => {
    const [to, from] = [at % outputs, Math.floor(at / outputs) % inputs];
    const tap = Math.floor(at / (outputs * inputs));
    return weight[(to * inputs + from) * kernel ** 2 + tap]!;
  });
}
