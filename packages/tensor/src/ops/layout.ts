// Ops that move elements and compute nothing: reshape shares the buffer, the others copy.

import type { DType } from "../dtype.ts";
import { type Reshaped, reshaped } from "../shape-rules.ts";
import { axisOf, type Shape } from "../shape.ts";
import { ShapeError } from "../errors.ts";
import { apply, opRecord } from "../define-op.ts";
import { currentLayer } from "../errors.ts";
import { OpNode, recording } from "../tape.ts";
import { Tensor, valueOf } from "../tensor.ts";

/** No kernel runs: the result is the same buffer, and so is the gradient. */
const reshapeRecord = opRecord<"x", never, undefined>({
  name: "reshape",
  inputs: ["x"],
  forward: () => undefined,
  backward: { x: "dy" },
});

/** The same elements under another shape of the same size, sharing the buffer; one size may be −1 and is worked out. */
export function reshape<D extends DType, const To extends Shape>(x: Tensor<Shape, D>, to: To): Tensor<Reshaped<To>, D> {
  const value = valueOf(x, "reshape");
  const shape = reshaped(value.shape, to);
  const node =
    recording() && x.cell.node !== null
      ? new OpNode(reshapeRecord, [x.cell.node], [x.shape], new Map(), undefined, currentLayer())
      : null;
  return new Tensor(value.share(shape), "reshape", node);
}

interface Order {
  /** Axis i of the result is axis order[i] of the input. */
  readonly order: readonly number[];
}

function stridesOf(shape: Shape): number[] {
  let stride = 1;
  return shape
    .toReversed()
    .map((length) => {
      const own = stride;
      stride *= length;
      return own;
    })
    .reverse();
}

const permuteRecord = opRecord<"x", never, Order>({
  name: "permute",
  inputs: ["x"],
  forward: (k, { x, y, options }) => {
    const strides = stridesOf(x.shape);
    k.strided_copy(Uint32Array.from(y.shape), Int32Array.from(options.order, (axis) => strides[axis]!), 0, x.size, x.handle, y.handle);
  },
  backward: {
    x: {
      needs: [],
      gradient: (k, { dy, options }, dx) => {
        // The inverse order takes axis order[i] of dx from axis i of dy.
        const strides = stridesOf(dy.shape);
        const inverse = options.order.map((_, axis) => strides[options.order.indexOf(axis)]!);
        k.strided_copy(Uint32Array.from(dx.shape), Int32Array.from(inverse), 0, dy.size, dy.handle, dx.handle);
      },
    },
  },
});

/** The axes in another order; each axis of x is named once. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  const axes = order.map((axis) => axisOf("permute", x.shape, axis));
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
    throw new ShapeError("permute", `order [${order.join(", ")}] came, expected each of the ${x.shape.length} axes once`);
  }
  return apply(permuteRecord, [x], axes.map((axis) => x.shape[axis]!), { order: axes }) as Tensor;
}

/** A matrix with rows and columns exchanged. */
export function transpose<M extends number, N extends number>(x: Tensor<readonly [M, N]>): Tensor<[N, M]> {
  if (x.shape.length !== 2) throw new ShapeError("transpose", `rank ${(x.shape as Shape).length} came, expected a matrix; use permute`);
  return permute(x as unknown as Tensor, [1, 0]) as unknown as Tensor<[N, M]>;
}

