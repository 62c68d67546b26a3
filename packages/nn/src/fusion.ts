// Fusion: the one table of neighbours in a Sequential that run as one kernel. Eager, in training too.

import type { FusedActivation, Tensor } from "@lanewise/tensor";
import { Conv2d } from "./conv.ts";
import { Linear } from "./linear.ts";
import type { Module } from "./module.ts";
import { BatchNorm1d, BatchNorm2d } from "./norm.ts";

/** Layers `first` to `last` of a Sequential, run in one go. */
export interface Step {
  readonly first: number;
  readonly last: number;
  readonly forward: (x: Tensor) => Tensor;
}

interface Fusion {
  /** The step for the layers from `index` on, or null where they are not these neighbours. */
  match(layers: readonly Module[], index: number): Step | null;
}

const ACTIVATIONS: Readonly<Record<string, FusedActivation>> = { ReLU: "relu", Sigmoid: "sigmoid", Tanh: "tanh" };

const FUSIONS: readonly Fusion[] = [
  {
    match: (layers, index) => {
      const layer = layers[index];
      const activation = ACTIVATIONS[layers[index + 1]?.kind ?? ""];
      if (!(layer instanceof Linear || layer instanceof Conv2d) || activation === undefined) return null;
      return { first: index, last: index + 1, forward: (x) => layer.forwardThrough(x, activation) };
    },
  },
  {
    match: (layers, index) => {
      const norm = layers[index];
      const kind = layers[index + 1]?.kind ?? "";
      const activation = kind === "GELU" ? "gelu" : ACTIVATIONS[kind];
      if (!(norm instanceof BatchNorm1d || norm instanceof BatchNorm2d) || activation === undefined) return null;
      return { first: index, last: index + 1, forward: (x) => norm.forwardThrough(x, activation) };
    },
  },
];

/** The steps in which a list of layers runs. */
export function fuse(layers: readonly Module[]): Step[] {
  const steps: Step[] = [];
  for (let index = 0; index < layers.length; index = steps.at(-1)!.last + 1) {
    const layer = layers[index]!;
    const single: Step = { first: index, last: index, forward: (x) => layer.forward(x as never) as Tensor };
    const fused = FUSIONS.map((fusion) => fusion.match(layers, index)).find((step) => step !== null);
    steps.push(fused ?? single);
  }
  return steps;
}
