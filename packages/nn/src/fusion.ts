// Fusion: the one table of neighbours in a Sequential that run as one kernel. Eager, in training too.

import { type FusedActivation, poolSettings, relu, type Tensor } from "@lanewise/tensor";
import { GELU, ReLU, Sigmoid, Tanh } from "./activation.ts";
import { Conv2d } from "./conv.ts";
import { Linear } from "./linear.ts";
import type { Module } from "./module.ts";
import { BatchNorm1d, BatchNorm2d } from "./norm.ts";
import { MaxPool2d } from "./pool.ts";

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

/** By class, not by name: what is called the same, or extends one of them, may calculate something else. */
const ACTIVATIONS: ReadonlyMap<unknown, FusedActivation> = new Map<unknown, FusedActivation>([
  [ReLU, "relu"],
  [Sigmoid, "sigmoid"],
  [Tanh, "tanh"],
]);

/** Whether a layer is of exactly this class: one that extends it may have a `forward` of its own. */
const isOf = <M extends Module>(layer: Module | undefined, kind: new (...settings: never[]) => M): layer is M =>
  layer?.constructor === kind;

/** Whether a layer is a max-pool of 2x2 at stride 2 and nothing else. */
function isHalving(layer: Module | undefined): boolean {
  if (!isOf(layer, MaxPool2d)) return false;
  const { stride, dilation, padding, ceilMode } = poolSettings("MaxPool2d", layer.kernelSize, layer.options);
  const twos = [...layer.kernelSize, ...stride].every((each) => each === 2);
  return (
    twos &&
    [...dilation].every((each) => each === 1) &&
    padding !== "same-tf" &&
    padding.every((each) => each === 0) &&
    !ceilMode
  );
}

/** The first that matches is taken: longer ones come first. */
const FUSIONS: readonly Fusion[] = [
  {
    // The largest of four is as large after ReLU as before it: ReLU is left a quarter of the work.
    match: (layers, index) => {
      const [conv, between, pool] = layers.slice(index, index + 3);
      if (!(isOf(conv, Conv2d) && isOf(between, ReLU) && isHalving(pool))) return null;
      return {
        first: index,
        last: index + 2,
        forward: (x) => {
          const pooled = conv.forwardPooled(x);
          const result = relu(pooled) as Tensor;
          pooled.release();
          return result;
        },
      };
    },
  },
  {
    match: (layers, index) => {
      const [conv, pool] = layers.slice(index, index + 2);
      if (!(isOf(conv, Conv2d) && isHalving(pool))) return null;
      return { first: index, last: index + 1, forward: (x) => conv.forwardPooled(x) };
    },
  },
  {
    match: (layers, index) => {
      const layer = layers[index];
      const activation = ACTIVATIONS.get(layers[index + 1]?.constructor);
      if (!(isOf(layer, Linear) || isOf(layer, Conv2d)) || activation === undefined) return null;
      return { first: index, last: index + 1, forward: (x) => layer.forwardThrough(x, activation) };
    },
  },
  {
    match: (layers, index) => {
      const norm = layers[index];
      const next = layers[index + 1];
      const activation = isOf(next, GELU) ? "gelu" : ACTIVATIONS.get(next?.constructor);
      if (!(isOf(norm, BatchNorm1d) || isOf(norm, BatchNorm2d)) || activation === undefined) return null;
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
