// The same network on Lanewise in f32, its gradients by the tape; and random networks drawn by its generator.
import { crossEntropy, type Generator, linear, scope, sigmoid, type Tensor, tensor } from "lanewise";
import { flat, type Matrix, type Network, type Parameter } from "./network.ts";

export interface Sizes {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
}

/** A network of normally distributed numbers that f32 holds exactly, so that both arithmetics begin with the same. */
export function randomNetwork({ inputs, hidden, classes }: Sizes, generator: Generator): Network & { label: number } {
  const row = (length: number) => scope(() => Float64Array.from(generator.normal([length]).data()));
  const matrix = (rows: number, columns: number): Matrix => Array.from({ length: rows }, () => row(columns));
  const label = generator.permutation(classes)[0]!;
  return {
    x: row(inputs),
    W1: matrix(inputs, hidden),
    b1: row(hidden),
    W2: matrix(hidden, classes),
    b2: row(classes),
    y: Float64Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0)),
    label,
  };
}

/** Sizes for a trial: N, M and K from 2 to 8 where they are not given. */
export function randomSizes(given: Partial<Sizes>, generator: Generator): Sizes {
  const draw = () => 2 + generator.permutation(7)[0]!;
  return { inputs: given.inputs ?? draw(), hidden: given.hidden ?? draw(), classes: given.classes ?? draw() };
}

/** Loss and gradients by the tape, each row by row. */
export function byTape(
  network: Network & { label: number },
): { loss: number } & Record<Parameter | "f2", Float32Array> {
  return scope(() => {
    const leaf = (array: Matrix | Float64Array, shape: readonly number[]) =>
      tensor(Float32Array.from(flat(array)), { shape, requiresGrad: true });
    const [n, m, k] = [network.x.length, network.b1.length, network.b2.length];
    const x = leaf(network.x, [1, n]);
    const W1 = leaf(network.W1, [n, m]);
    const b1 = leaf(network.b1, [m]);
    const W2 = leaf(network.W2, [m, k]);
    const b2 = leaf(network.b2, [k]);
    const a = sigmoid(linear(x as never, W1 as never, b1 as never));
    const f2 = linear(a, W2 as never, b2 as never) as Tensor<readonly [number, number]>;
    const loss = crossEntropy(f2, tensor(Int32Array.of(network.label)));
    loss.backward();
    // ∂E/∂f2 by a second tape that begins at f2.
    const logits = tensor(f2.data(), { shape: [1, k], requiresGrad: true });
    crossEntropy(logits, tensor(Int32Array.of(network.label))).backward();
    const gradientOf = (leaf: Tensor) => leaf.grad!.data();
    return {
      loss: loss.item(),
      x: gradientOf(x as Tensor),
      W1: gradientOf(W1 as Tensor),
      b1: gradientOf(b1 as Tensor),
      W2: gradientOf(W2 as Tensor),
      b2: gradientOf(b2 as Tensor),
      f2: gradientOf(logits as unknown as Tensor),
    };
  });
}
