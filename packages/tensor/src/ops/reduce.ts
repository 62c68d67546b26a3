// Reductions: over one axis, several, or all of them.

import { kernels } from "@lanewise/kernels";
import { broadcastTo, Spread, sumAxes } from "../broadcast.ts";
import { apply, opRecord } from "../define-op.ts";
import { ShapeError } from "../errors.ts";
import { axisOf, formatShape, type Shape, sizeOf } from "../shape.ts";
import { type Reduced, type ReduceOptions, reducedAxes, reducedShape } from "../shape-rules.ts";
import { livingValue, Tensor } from "../tensor.ts";
import { Value, withTemporary } from "../value.ts";

interface Axes {
  readonly axes: readonly number[];
  /** The input's shape with the reduced axes of size 1: what a gradient is spread from. */
  readonly spread: Shape;
}

function axesOf(op: string, shape: Shape, options: ReduceOptions): Axes {
  const axes = reducedAxes(op, shape, options);
  return { axes, spread: reducedShape(shape, axes, true) };
}

/** A view of a value under another shape of its size; owns nothing. */
function viewed(value: Value, shape: Shape): Value {
  return new Value(value.storage, shape, value.dtype);
}

const sumRecord = opRecord<"x", never, Axes>({
  name: "sum",
  inputs: ["x"],
  forward: (k, { x, y, options }) => sumAxes(k, x, options.axes, y),
  backward: {
    x: { needs: [], gradient: (k, { dy, options }, dx) => broadcastTo(k, viewed(dy, options.spread), dx) },
  },
});

/** The sum over the axes of `options`; over all where none is given. */
export function sum<S extends Shape, const O extends ReduceOptions>(
  x: Tensor<S>,
  options?: O,
): Tensor<Reduced<S, O> & Shape> {
  const axes = axesOf("sum", x.shape, options ?? {});
  const shape = reducedShape(x.shape, axes.axes, options?.keepDim === true);
  return apply(sumRecord, [x as Tensor], shape, axes) as Tensor<Reduced<S, O> & Shape>;
}

interface Line {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** A shape as [outer, length, inner] around one axis. */
function lineAt(shape: Shape, axis: number): Line {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}

/** Axes that lie side by side (or none, which is one of length 1) as one line; null where others lie between them. */
function neighbours(shape: Shape, axes: readonly number[]): Line | null {
  const [first = shape.length] = axes;
  if (axes.some((axis, index) => axis !== first + index)) return null;
  const end = first + axes.length;
  return {
    outer: sizeOf(shape.slice(0, first)),
    length: sizeOf(shape.slice(first, end)),
    inner: sizeOf(shape.slice(end)),
  };
}

const meanRecord = opRecord<"x", never, Axes>({
  name: "mean",
  inputs: ["x"],
  forward: (k, { x, y, options: { axes } }) => {
    const line = neighbours(x.shape, axes);
    if (line !== null) k.mean_forward(line.outer, line.length, line.inner, x.handle, y.handle);
    else {
      // Divided, not multiplied by 1 / count: the mean of equal numbers is that number.
      withTemporary(y.shape, (total) =>
        withTemporary([], (count) => {
          sumAxes(k, x, axes, total);
          k.fill(1, x.size / y.size, count.handle);
          k.div_forward(1, y.size, Spread.whole, Spread.one, total.handle, count.handle, y.handle);
        }),
      );
    }
  },
  backward: {
    x: {
      needs: [],
      gradient: (k, { dy, options }, dx) =>
        withTemporary(dy.shape, (scaled) => {
          k.scale_forward(dy.size, dy.size / dx.size, dy.handle, scaled.handle);
          broadcastTo(k, viewed(scaled, options.spread), dx);
        }),
    },
  },
});

/** The mean over the axes of `options`; over all where none is given. Of no elements it is NaN. */
export function mean<S extends Shape, const O extends ReduceOptions>(
  x: Tensor<S>,
  options?: O,
): Tensor<Reduced<S, O> & Shape> {
  const axes = axesOf("mean", x.shape, options ?? {});
  const shape = reducedShape(x.shape, axes.axes, options?.keepDim === true);
  return apply(meanRecord, [x as Tensor], shape, axes) as Tensor<Reduced<S, O> & Shape>;
}

const sumSquaresRecord = opRecord<"x", never, Axes>({
  name: "sumSquares",
  inputs: ["x"],
  forward: (k, { x, y, options: { axes } }) => {
    const line = neighbours(x.shape, axes);
    if (line !== null) k.sum_squares_forward(line.outer, line.length, line.inner, x.handle, y.handle);
    else {
      withTemporary(x.shape, (squares) => {
        k.square_forward(x.size, x.handle, squares.handle);
        sumAxes(k, squares, axes, y);
      });
    }
  },
  backward: {
    x: {
      needs: ["x"],
      gradient: (k, { x, dy, options }, dx) =>
        withTemporary(dx.shape, (whole) => {
          broadcastTo(k, viewed(dy, options.spread), whole);
          k.square_backward(dx.size, x.handle, whole.handle, dx.handle);
        }),
    },
  },
});

/**
 * The sum of the squares over the axes of `options`; over all where none is given. Its gradient is 2 x, 0 at 0, where the
 * square of a norm has none.
 */
export function sumSquares<S extends Shape, const O extends ReduceOptions>(
  x: Tensor<S>,
  options?: O,
): Tensor<Reduced<S, O> & Shape> {
  const axes = axesOf("sumSquares", x.shape, options ?? {});
  const shape = reducedShape(x.shape, axes.axes, options?.keepDim === true);
  return apply(sumSquaresRecord, [x as Tensor], shape, axes) as Tensor<Reduced<S, O> & Shape>;
}

const prodRecord = opRecord<"x", never, Line>({
  name: "prod",
  inputs: ["x"],
  forward: (k, { x, y, options: { outer, length, inner } }) => k.prod_forward(outer, length, inner, x.handle, y.handle),
  backward: {
    x: {
      needs: ["x"],
      gradient: (k, { x, dy, options: { outer, length, inner } }, dx) =>
        k.prod_backward(outer, length, inner, x.handle, dy.handle, dx.handle),
    },
  },
});

/** The product along an axis, 1 of no elements. The gradient of an element is the product of the others: zeros do no harm. */
export function prod<S extends Shape, const A extends number>(
  x: Tensor<S>,
  axis: A,
): Tensor<Reduced<S, { axis: A }> & Shape> {
  const index = axisOf("prod", x.shape, axis);
  const shape = reducedShape(x.shape, [index], false);
  return apply(prodRecord, [x as Tensor], shape, lineAt(x.shape, index)) as Tensor<Reduced<S, { axis: A }> & Shape>;
}

/** An extreme along one axis, with the kernel that finds it and its place. */
function extreme<Name extends "max" | "min">(name: Name) {
  const record = opRecord<"x", "place", Line>({
    name,
    inputs: ["x"],
    extras: { place: ([shape], { length }) => [sizeOf(shape!) / length] },
    extraDtypes: { place: "i32" },
    forward: (k, { x, y, place, options: { outer, length, inner } }) =>
      k[`${name}_forward`](outer, length, inner, x.handle, y.handle, place.handle),
    backward: {
      x: {
        needs: ["place"],
        gradient: (k, { place, dy, options: { outer, length, inner } }, dx) =>
          k.pick_backward(outer, length, inner, dy.handle, place.handle, dx.handle),
      },
    },
  });
  return <S extends Shape, const A extends number>(x: Tensor<S>, axis: A): Tensor<Reduced<S, { axis: A }> & Shape> => {
    const index = axisOf(name, x.shape, axis);
    const line = lineAt(x.shape, index);
    if (line.length === 0)
      throw new ShapeError(
        name,
        `axis ${axis} of shape ${formatShape(x.shape)} has no elements, expected at least one`,
      );
    return apply(record, [x], reducedShape(x.shape, [index], false), line) as Tensor<Reduced<S, { axis: A }> & Shape>;
  };
}

/** The largest along an axis; NaN if one is there. The gradient goes to the first of equals alone. */
export const max = extreme("max");
/** The smallest along an axis; NaN if one is there. The gradient goes to the first of equals alone. */
export const min = extreme("min");

const cumsumRecord = opRecord<"x", never, Line>({
  name: "cumsum",
  inputs: ["x"],
  forward: (k, { x, y, options: { outer, length, inner } }) =>
    k.cumsum(outer, length, inner, false, x.handle, y.handle),
  backward: {
    x: {
      needs: [],
      gradient: (k, { dy, options: { outer, length, inner } }, dx) =>
        k.cumsum(outer, length, inner, true, dy.handle, dx.handle),
    },
  },
});

/** Running sums along an axis. */
export function cumsum<S extends Shape>(x: Tensor<S>, axis: number): Tensor<S> {
  return apply(cumsumRecord, [x], x.shape, lineAt(x.shape, axisOf("cumsum", x.shape, axis))) as Tensor<S>;
}

/** The index of the largest element along an axis, the first of equals; NaN counts as largest. No gradient. */
export function argmax<S extends Shape, const A extends number>(
  x: Tensor<S>,
  axis: A,
): Tensor<Reduced<S, { axis: A }> & Shape, "i32"> {
  const index = axisOf("argmax", x.shape, axis);
  const value = livingValue(x, "argmax");
  const { outer, length, inner } = lineAt(x.shape, index);
  if (length === 0)
    throw new ShapeError(
      "argmax",
      `axis ${axis} of shape ${formatShape(x.shape)} has no elements, expected at least one`,
    );
  const y = Value.alloc(reducedShape(x.shape, [index], false), "i32");
  kernels().argmax(outer, length, inner, value.handle, y.handle);
  return new Tensor(y, "argmax");
}
