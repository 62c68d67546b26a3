// A multilayer perceptron with rectifiers, as apps/mnist-mlp trains it.
import { Linear, type Module, ReLU, Sequential } from "@lanewise/nn";

/** [N, sizes[0]] to logits [N, last size]: a Linear between neighbours, ReLU between those. */
export function mlp(sizes: readonly number[]): Sequential<readonly Module[]> {
  if (sizes.length < 2) throw new RangeError(`mlp: sizes [${sizes}] came, expected two or more`);
  const layers = sizes.slice(1).flatMap((width, at): Module[] => [new Linear(sizes[at]!, width), new ReLU()]);
  return new Sequential(...(layers.slice(0, -1) as readonly Module[]));
}
