// How an op's examples are written: inputs, a reference in f64, tolerances, what must be refused. Never shipped.

import type { DType } from "./dtype.ts";
import { type Shape, sizeOf } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** An input of a case: numbers that f32 holds exactly, so that reference and kernel see the same. */
export interface CaseInput<S extends Shape = Shape, D extends DType = DType> {
  readonly shape: S;
  readonly dtype: D;
  readonly values: readonly number[];
}

/** The tensor that an input becomes. */
type TensorOf<I> = I extends CaseInput<infer S, infer D> ? Tensor<S, D> : never;
export type TensorsOf<Inputs extends readonly CaseInput[]> = { [K in keyof Inputs]: TensorOf<Inputs[K]> };

/** A case's array as the reference sees it. */
export interface Plain {
  readonly shape: Shape;
  readonly values: readonly number[];
}

export interface OpCase {
  readonly op: string;
  readonly label: string;
  readonly run: (...inputs: readonly Tensor<Shape, DType>[]) => Tensor<Shape, DType>;
  readonly inputs: readonly CaseInput[];
  readonly shape: Shape;
  readonly reference: (...inputs: readonly Plain[]) => readonly number[];
  /** Allowed error of a value in units in the last place of the reference … */
  readonly ulp: number;
  /** … or, where larger, relative to the largest magnitude of the reference. */
  readonly relative: number;
  /** Which inputs' gradients are compared with central differences; all f32 inputs where not given. */
  readonly gradients: readonly number[];
  /** Allowed error of a gradient relative to the largest one. */
  readonly gradientTolerance: number;
  /** Shapes that must be refused by an error with the op and the shapes. */
  readonly refuses: readonly (readonly Shape[])[];
}

interface CaseSpec<Inputs extends readonly CaseInput[], Result extends Shape> {
  readonly label?: string;
  readonly inputs: Inputs;
  /** The result's shape: must be what the compiler infers, and what the run gives. */
  readonly shape: NoInfer<Result>;
  /** In f64: element by element (numbers in, a number out) or whole (`Plain`s in, values out). */
  readonly reference: (...inputs: readonly Plain[]) => readonly number[];
  readonly ulp?: number;
  readonly relative?: number;
  readonly gradients?: readonly number[];
  readonly gradientTolerance?: number;
  readonly refuses?: readonly (readonly Shape[])[];
}

/** One case of the op that is registered as `op`. */
export function opCase<const Inputs extends readonly CaseInput[], Result extends Shape, D extends DType>(
  op: string,
  run: (...inputs: TensorsOf<Inputs>) => Tensor<Result, D>,
  spec: CaseSpec<Inputs, Result>,
): OpCase {
  const floats = spec.inputs.flatMap((input, index) => (input.dtype === "f32" ? [index] : []));
  return {
    op,
    label: spec.label ?? spec.inputs.map((input) => `[${input.shape.join(", ")}]`).join(" "),
    run: run as unknown as OpCase["run"],
    inputs: spec.inputs,
    shape: spec.shape,
    reference: spec.reference,
    ulp: spec.ulp ?? 2,
    relative: spec.relative ?? 0,
    gradients: spec.gradients ?? floats,
    gradientTolerance: spec.gradientTolerance ?? 1e-4,
    refuses: spec.refuses ?? [],
  };
}

/** A reference that is a function of one element of each input; inputs of fewer elements are broadcast. */
export function elementwise(
  shape: Shape,
  value: (...elements: number[]) => number,
): (...inputs: readonly Plain[]) => number[] {
  return (...inputs) =>
    Array.from({ length: sizeOf(shape) }, (_, index) =>
      value(...inputs.map((input) => input.values[broadcastIndex(index, shape, input.shape)]!)),
    );
}

/** The position in an array of shape `from` that is broadcast to position `index` of shape `to`. */
export function broadcastIndex(index: number, to: Shape, from: Shape): number {
  let position = 0;
  let stride = 1;
  let rest = index;
  for (let axis = 1; axis <= to.length; axis++) {
    const length = to[to.length - axis]!;
    const own = from[from.length - axis] ?? 1;
    if (own !== 1) position += (rest % length) * stride;
    stride *= own;
    rest = Math.floor(rest / length);
  }
  return position;
}

/** Numbers from `from` to `to`, evenly spaced, in an order that is neither ascending nor descending. */
export function spread<const S extends Shape>(shape: S, from: number, to: number): CaseInput<S, "f32"> {
  const size = sizeOf(shape);
  const step = coprime(size);
  const values = Array.from({ length: size }, (_, index) =>
    Math.fround(from + ((to - from) * ((index * step) % size)) / Math.max(size - 1, 1)),
  );
  return { shape, dtype: "f32", values };
}

/** A stride that visits each of `size` places once. */
function coprime(size: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, Math.floor(size * 0.618));
  while (divisor(step, size) > 1) step += 1;
  return step;
}

/** Given numbers. */
export function values<const S extends Shape>(shape: S, numbers: readonly number[]): CaseInput<S, "f32">;
export function values<const S extends Shape, const D extends DType>(
  shape: S,
  numbers: readonly number[],
  dtype: D,
): CaseInput<S, D>;
export function values(shape: Shape, numbers: readonly number[], dtype: DType = "f32"): CaseInput {
  if (numbers.length !== sizeOf(shape))
    throw new RangeError(`values: ${numbers.length} numbers came, expected ${sizeOf(shape)}`);
  return { shape, dtype, values: dtype === "f32" ? numbers.map(Math.fround) : numbers };
}

/** `count` numbers in [-1, 1) that f32 holds exactly; the generators of fixtures make the same ones in NumPy. */
export function noise(count: number, stream: number): Float32Array<ArrayBuffer> {
  const begin = Math.imul(stream, 2246822519);
  return Float32Array.from({ length: count }, (_, index) => {
    let h = Math.imul(index, 2654435761) + begin;
    h = Math.imul(h ^ (h >>> 15), 2246822519);
    h = Math.imul(h ^ (h >>> 13), 3266489917);
    return ((h ^ (h >>> 16)) >>> 8) / 2 ** 23 - 1;
  });
}
