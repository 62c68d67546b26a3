// Matrix products: all of them one GEMM, transposed as the gradient needs it.

import { apply, defineOp, opRecord } from "../define-op.ts";
import { activationCode, type FusedActivation, throughActivation } from "../fused-activation.ts";
import type { Shape } from "../shape.ts";
import {
  affine,
  innerProduct,
  innerProductNT,
  innerProductTN,
  type Mismatch,
  type SameSize,
  type WithLast,
} from "../shape-rules.ts";
import type { Tensor } from "../tensor.ts";
import type { Value } from "../value.ts";

/** Matrix product of [m, k] and [k, n]. */
export const matmul = defineOp({
  name: "matmul",
  shape: innerProduct,
  inputs: ["a", "b"],
  forward: (k, { a, b, y }) => k.gemm(1, 1, a.shape[0]!, b.shape[1]!, b.shape[0]!, false, a.handle, b.handle, y.handle),
  backward: {
    a: {
      needs: ["b"],
      gradient: (k, { b, dy }, da) =>
        k.gemm_nt(1, 1, dy.shape[0]!, b.shape[0]!, b.shape[1]!, false, dy.handle, b.handle, da.handle),
    },
    b: {
      needs: ["a"],
      gradient: (k, { a, dy }, db) =>
        k.gemm_tn(1, 1, a.shape[1]!, dy.shape[1]!, a.shape[0]!, false, a.handle, dy.handle, db.handle),
    },
  },
});

/** Matrix product a bᵀ of [m, k] and [n, k], without a transposed copy: the gradient of a linear layer's input. */
export const matmulNT = defineOp({
  name: "matmulNT",
  shape: innerProductNT,
  inputs: ["a", "b"],
  forward: (k, { a, b, y }) =>
    k.gemm_nt(1, 1, a.shape[0]!, b.shape[0]!, a.shape[1]!, false, a.handle, b.handle, y.handle),
  backward: {
    a: {
      needs: ["b"],
      gradient: (k, { b, dy }, da) =>
        k.gemm(1, 1, dy.shape[0]!, b.shape[1]!, b.shape[0]!, false, dy.handle, b.handle, da.handle),
    },
    b: {
      needs: ["a"],
      gradient: (k, { a, dy }, db) =>
        k.gemm_tn(1, 1, dy.shape[1]!, a.shape[1]!, a.shape[0]!, false, dy.handle, a.handle, db.handle),
    },
  },
});

/** Matrix product aᵀ b of [k, m] and [k, n], without a transposed copy: the gradient of a linear layer's weight. */
export const matmulTN = defineOp({
  name: "matmulTN",
  shape: innerProductTN,
  inputs: ["a", "b"],
  forward: (k, { a, b, y }) =>
    k.gemm_tn(1, 1, a.shape[1]!, b.shape[1]!, a.shape[0]!, false, a.handle, b.handle, y.handle),
  backward: {
    a: {
      needs: ["b"],
      gradient: (k, { b, dy }, da) =>
        k.gemm_nt(1, 1, b.shape[0]!, dy.shape[0]!, b.shape[1]!, false, b.handle, dy.handle, da.handle),
    },
    b: {
      needs: ["a"],
      gradient: (k, { a, dy }, db) =>
        k.gemm(1, 1, a.shape[0]!, dy.shape[1]!, a.shape[1]!, false, a.handle, dy.handle, db.handle),
    },
  },
});

interface LinearOptions {
  readonly activation: FusedActivation;
}

const linearRecord = opRecord<"x" | "weight" | "bias", never, LinearOptions>({
  name: "linear",
  inputs: ["x", "weight", "bias"],
  forward: (k, { x, weight, bias, y, options }) => {
    const [inputs, outputs] = weight.shape as readonly [number, number];
    const activation = activationCode(options.activation);
    // Called without a bias, the context has none, whatever its type says.
    const biasHandle = (bias as Value | undefined)?.handle ?? 0;
    k.linear_forward(
      rowsOf(y),
      inputs,
      outputs,
      biasHandle !== 0,
      activation,
      x.handle,
      weight.handle,
      biasHandle,
      y.handle,
    );
  },
  incoming: ({ activation }) => throughActivation(activation),
  backward: {
    x: {
      needs: ["weight"],
      gradient: (k, { weight, dy }, dx) => {
        const [inputs, outputs] = weight.shape as readonly [number, number];
        k.gemm_nt(1, 1, rowsOf(dy), inputs, outputs, false, dy.handle, weight.handle, dx.handle);
      },
    },
    weight: {
      needs: ["x"],
      gradient: (k, { x, dy }, dweight) => {
        const [inputs, outputs] = dweight.shape as readonly [number, number];
        k.gemm_tn(1, 1, inputs, outputs, rowsOf(dy), false, x.handle, dy.handle, dweight.handle);
      },
    },
    bias: {
      needs: [],
      gradient: (k, { dy }, dbias) => k.sum_forward(1, rowsOf(dy), dbias.size, dy.handle, dbias.handle),
    },
  },
});

/** The number of rows of a value whose last axis are the columns. */
function rowsOf({ shape }: Value): number {
  let rows = 1;
  for (let axis = 0; axis < shape.length - 1; axis++) rows *= shape[axis]!;
  return rows;
}

type InputFits<S extends Shape, In extends number> = number extends S["length"]
  ? unknown
  : S extends readonly [...Shape, infer Last extends number]
    ? SameSize<Last, In> extends true
      ? unknown
      : Mismatch<"the input's last size must be the layer's", In, Last>
    : Mismatch<"at least one axis", readonly [In], S>;

export type BiasFits<B extends Shape, Out extends number> = B extends readonly [infer Size extends number]
  ? SameSize<Size, Out> extends true
    ? unknown
    : Mismatch<"the bias must be as long as a row of the result", Out, Size>
  : unknown;

/** activation(x W + b) over the last axis: x [..., in], weight [in, out], bias [out] or none; no activation by default. */
export function linear<S extends Shape, In extends number, Out extends number, B extends Shape = readonly [Out]>(
  x: Tensor<S & InputFits<S, In>>,
  weight: Tensor<readonly [In, Out]>,
  bias?: Tensor<B & BiasFits<B, Out>> | null,
  activation: FusedActivation = "none",
): Tensor<WithLast<S, Out>> {
  const shape = affine("linear", x.shape, weight.shape, bias?.shape ?? null);
  const inputs = bias === undefined || bias === null ? [x, weight] : [x, weight, bias];
  return apply(linearRecord, inputs as readonly Tensor[], shape, { activation }) as Tensor<WithLast<S, Out>>;
}
