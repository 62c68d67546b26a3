// Reductions: over one axis, several, or all of them.

import { broadcastTo, sumAxes } from "../broadcast.ts";
import { apply, opRecord } from "../define-op.ts";
import { reducedAxes, type ReduceOptions, type Reduced, reducedShape } from "../shape-rules.ts";
import { axisOf, type Shape, sizeOf } from "../shape.ts";
import { Tensor, valueOf } from "../tensor.ts";
import { Value, withTemporary } from "../value.ts";
import { kernels } from "@lanewise/kernels";

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
export function sum<S extends Shape, const O extends ReduceOptions>(x: Tensor<S>, options?: O): Tensor<Reduced<S, O> & Shape> {
  const axes = axesOf("sum", x.shape, options ?? {});
  const shape = reducedShape(x.shape, axes.axes, options?.keepDim === true);
  return apply(sumRecord, [x as Tensor], shape, axes) as Tensor<Reduced<S, O> & Shape>;
}

const meanRecord = opRecord<"x", never, Axes>({
  name: "mean",
  inputs: ["x"],
  forward: (k, { x, y, options }) => {
    // One pass where the axes are neighbours at the kernel's precision of a mean; else a sum and a division.
    const count = x.size / y.size;
    withTemporary(y.shape, (total) => {
      sumAxes(k, x, options.axes, total);
      k.scale_forward(y.size, 1 / count, total.handle, y.handle);
    });
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
export function mean<S extends Shape, const O extends ReduceOptions>(x: Tensor<S>, options?: O): Tensor<Reduced<S, O> & Shape> {
  const axes = axesOf("mean", x.shape, options ?? {});
  const shape = reducedShape(x.shape, axes.axes, options?.keepDim === true);
  return apply(meanRecord, [x as Tensor], shape, axes) as Tensor<Reduced<S, O> & Shape>;
}

/** The index of the largest element along an axis, the first of equals; NaN counts as largest. No gradient. */
export function argmax<S extends Shape, const A extends number>(x: Tensor<S>, axis: A): Tensor<Reduced<S, { axis: A }> & Shape, "i32"> {
  const index = axisOf("argmax", x.shape, axis);
  const value = valueOf(x, "argmax");
  const y = Value.alloc(reducedShape(x.shape, [index], false), "i32");
  kernels().argmax(sizeOf(x.shape.slice(0, index)), x.shape[index]!, sizeOf(x.shape.slice(index + 1)), value.handle, y.handle);
  return new Tensor(y, "argmax");
}
