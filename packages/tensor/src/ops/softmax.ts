// Softmax over the last axis, and the cross entropy that is fused with it.

import { apply, defineOp, opRecord } from "../define-op.ts";
import type { DType } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { formatShape, type Shape } from "../shape.ts";
import { type Mismatch, type SameSize, same } from "../shape-rules.ts";
import type { Tensor } from "../tensor.ts";
import { type Value, withTemporary } from "../value.ts";

/** Rows and columns of a value whose last axis are the columns. */
function matrixOf({ shape, size }: Value): [rows: number, cols: number] {
  const cols = shape.at(-1) ?? 1;
  return [cols === 0 ? 0 : size / cols, cols];
}

/** eˣ / Σ eˣ over the last axis, the row's maximum subtracted first: finite for all finite x. */
export const softmax = defineOp({
  name: "softmax",
  shape: same,
  inputs: ["x"],
  forward: (k, { x, y }) => k.softmax_forward(...matrixOf(x), x.handle, y.handle),
  backward: {
    x: {
      needs: ["y"],
      gradient: (k, { y, dy }, dx) => k.softmax_backward(...matrixOf(y), y.handle, dy.handle, dx.handle),
    },
  },
});

/** ln softmax over the last axis: exact where the softmax itself underflows. */
export const logSoftmax = defineOp({
  name: "logSoftmax",
  shape: same,
  inputs: ["x"],
  forward: (k, { x, y }) => k.log_softmax_forward(...matrixOf(x), x.handle, y.handle),
  backward: {
    x: {
      needs: ["y"],
      gradient: (k, { y, dy }, dx) => k.log_softmax_backward(...matrixOf(y), y.handle, dy.handle, dx.handle),
    },
  },
});

export interface CrossEntropyOptions {
  /** "mean" over the rows (as where not given), "sum", or "none": a loss a row. */
  readonly reduction?: "mean" | "sum" | "none";
  /** From 0 to 1: the share of the target that is spread evenly over all classes. */
  readonly labelSmoothing?: number;
}

interface Settings {
  readonly reduction: "mean" | "sum" | "none";
  readonly labelSmoothing: number;
}

const crossEntropyRecord = opRecord<"logits" | "labels", "probabilities", Settings>({
  name: "crossEntropy",
  inputs: ["logits", "labels"],
  dtypes: ["f32", "i32"],
  extras: { probabilities: ([logits]) => logits! },
  forward: (k, { logits, labels, probabilities, y, options }) => {
    const [rows, classes] = matrixOf(logits);
    const run = (losses: Value): void =>
      k.cross_entropy_forward(
        rows,
        classes,
        options.labelSmoothing,
        logits.handle,
        labels.handle,
        losses.handle,
        probabilities.handle,
      );
    if (options.reduction === "none") return run(y);
    withTemporary([rows], (losses) => {
      run(losses);
      if (options.reduction === "mean") k.mean_forward(1, rows, 1, losses.handle, y.handle);
      else k.sum_forward(1, rows, 1, losses.handle, y.handle);
    });
  },
  backward: {
    logits: {
      needs: ["probabilities", "labels"],
      gradient: (k, { probabilities, labels, dy, options }, dlogits) => {
        const [rows, classes] = matrixOf(probabilities);
        const scale = options.reduction === "mean" ? 1 / rows : 1;
        k.cross_entropy_backward(
          rows,
          classes,
          options.labelSmoothing,
          scale,
          options.reduction === "none",
          probabilities.handle,
          labels.handle,
          dy.handle,
          dlogits.handle,
        );
      },
    },
  },
});

type LabelFits<S extends Shape, L extends Shape> = S extends readonly [infer Rows extends number, number]
  ? L extends readonly [infer N extends number]
    ? SameSize<Rows, N> extends true
      ? unknown
      : Mismatch<"one label a row of logits", Rows, N>
    : unknown
  : unknown;

/**
 * Cross entropy of logits [rows, classes] and class numbers [rows]: −ln softmax(logits)[label], fused and stable.
 *
 * With label smoothing ε the target is 1 − ε + ε/K at the label and ε/K elsewhere (C. Szegedy et al., arXiv 1512.00567).
 * A label outside 0..classes − 1 is an error that names its row. Probabilities are no logits: give their logarithms, where a
 * probability of 0 has an infinite loss and a finite gradient.
 */
export function crossEntropy<S extends Shape, L extends Shape, const O extends CrossEntropyOptions>(
  logits: Tensor<S>,
  labels: Tensor<L & LabelFits<S, L>, "i32">,
  options?: O,
): Tensor<O extends { readonly reduction: "none" } ? L : []> {
  const [rows] = logits.shape;
  const { reduction = "mean", labelSmoothing = 0 } = options ?? {};
  if (logits.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== rows) {
    throw new ShapeError(
      "crossEntropy",
      `logits ${formatShape(logits.shape)} and labels ${formatShape(labels.shape)} came, expected [rows, classes] and [rows]`,
    );
  }
  if (!["mean", "sum", "none"].includes(reduction)) {
    throw new RangeError(`crossEntropy: reduction "${reduction}" came, expected "mean", "sum" or "none"`);
  }
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new RangeError(`crossEntropy: labelSmoothing ${labelSmoothing} came, expected 0 to 1`);
  }
  const shape = reduction === "none" ? [rows!] : [];
  const inputs = [logits, labels] as unknown as readonly Tensor<Shape, DType>[];
  return apply(crossEntropyRecord, inputs, shape, { reduction, labelSmoothing }) as never;
}
