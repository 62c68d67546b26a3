// checkLayer: output, gradients, running statistics, evaluation and memory of a layer's case, against PyTorch's values.

import type { Module } from "@lanewise/nn";
import { fillState, INPUT_STREAM, type LayerCase, WEIGHTS_STREAM } from "@lanewise/nn/layer-cases";
import { formatShape, memoryReport, scope, sizeOf, type Tensor, tensor } from "@lanewise/tensor";
import { noise } from "@lanewise/tensor/cases";

/** Allowed errors relative to the largest magnitude: sums of some hundred products in f32, Winograd's too, against f64. */
const VALUE_TOLERANCE = 1e-5;
const GRADIENT_TOLERANCE = 1e-5;

type Floats = Float32Array<ArrayBuffer>;

/** Gives every value that came, for comparison between runtimes; throws an error that says what does not hold. */
export function checkLayer(test: LayerCase): number[] {
  const { label, expected } = test;
  const came: number[] = [];
  const compare = (what: string, got: Floats, want: readonly number[], tolerance: number): void => {
    came.push(...got);
    if (got.length !== want.length)
      throw new Error(`${label}: ${what} has ${got.length} values, expected ${want.length}`);
    const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    for (const [index, value] of want.entries()) {
      if (!(Math.abs(got[index]! - value) <= tolerance * largest))
        throw new Error(`${label}: ${what} is ${got[index]} at ${index}, PyTorch's is ${value}`);
    }
  };
  const layer = test.make();
  fillState(layer);
  const { output, inputGradient, gradients } = trainOnce(layer, test);
  compare("the output", output, expected.values, VALUE_TOLERANCE);
  compare("the input's gradient", inputGradient, expected.inputGradient, GRADIENT_TOLERANCE);
  const state = layer.stateDict();
  for (const [name, want] of Object.entries(expected.statistics))
    compare(name, state.get(name)!.data as Floats, want, VALUE_TOLERANCE);
  if (expected.evaluated.length > 0) {
    const evaluated = scope(() => layer.eval().forward(inputOf(test)).data() as Floats);
    compare("the output in evaluation", evaluated, expected.evaluated, VALUE_TOLERANCE);
  }
  // A state dict turns weights into PyTorch's layout; so it does their gradients, once they stand in their place.
  for (const [name, parameter] of layer.namedParameters()) parameter.assign(gradients.get(name)!);
  const turned = layer.stateDict();
  for (const [name, want] of Object.entries(expected.gradients))
    compare(`the gradient of ${name}`, turned.get(name)!.data as Floats, want, GRADIENT_TOLERANCE);
  for (const parameter of layer.parameters()) parameter.release();
  return came;
}

function inputOf({ expected: { input } }: LayerCase): Tensor {
  return tensor(noise(sizeOf(input), INPUT_STREAM), { shape: input }) as Tensor;
}

/** One pass forward and back, after which nothing is left. */
function trainOnce(layer: Module, test: LayerCase) {
  const before = memoryReport().liveBuffers;
  const passed = scope(() => {
    const x = inputOf(test);
    x.requiresGrad = true;
    const y = layer.forward(x) as Tensor;
    if (formatShape(y.shape) !== formatShape(test.expected.output))
      throw new Error(
        `${test.label}: shape ${formatShape(y.shape)} came, expected ${formatShape(test.expected.output)}`,
      );
    const output = y.data() as Floats;
    y.backward({ gradient: tensor(noise(y.size, WEIGHTS_STREAM), { shape: y.shape }) });
    const inputGradient = x.grad!.data() as Floats;
    const gradients = new Map(layer.namedParameters().map(([name, { grad }]) => [name, grad!.data() as Floats]));
    for (const tensor of [x, ...layer.parameters()]) tensor.zeroGrad();
    return { output, inputGradient, gradients };
  });
  const after = memoryReport().liveBuffers;
  if (after !== before) throw new Error(`${test.label}: ${after - before} buffers are still alive after it`);
  return passed;
}
