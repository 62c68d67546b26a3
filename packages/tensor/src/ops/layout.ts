// Ops that move elements and compute nothing: reshape shares the buffer, the others copy.

import type { Kernels } from "@lanewise/kernels";
import { apply, opRecord } from "../define-op.ts";
import type { DType } from "../dtype.ts";
import { currentLayer, ShapeError } from "../errors.ts";
import { axisOf, checkShape, formatShape, type Shape } from "../shape.ts";
import { type Reshaped, reshaped } from "../shape-rules.ts";
import { OpNode, recording } from "../tape.ts";
import { livingValue, Tensor } from "../tensor.ts";
import type { Value } from "../value.ts";

/** No kernel runs: the result is the same buffer, and so is the gradient. */
const reshapeRecord = opRecord<"x", never, undefined>({
  name: "reshape",
  inputs: ["x"],
  forward: () => undefined,
  backward: { x: "dy" },
});

/** The same elements under another shape of the same size, sharing the buffer; one size may be −1 and is worked out. */
export function reshape<D extends DType, const To extends Shape>(x: Tensor<Shape, D>, to: To): Tensor<Reshaped<To>, D> {
  const value = livingValue(x, "reshape");
  const shape = reshaped(value.shape, to);
  const node =
    recording() && x.cell.node !== null
      ? new OpNode(reshapeRecord, [x.cell.node], [x.shape], new Map(), undefined, currentLayer())
      : null;
  return new Tensor(value.share(shape), "reshape", node);
}

/** A block of an array: where it begins, and the step along each of its axes, in elements. */
interface Block {
  readonly offset: number;
  readonly strides: readonly number[];
}

function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Copies the block out of x, whose shape is y's. Each element is taken once, or not at all, or again where repeated. */
const stridedRecord = (name: string) =>
  opRecord<"x", never, Block>({
    name,
    inputs: ["x"],
    forward: (k, { x, y, options: { offset, strides } }) =>
      k.strided_copy(Uint32Array.from(y.shape), Int32Array.from(strides), offset, x.size, x.handle, y.handle),
    backward: {
      x: {
        needs: [],
        gradient: (k, { dy, options: { offset, strides } }, dx) => {
          k.fill(dx.size, 0, dx.handle);
          k.strided_add(Uint32Array.from(dy.shape), Int32Array.from(strides), offset, dx.size, dy.handle, dx.handle);
        },
      },
    },
  });

/** Each element is taken once, so the gradient is a copy in the inverse order. */
const permuteRecord = opRecord<"x", never, { readonly order: readonly number[] }>({
  name: "permute",
  inputs: ["x"],
  forward: (k, { x, y, options: { order } }) => copyInOrder(k, x, order, y),
  backward: {
    x: {
      needs: [],
      gradient: (k, { dy, options: { order } }, dx) =>
        copyInOrder(
          k,
          dy,
          order.map((_, axis) => order.indexOf(axis)),
          dx,
        ),
    },
  },
});

/** Axis i of `y` is axis order[i] of `x`. */
function copyInOrder(k: Kernels, x: Value, order: readonly number[], y: Value): void {
  const strides = stridesOf(x.shape);
  const taken = Int32Array.from(order, (axis) => strides[axis]!);
  k.strided_copy(Uint32Array.from(y.shape), taken, 0, x.size, x.handle, y.handle);
}

const sliceRecord = stridedRecord("slice");
const broadcastToRecord = stridedRecord("broadcastTo");

/** The axes in another order; each axis of x is named once. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  const axes = order.map((axis) => axisOf("permute", x.shape, axis));
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
    throw new ShapeError(
      "permute",
      `order [${order.join(", ")}] came, expected each of the ${x.shape.length} axes once`,
    );
  }
  return apply(
    permuteRecord,
    [x],
    axes.map((axis) => x.shape[axis]!),
    { order: axes },
  ) as Tensor;
}

/** A matrix with rows and columns exchanged. */
export function transpose<M extends number, N extends number>(x: Tensor<readonly [M, N]>): Tensor<[N, M]> {
  if (x.shape.length !== 2)
    throw new ShapeError("transpose", `shape ${formatShape(x.shape)} came, expected a matrix; use permute`);
  return permute(x as unknown as Tensor, [1, 0]) as unknown as Tensor<[N, M]>;
}

/** One axis of a slice: from `start` to before `stop` by `step`, as in Python: negative places count from the end. */
export interface Range {
  readonly start?: number;
  readonly stop?: number;
  /** Negative: backward, from the end where no start is given. Not 0. */
  readonly step?: number;
}

/** The first place and the number of places of a range on an axis of `length`. */
function places({ start, stop, step = 1 }: Range, length: number): { first: number; count: number; step: number } {
  for (const [name, value] of Object.entries({ start, stop, step })) {
    if (value !== undefined && !Number.isInteger(value))
      throw new ShapeError("slice", `${name} ${value} came, expected a whole number`);
  }
  if (step === 0) throw new ShapeError("slice", "step 0 came, expected a step forward or backward");
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (at: number | undefined, otherwise: number): number =>
    at === undefined ? otherwise : Math.min(Math.max(at < 0 ? at + length : at, lowest), highest);
  const first = place(start, step > 0 ? lowest : highest);
  const end = place(stop, step > 0 ? highest : lowest);
  return { first, count: Math.max(0, Math.ceil((end - first) / step)), step };
}

/** A part of each axis, axes beyond the given ranges whole; a copy. */
export function slice(x: Tensor, ranges: readonly (Range | null)[]): Tensor {
  if (ranges.length > x.shape.length) {
    throw new ShapeError(
      "slice",
      `${ranges.length} ranges came for shape ${formatShape(x.shape)}, expected at most ${x.shape.length}`,
    );
  }
  const strides = stridesOf(x.shape);
  const axes = x.shape.map((length, axis) => places(ranges[axis] ?? {}, length));
  const shape = axes.map(({ count }) => count);
  const offset = shape.includes(0) ? 0 : axes.reduce((sum, { first }, axis) => sum + first * strides[axis]!, 0);
  return apply(sliceRecord, [x], shape, {
    offset,
    strides: axes.map(({ step }, axis) => step * strides[axis]!),
  }) as Tensor;
}

/** The order along the given axes turned round. */
export function flip<S extends Shape>(x: Tensor<S>, axes: number | readonly number[]): Tensor<S> {
  const turned = (typeof axes === "number" ? [axes] : axes).map((axis) => axisOf("flip", x.shape, axis));
  return slice(
    x as Tensor,
    x.shape.map((_, axis) => (turned.includes(axis) ? { step: -1 } : null)),
  ) as Tensor<S>;
}

/** x repeated along axes of size 1, or missing in front, to a larger shape. */
export function broadcastTo<const To extends Shape>(x: Tensor, shape: To): Tensor<To> {
  checkShape("broadcastTo", shape);
  const offset = shape.length - x.shape.length;
  const fits = offset >= 0 && x.shape.every((length, axis) => length === 1 || length === shape[axis + offset]);
  if (!fits)
    throw new ShapeError("broadcastTo", `${formatShape(x.shape)} came, which does not repeat to ${formatShape(shape)}`);
  const own = stridesOf(x.shape);
  const strides = shape.map((_, axis) => (axis < offset || x.shape[axis - offset] === 1 ? 0 : own[axis - offset]!));
  return apply(broadcastToRecord, [x], shape, { offset: 0, strides }) as Tensor<To>;
}
