// Functions of one value, each with its kernels `<name>_forward` and `<name>_backward`.

import type { Kernels } from "@lanewise/kernels";
import { defineOp } from "../../define-op.ts";
import { same } from "../../shape-rules.ts";
import type { Named } from "./named.ts";

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
/** √x; the derivative at 0 is ∞, so that the square of a norm gets NaN at 0, as in PyTorch: use sumSquares for it. */
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

/** eˣ − 1, exact near 0. */
export const expm1 = unary("expm1", "y");
/** ln(1 + x), exact near 0. */
export const log1p = unary("log1p", "x");
/** The sine of x in radians, exact for large x too. */
export const sin = unary("sin", "x");
/** The cosine of x in radians, exact for large x too. */
export const cos = unary("cos", "x");
/** The error function. */
export const erf = unary("erf", "x");
/** x · Φ(x), Φ the normal distribution (D. Hendrycks and K. Gimpel, arXiv 1606.08415); the exact form, by erf. */
export const gelu = unary("gelu", "x");
/** x · sigmoid(x). */
export const silu = unary("silu", "x");
/** ln(1 + eˣ). */
export const softplus = unary("softplus", "x");

/** An op that is constant but for its jumps: its gradient is 0 everywhere, so none flows. */
function steps(name: "floor" | "ceil" | "round" | "sign") {
  return defineOp({
    name,
    shape: same,
    inputs: ["x"],
    forward: (k, { x, y }) => k[`${name}_forward`](x.size, x.handle, y.handle),
    backward: {},
  });
}

/** The largest whole number not above x. */
export const floor = steps("floor");
/** The smallest whole number not below x. */
export const ceil = steps("ceil");
/** The nearest whole number, ties to even. */
export const round = steps("round");
/** −1, 0 or 1. */
export const sign = steps("sign");
