// Functions of two values, broadcast as NumPy and PyTorch do it.

import type { Kernels } from "@lanewise/kernels";
import { plan, Spread, sumTo, withBroadcast } from "../../broadcast.ts";
import { defineOp } from "../../define-op.ts";
import type { Context } from "../../op-record.ts";
import { sameShape } from "../../shape.ts";
import { broadcast } from "../../shape-rules.ts";
import { type Value, withTemporary } from "../../value.ts";
import type { Named } from "./named.ts";

type BinaryForward = (
  rows: number,
  cols: number,
  aSpread: number,
  bSpread: number,
  a: number,
  b: number,
  y: number,
) => void;

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
export function sideGradient(k: Kernels, dy: Value, dx: Value, fill: (whole: Value) => void): void {
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
    readonly a: {
      readonly needs: readonly ("a" | "b" | "y")[];
      gradient(k: Kernels, sides: Sides, whole: Value): void;
    };
    readonly b: {
      readonly needs: readonly ("a" | "b" | "y")[];
      gradient(k: Kernels, sides: Sides, whole: Value): void;
    };
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
      withBroadcast(k, b, dy.shape, (wholeB) =>
        k.div_backward_b(whole.size, wholeB.handle, y.handle, dy.handle, whole.handle),
      ),
  },
});

/** Two whole sides of the result's shape, for gradients that read both. */
function withSides(k: Kernels, { a, b, dy }: Sides, use: (a: Value, b: Value) => void): void {
  withBroadcast(k, a, dy.shape, (wholeA) => withBroadcast(k, b, dy.shape, (wholeB) => use(wholeA, wholeB)));
}

/** maximum or minimum: the gradient goes to the side that won, half to each where they are equal. */
function chosen(name: "maximum" | "minimum") {
  const kernel = `${name}_backward_a` as const;
  return binary(name, {
    a: {
      needs: ["a", "b"],
      gradient: (k, sides, whole) =>
        withSides(k, sides, (a, b) => k[kernel](whole.size, a.handle, b.handle, sides.dy.handle, whole.handle)),
    },
    b: {
      needs: ["a", "b"],
      gradient: (k, sides, whole) =>
        withSides(k, sides, (a, b) => k[kernel](whole.size, b.handle, a.handle, sides.dy.handle, whole.handle)),
    },
  });
}

/** The larger of each pair, broadcast; NaN if either is. */
export const maximum = chosen("maximum");
/** The smaller of each pair, broadcast; NaN if either is. */
export const minimum = chosen("minimum");

/** aᵇ, broadcast. At base 0 and an exponent above 0 both gradients are 0, or that of the base its limit. */
export const pow = binary("pow", {
  a: {
    needs: ["a", "b"],
    gradient: (k, sides, whole) =>
      withSides(k, sides, (a, b) => k.pow_backward_base(whole.size, a.handle, b.handle, sides.dy.handle, whole.handle)),
  },
  b: {
    needs: ["a", "b", "y"],
    gradient: (k, sides, whole) =>
      withSides(k, sides, (a, b) =>
        k.pow_backward_exponent(whole.size, a.handle, b.handle, sides.y.handle, sides.dy.handle, whole.handle),
      ),
  },
});
