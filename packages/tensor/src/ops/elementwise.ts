// Elementwise ops: one value, or two with broadcasting.

import type { Kernels } from "@lanewise/kernels";
import { plan, Spread, sumTo, withBroadcast } from "../broadcast.ts";
import { defineOp } from "../define-op.ts";
import type { Context } from "../op-record.ts";
import { broadcast, same } from "../shape-rules.ts";
import { sameShape } from "../shape.ts";
import { type Value, withTemporary } from "../value.ts";

/** The kernels called `<name>_forward` whose parameters are those of `K`. */
type Named<Suffix extends string, Signature> = {
  [N in keyof Kernels]: Kernels[N] extends Signature ? (N extends `${infer Base}${Suffix}` ? Base : never) : never;
}[keyof Kernels];

type UnaryForward = (len: number, x: number, y: number) => void;
type BackwardOfOne = (len: number, dy: number, dx: number) => void;
type BackwardOfTwo = (len: number, from: number, dy: number, dx: number) => void;
type UnaryName = Named<"_forward", UnaryForward> & Named<"_backward", BackwardOfTwo | BackwardOfOne>;

/** An op whose kernels are `<name>_forward(x)` and `<name>_backward`, which reads x, or y, or neither, and dy. */
function unary<N extends UnaryName>(name: N, reads: "x" | "y" | null) {
  return defineOp({
    name,
    shape: same,
    inputs: ["x"],
    forward: (k, { x, y }) => (k[`${name}_forward` as keyof Kernels] as UnaryForward)(x.size, x.handle, y.handle),
    backward: {
      x: {
        needs: reads === null ? [] : [reads],
        gradient: (k, context, dx) => {
          const backward = k[`${name}_backward` as keyof Kernels] as BackwardOfTwo & BackwardOfOne;
          if (reads === null) backward(dx.size, context.dy.handle, dx.handle);
          else backward(dx.size, context[reads].handle, context.dy.handle, dx.handle);
        },
      },
    },
  });
}

/** −x. */
export const neg = unary("neg", null);
/** |x|; the derivative at 0 is 0. */
export const abs = unary("abs", "x");
/** x². */
export const square = unary("square", "x");
/** √x; the derivative at 0 is ∞, so √ of a sum of squares has none at 0: use the squares themselves there. */
export const sqrt = unary("sqrt", "y");
/** eˣ. */
export const exp = unary("exp", "y");
/** The natural logarithm. */
export const log = unary("log", "x");
/** max(x, 0); NaN stays NaN. The derivative at 0 is 0. */
export const relu = unary("relu", "y");
/** The logistic function 1 / (1 + e⁻ˣ). */
export const sigmoid = unary("sigmoid", "y");
/** The hyperbolic tangent. */
export const tanh = unary("tanh", "y");

type BinaryForward = (rows: number, cols: number, aSpread: number, bSpread: number, a: number, b: number, y: number) => void;

function forwardBinary(k: Kernels, name: Named<"_forward", BinaryForward>, a: Value, b: Value, y: Value): void {
  const kernel = k[`${name}_forward` as keyof Kernels] as BinaryForward;
  const simple = plan(a.shape, b.shape, y.shape);
  if (simple !== null) {
    kernel(simple.rows, simple.cols, simple.a, simple.b, a.handle, b.handle, y.handle);
    return;
  }
  withBroadcast(k, a, y.shape, (wholeA) =>
    withBroadcast(k, b, y.shape, (wholeB) => {
      kernel(1, y.size, Spread.whole, Spread.whole, wholeA.handle, wholeB.handle, y.handle);
    }),
  );
}

/** Writes the gradient of a side: `fill` gives it in the result's shape, and it is summed where the side was repeated. */
function sideGradient(k: Kernels, dy: Value, dx: Value, fill: (whole: Value) => void): void {
  if (sameShape(dy.shape, dx.shape)) fill(dx);
  else {
    withTemporary(dy.shape, (whole) => {
      fill(whole);
      sumTo(k, whole, dx);
    });
  }
}

type Sides = Context<"a" | "b" | "y" | "dy", undefined>;

/** An op with the kernel `<name>_forward` and, by side, a function that writes the unsummed gradient. */
function binary(
  name: Named<"_forward", BinaryForward>,
  gradients: {
    readonly a: { readonly needs: readonly ("a" | "b" | "y")[]; gradient(k: Kernels, sides: Sides, whole: Value): void };
    readonly b: { readonly needs: readonly ("a" | "b" | "y")[]; gradient(k: Kernels, sides: Sides, whole: Value): void };
  },
) {
  return defineOp({
    name,
    shape: broadcast,
    inputs: ["a", "b"],
    forward: (k, { a, b, y }) => forwardBinary(k, name, a, b, y),
    backward: {
      a: {
        needs: gradients.a.needs,
        gradient: (k, sides, da) => sideGradient(k, sides.dy, da, (whole) => gradients.a.gradient(k, sides, whole)),
      },
      b: {
        needs: gradients.b.needs,
        gradient: (k, sides, db) => sideGradient(k, sides.dy, db, (whole) => gradients.b.gradient(k, sides, whole)),
      },
    },
  });
}

/** a + b, broadcast. */
export const add = binary("add", {
  a: { needs: [], gradient: (k, { dy }, whole) => k.copy(dy.size, dy.handle, whole.handle) },
  b: { needs: [], gradient: (k, { dy }, whole) => k.copy(dy.size, dy.handle, whole.handle) },
});

/** a − b, broadcast. */
export const sub = binary("sub", {
  a: { needs: [], gradient: (k, { dy }, whole) => k.copy(dy.size, dy.handle, whole.handle) },
  b: { needs: [], gradient: (k, { dy }, whole) => k.neg_forward(dy.size, dy.handle, whole.handle) },
});

/** a · b, element by element, broadcast. */
export const mul = binary("mul", {
  a: { needs: ["b"], gradient: (k, { b, dy }, whole) => forwardBinary(k, "mul", dy, b, whole) },
  b: { needs: ["a"], gradient: (k, { a, dy }, whole) => forwardBinary(k, "mul", dy, a, whole) },
});

/** a / b, broadcast. */
export const div = binary("div", {
  a: { needs: ["b"], gradient: (k, { b, dy }, whole) => forwardBinary(k, "div", dy, b, whole) },
  b: {
    needs: ["b", "y"],
    gradient: (k, { b, y, dy }, whole) =>
      withTemporary(dy.shape, (product) => {
        // −dy · y / b, with y = a / b.
        k.mul_forward(1, dy.size, Spread.whole, Spread.whole, dy.handle, y.handle, whole.handle);
        k.neg_forward(dy.size, whole.handle, product.handle);
        forwardBinary(k, "div", product, b, whole);
      }),
  },
});

