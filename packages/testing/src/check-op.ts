// checkOp: shape, value, gradient, refusals and memory of one case, on whatever binary and runtime it is called.
//
// That the static type is the run-time shape is proved by the compiler, where the case is written; that the binaries agree
// by whoever runs the same case on each.

import { type DType, formatShape, memoryReport, type Shape, scope, type Tensor, tensor, zeros } from "@lanewise/tensor";
import type { CaseInput, OpCase, Plain } from "@lanewise/tensor/cases";

/** Gives the values and gradients that came, for comparison between runtimes; throws an error that says what does not hold. */
export function checkOp(test: OpCase): number[] {
  const before = memoryReport().liveBuffers;
  const came = checkValues(test);
  if (test.gradients.length > 0) came.push(...checkGradients(test));
  for (const shapes of test.refuses) checkRefusal(test, shapes);
  const after = memoryReport().liveBuffers;
  if (after !== before) throw new Error(`${title(test)}: ${after - before} buffers are still alive after it`);
  return came;
}

function title(test: OpCase): string {
  return `${test.op} (${test.label})`;
}

function toTensor(input: CaseInput): Tensor<Shape, DType> {
  return tensor(input.values as number[], { shape: input.shape, dtype: input.dtype }) as Tensor<Shape, DType>;
}

function checkValues(test: OpCase): number[] {
  const [shape, got] = scope(() => {
    const result = test.run(...test.inputs.map(toTensor));
    return [result.shape, Array.from(result.data())] as const;
  });
  if (formatShape(shape) !== formatShape(test.shape)) {
    throw new Error(`${title(test)}: shape ${formatShape(shape)} came, expected ${formatShape(test.shape)}`);
  }
  const want = test.reference(...test.inputs);
  if (want.length !== got.length)
    throw new Error(`${title(test)}: the reference has ${want.length} values for ${got.length}`);
  const largest = want.reduce((most, value) => Math.max(most, Number.isFinite(value) ? Math.abs(value) : 0), 0);
  for (const [index, expected] of want.entries()) {
    const value = got[index]!;
    if (Object.is(Math.fround(expected), value) || (Number.isNaN(expected) && Number.isNaN(value))) continue;
    const allowed = Math.max(test.ulp * unitInTheLastPlace(expected), test.relative * largest);
    if (!(Math.abs(value - expected) <= allowed)) {
      throw new Error(`${title(test)}: element ${index} is ${value}, expected ${expected} within ${allowed}`);
    }
  }
  return got;
}

/** The gap between neighbouring f32 around |value|. */
function unitInTheLastPlace(value: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126)));
  return 2 ** (exponent - 23);
}

/** Weights that make a scalar of the result: uneven, so that no gradient hides behind a symmetry. */
function weightOf(index: number): number {
  return Math.fround(0.5 + ((index * 7) % 11) / 11);
}

function checkGradients(test: OpCase): number[] {
  const gradients = scope(() => {
    const inputs = test.inputs.map(toTensor);
    for (const index of test.gradients) inputs[index]!.requiresGrad = true;
    const result = test.run(...inputs) as Tensor;
    const weights = Array.from({ length: result.size }, (_, index) => weightOf(index));
    result.backward({ gradient: tensor(weights, { shape: result.shape }) });
    return test.gradients.map((index) => {
      const values = Array.from(inputs[index]!.grad!.data());
      inputs[index]!.zeroGrad();
      return values;
    });
  });
  for (const [order, index] of test.gradients.entries()) {
    const want = centralDifferences(test, index);
    const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    for (const [element, expected] of want.entries()) {
      const value = gradients[order]![element]!;
      if (!(Math.abs(value - expected) <= test.gradientTolerance * largest)) {
        throw new Error(
          `${title(test)}: the gradient of input ${index} at element ${element} is ${value}, central differences give ${expected}`,
        );
      }
    }
  }
  return gradients.flat();
}

/** d Σ w·reference / d input, in f64. */
function centralDifferences(test: OpCase, index: number): number[] {
  const weighted = (inputs: readonly Plain[]): number =>
    test.reference(...inputs).reduce((total, value, element) => total + value * weightOf(element), 0);
  const varied = test.inputs[index]!;
  return varied.values.map((value, element) => {
    const step = 1e-5 * Math.max(1, Math.abs(value));
    const at = (shifted: number): number => {
      const values = varied.values.with(element, shifted);
      return weighted(test.inputs.with(index, { ...varied, values }));
    };
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

function checkRefusal(test: OpCase, shapes: readonly Shape[]): void {
  const message = scope(() => {
    const inputs = shapes.map((shape, index) => {
      const dtype = test.inputs[index]?.dtype ?? "f32";
      return dtype === "f32"
        ? zeros(shape)
        : tensor(new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0), { shape, dtype });
    });
    try {
      test.run(...(inputs as Tensor<Shape, DType>[]));
    } catch (error) {
      return (error as Error).message;
    }
    return null;
  });
  const listed = shapes.map(formatShape);
  if (message === null)
    throw new Error(`${title(test)}: shapes ${listed.join(" and ")} were taken, expected a refusal`);
  // The two that do not fit; a third input's shape may be beside the point.
  for (const part of [test.op, ...listed.slice(0, 2)]) {
    if (!message.includes(part))
      throw new Error(`${title(test)}: the refusal of ${listed.join(" and ")} does not name ${part}: ${message}`);
  }
}
