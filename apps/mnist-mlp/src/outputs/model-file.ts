// p1_model.npz: W1 [in, out], b1, W2, ... and the settings as JSON in the bytes of `config`. NumPy alone computes with it.
import type { DigitInput } from "lanewise/data";
import type { NamedArrays, PlainArray } from "lanewise/io";
import type { MLP } from "../network/index.ts";
import type { Settings } from "../settings.ts";

/** What `config` says beside the settings: all that a reader needs to compute the same predictions. */
export interface ModelConfig extends Settings {
  readonly inputSize: number;
  readonly outputSize: number;
  /** What the pixels, 0 to 255, are divided by. */
  readonly divisor: number;
  /** How a drawing becomes such pixels: `prepareDigit`. */
  readonly input: DigitInput;
  /** What it was trained on. */
  readonly data: { readonly source: string; readonly sample: boolean; readonly sha256: string };
  readonly program: string;
}

/** Weights and biases by name, as copies. */
export function weightArrays(mlp: MLP): NamedArrays {
  const named = mlp.weights.flatMap((weight, layer): [string, PlainArray][] => {
    const bias = mlp.biases[layer]!;
    return [
      [`W${layer + 1}`, { dtype: "f32", shape: [...weight.shape], data: weight.data() }],
      [`b${layer + 1}`, { dtype: "f32", shape: [...bias.shape], data: bias.data() }],
    ];
  });
  return new Map(named);
}

/** The same with the settings: the content of the file. */
export function modelArrays(weights: NamedArrays, config: ModelConfig): NamedArrays {
  const data = new TextEncoder().encode(JSON.stringify(config));
  return new Map([...weights, ["config", { dtype: "u8", shape: [data.length], data }]]);
}
