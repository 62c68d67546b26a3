// The smallest network of a gate, computed in f64 and by Lanewise.
import { linear, scope, sigmoid, type Tensor, tensor } from "lanewise";
import { sigmoid as sigmoid64 } from "../sigmoid.ts";
import { type Gate, rowsOf } from "./gate.ts";
import type { Separation } from "./separation.ts";

/** Layers of units with sigmoid activation. The last unit's sum z is what is read: z ≥ 0 is 1, z < 0 is 0. */
export interface Network {
  readonly layers: readonly {
    /** [from][to]. */
    readonly weights: readonly (readonly number[])[];
    readonly biases: readonly number[];
  }[];
}

export function oneUnit({ weights, bias }: Separation): Network {
  return { layers: [{ weights: weights.map((weight) => [weight.valueOf()]), biases: [bias.valueOf()] }] };
}

/** Its hidden units are OR and NAND, both of which hold where the inputs differ; the last unit is their AND, or its opposite. */
export function twoHiddenUnits(onDifferent: boolean): Network {
  const side = onDifferent ? 1 : -1;
  const hidden = {
    weights: [
      [20, -20],
      [20, -20],
    ],
    biases: [-10, 30],
  };
  return { layers: [hidden, { weights: [[side * 20], [side * 20]], biases: [side * -30] }] };
}

/** z of the last unit for one row of inputs, and the activations of the hidden units. */
export function forward({ layers }: Network, inputs: readonly number[]): { z: number; hidden: readonly number[] } {
  let values = inputs;
  let sums: readonly number[] = [];
  let hidden: readonly number[] = [];
  for (const [at, { weights, biases }] of layers.entries()) {
    sums = biases.map((bias, to) => values.reduce((sum, value, from) => sum + value * weights[from]![to]!, bias));
    values = sums.map(sigmoid64);
    if (at < layers.length - 1) hidden = values;
  }
  return { z: sums[0]!, hidden };
}

/** z of all rows in one pass of Lanewise, f32. */
export function forwardInLanewise({ layers }: Network, gate: Gate): number[] {
  return scope(() => {
    let x = tensor(rowsOf(gate).map((row) => [...row])) as Tensor<readonly [number, number]>;
    for (const [at, { weights, biases }] of layers.entries()) {
      const z = linear(x, tensor(weights.map((row) => [...row])), tensor([...biases]));
      x = (at < layers.length - 1 ? sigmoid(z) : z) as Tensor<readonly [number, number]>;
    }
    return [...x.data()];
  });
}

export function unitsOf({ layers }: Network): number {
  return layers.reduce((sum, { biases }) => sum + biases.length, 0);
}
