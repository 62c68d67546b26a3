// Linear: x W + b over the last axis. W lies as [in, out] in memory and is [out, in] in a state dict, as in PyTorch.

import { type FusedActivation, linear, type Shape, type Tensor } from "@lanewise/tensor";
import { defaultUniform } from "./init.ts";
import { type FloatStateArray, Module, parameter, plainEntry, type StateEntry } from "./module.ts";
import type { Apply, Fits, LastSizeRule } from "./rule.ts";

export interface LinearOptions {
  /** Whether a bias is added; true where not given. */
  readonly bias?: boolean;
}

/** Fully connected: [..., in] to [..., out]. Starts as PyTorch's does, uniform in ±1/√in. */
export class Linear<const In extends number, const Out extends number> extends Module<LastSizeRule<In, Out>> {
  readonly kind = "Linear";
  readonly weight: Tensor<readonly [In, Out]>;
  readonly bias: Tensor<readonly [Out]> | null;

  constructor(inFeatures: In, outFeatures: Out, options: LinearOptions = {}) {
    super();
    for (const [name, size] of [
      ["inFeatures", inFeatures],
      ["outFeatures", outFeatures],
    ] as const) {
      if (!Number.isInteger(size) || size < 1)
        throw new RangeError(`Linear: ${name} ${size} came, expected a whole number from 1`);
    }
    this.weight = parameter(defaultUniform([inFeatures, outFeatures] as const, inFeatures));
    this.bias = options.bias === false ? null : parameter(defaultUniform([outFeatures] as const, inFeatures));
  }

  forward<S extends Shape>(x: Tensor<S & Fits<LastSizeRule<In, Out>, S>>): Tensor<Apply<LastSizeRule<In, Out>, S>> {
    return this.forwardThrough(x as Tensor, "none") as Tensor<Apply<LastSizeRule<In, Out>, S>>;
  }

  /** @internal With an activation in the same kernel. */
  forwardThrough(x: Tensor, activation: FusedActivation): Tensor {
    return linear(
      x,
      this.weight as unknown as Tensor<[number, number]>,
      this.bias as unknown as Tensor<[number]> | null,
      activation,
    ) as Tensor;
  }

  override ownParameters(): readonly (readonly [string, Tensor])[] {
    const weight = ["weight", this.weight as unknown as Tensor] as const;
    return this.bias === null ? [weight] : [weight, ["bias", this.bias as unknown as Tensor]];
  }

  override ownState(): readonly (readonly [string, StateEntry])[] {
    const weight = ["weight", transposedEntry(this.weight as unknown as Tensor)] as const;
    return this.bias === null ? [weight] : [weight, ["bias", plainEntry(this.bias as unknown as Tensor)]];
  }
}

/** A state entry for a matrix that lies transposed. */
function transposedEntry(tensor: Tensor): StateEntry<FloatStateArray> {
  const [rows, cols] = tensor.shape as unknown as readonly [number, number];
  return {
    read: () => ({ dtype: "f32", shape: [cols, rows], data: transposed(tensor.data(), rows, cols) }),
    write: ({ data }) => void tensor.assign(transposed(data, cols, rows)),
  };
}

function transposed(data: Float32Array, rows: number, cols: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) result[col * rows + row] = data[row * cols + col]!;
  return result;
}
