// From a record to a function on tensors: shapes are checked, the forward kernels run, the graph grows.

import { kernels } from "@lanewise/kernels";
import type { DType } from "./dtype.ts";
import { currentLayer, ShapeError, ShapeProblem } from "./errors.ts";
import type { AnyOpRecord, OpRecord } from "./op-record.ts";
import { checkShape, type Shape } from "./shape.ts";
import { OpNode, recording } from "./tape.ts";
import { livingValue, Tensor } from "./tensor.ts";
import { Value } from "./value.ts";

/** Every op that was defined, by name: what the completeness of cases is checked against. */
export const definedOps = new Map<string, AnyOpRecord>();

type Tensors<Shapes extends readonly Shape[]> = { [K in keyof Shapes]: Tensor<Shapes[K] & Shape> };

/** A shape rule: from the shapes of the inputs to that of the result. What does not fit, throws. */
type Rule<Shapes extends readonly Shape[], Result> = (...shapes: Shapes) => Result;

/**
 * Turns an op's record, with the rule that gives its shape and its static type, into the function that users call.
 *
 * `NoInfer`: what is expected of the result must not decide what its inputs are taken for.
 */
export function defineOp<
  Shapes extends readonly Shape[],
  Result extends Shape,
  I extends string,
  E extends string = never,
>(
  record: OpRecord<I, E, undefined> & { readonly shape: Rule<Shapes, Result> },
): (...inputs: Tensors<Shapes>) => Tensor<NoInfer<Result>> {
  register(record);
  const rule = record.shape as unknown as Rule<readonly Shape[], Shape>;
  return (...inputs) => {
    const tensors = inputs as unknown as readonly Tensor[];
    return apply(record, tensors, shapeBy(record.name, rule, tensors), undefined) as Tensor<Result>;
  };
}

function shapeBy(op: string, rule: Rule<readonly Shape[], Shape>, tensors: readonly Tensor[]): Shape {
  try {
    return rule(...tensors.map((tensor) => tensor.shape));
  } catch (error) {
    throw error instanceof ShapeProblem ? new ShapeError(op, error.message) : error;
  }
}

/** Registers a record whose public function is written by hand and calls `apply`, because it takes options. */
export function register(record: AnyOpRecord): void {
  if (definedOps.has(record.name)) throw new Error(`op ${record.name} is defined twice`);
  definedOps.set(record.name, record);
}

/** As `register`, for use where the record is made. */
export function opRecord<I extends string, E extends string = never, Options = undefined>(
  record: OpRecord<I, E, Options>,
): OpRecord<I, E, Options> {
  register(record);
  return record;
}

/** Runs an op on tensors whose shapes are known to fit, with a result of shape `shape`. */
export function apply(
  record: AnyOpRecord,
  tensors: readonly Tensor<Shape, DType>[],
  shape: Shape,
  options: unknown,
): Tensor<Shape, DType> {
  const { name } = record;
  const context: Record<string, unknown> = { options };
  const made: Value[] = [];
  try {
    for (let index = 0; index < tensors.length; index++) {
      context[record.inputs[index]!] = typedValue(record, index, tensors[index]!);
    }
    if (record.extras !== undefined) {
      const shapes = tensors.map((tensor) => tensor.shape);
      for (const extra of Object.keys(record.extras)) {
        const value = Value.alloc(record.extras[extra]!(shapes, options as never), record.extraDtypes?.[extra]);
        made.push(value);
        context[extra] = value;
      }
    }
    checkShape(name, shape);
    const y = Value.alloc(shape, record.dtype);
    made.push(y);
    context.y = y;
    record.forward(kernels(), context as never);
    const node = recording() && tensors.some((tensor) => tensor.requiresGrad) ? grow(record, tensors, context) : null;
    made.pop();
    return new Tensor(y, name, node);
  } finally {
    for (const value of made) value.release();
  }
}

function typedValue(record: AnyOpRecord, index: number, tensor: Tensor<Shape, DType>): Value {
  const value = livingValue(tensor, record.name);
  const expected = record.dtypes?.[index] ?? "f32";
  if (value.dtype !== expected) {
    throw new ShapeError(
      record.name,
      `input ${String(record.inputs[index])} is ${value.dtype}, expected ${expected}; convert it with cast(x, "${expected}")`,
    );
  }
  return value;
}

/** A node that saves what the gradients that are wanted need. */
function grow(
  record: AnyOpRecord,
  tensors: readonly Tensor<Shape, DType>[],
  context: Record<string, unknown>,
): OpNode | null {
  const inputs = tensors.map((tensor, index) =>
    record.backward[record.inputs[index]!] === undefined ? null : tensor.cell.node,
  );
  if (inputs.every((input) => input === null)) return null;
  const saved = new Map<string, Value>();
  const save = (needs: readonly string[]): void => {
    for (const needed of needs) {
      const value = context[needed] as Value | undefined;
      if (value !== undefined && !saved.has(needed)) saved.set(needed, value.share());
    }
  };
  save(record.incoming?.(context.options as never)?.needs ?? []);
  for (const [index, input] of inputs.entries()) {
    const rule = record.backward[record.inputs[index]!];
    if (input === null || rule === undefined || rule === "dy") continue;
    save(rule === "together" ? record.together!(context.options as never).needs : rule.needs);
  }
  const shapes = tensors.map((tensor) => tensor.shape);
  return new OpNode(record, inputs, shapes, saved, context.options, currentLayer());
}
