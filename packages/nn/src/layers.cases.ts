// Every layer's cases: how it is made, and what PyTorch makes of the same input and weights. Never shipped.

import { noise } from "@lanewise/tensor/cases";
import kept from "../fixtures/layers.json" with { type: "json" };
import * as nn from "./index.ts";
import type { Module, StateArray } from "./module.ts";

/** What PyTorch gives, in f64. Values are in the order of [N, H, W, C], those of parameters in PyTorch's own. */
export interface ExpectedLayer {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly values: readonly number[];
  readonly inputGradient: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** Running statistics after the step in training. */
  readonly statistics: Readonly<Record<string, readonly number[]>>;
  /** The output in evaluation after that step; empty where it is the same. */
  readonly evaluated: readonly number[];
}

export interface LayerCase {
  /** The layer's class, and after a comma what is special. */
  readonly label: string;
  readonly make: () => Module;
  readonly expected: ExpectedLayer;
}

/** The numbers that inputs, the weights of the sum that is derived, and the layer's state are made of. */
export const INPUT_STREAM = 0;
export const WEIGHTS_STREAM = 1;
const STATE_STREAM = 2;

/** Puts the numbers of the fixture into a layer, in PyTorch's order and layout. */
export function fillState(layer: Module): void {
  const state = [...layer.stateDict()].map(([name, array], index): [string, StateArray] => {
    if (array.dtype !== "f32") return [name, array];
    const data = noise(array.data.length, STATE_STREAM + index);
    return [name, { ...array, data: name.endsWith("running_var") ? data.map((value) => value + 1.5) : data }];
  });
  layer.loadStateDict(new Map(state));
}

const make: Readonly<Record<string, () => Module>> = {
  Linear: () => new nn.Linear(7, 4),
  "Linear, no bias, three axes": () => new nn.Linear(7, 4, { bias: false }),
  ReLU: () => new nn.ReLU(),
  GELU: () => new nn.GELU(),
  Sigmoid: () => new nn.Sigmoid(),
  Tanh: () => new nn.Tanh(),
  Softmax: () => new nn.Softmax(),
  Identity: () => new nn.Identity(),
  Scale: () => new nn.Scale(0.125),
  Flatten: () => new nn.Flatten(),
  "Flatten, channels last": () => new nn.Flatten({ order: "channels-last" }),
  "Conv2d, few channels": () => new nn.Conv2d(3, 4, 3, { padding: 1 }),
  "Conv2d, eight channels each way": () => new nn.Conv2d(8, 8, 3, { padding: 1 }),
  "Conv2d, strides, groups, no bias": () => new nn.Conv2d(4, 6, [3, 2], { stride: [2, 1], groups: 2, bias: false }),
  "Conv2d, dilated": () => new nn.Conv2d(3, 5, 3, { dilation: 2, padding: 2 }),
  "Conv2d, 1x1": () => new nn.Conv2d(3, 5, 1),
  "Conv2d, depthwise": () => new nn.Conv2d(8, 8, 3, { padding: 1, groups: 8 }),
  ZeroPad2d: () => new nn.ZeroPad2d([1, 2, 0, 3]),
  ReflectionPad2d: () => new nn.ReflectionPad2d(2),
  MaxPool2d: () => new nn.MaxPool2d(2),
  "MaxPool2d, overlapping, padded": () => new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
  AvgPool2d: () => new nn.AvgPool2d(2),
  "AvgPool2d, padded, ceiling": () => new nn.AvgPool2d(3, { stride: 2, padding: 1, ceilMode: true }),
  AdaptiveAvgPool2d: () => new nn.AdaptiveAvgPool2d([2, 4]),
  AdaptiveMaxPool2d: () => new nn.AdaptiveMaxPool2d([2, 4]),
  BatchNorm1d: () => new nn.BatchNorm1d(7),
  "BatchNorm1d, sequences": () => new nn.BatchNorm1d(4, { momentum: 0.3 }),
  BatchNorm2d: () => new nn.BatchNorm2d(3),
  "BatchNorm2d, plain average, not affine": () => new nn.BatchNorm2d(3, { momentum: null, affine: false }),
  "BatchNorm2d, no running statistics": () => new nn.BatchNorm2d(3, { trackRunningStats: false }),
  "Sequential, normalized": () =>
    new nn.Sequential(
      new nn.Conv2d(3, 8, 3, { padding: 1, bias: false }),
      new nn.MaxPool2d(2),
      new nn.BatchNorm2d(8),
      new nn.GELU(),
      new nn.Flatten(),
      new nn.Linear(8 * 2 * 3, 4),
    ),
  "Sequential, activations within kernels": () =>
    new nn.Sequential(
      new nn.Conv2d(3, 4, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Conv2d(4, 5, 2),
      new nn.Tanh(),
      new nn.Flatten(),
      new nn.Linear(5 * 1 * 2, 6),
      new nn.Sigmoid(),
      new nn.Linear(6, 3),
    ),
};

const expected: Readonly<Record<string, ExpectedLayer>> = kept;

export const layerCases: readonly LayerCase[] = Object.entries(make).map(([label, make]) => {
  const values = expected[label];
  if (values === undefined) throw new Error(`layers.json has no "${label}": run fixtures/layers.py`);
  return { label, make, expected: values };
});
