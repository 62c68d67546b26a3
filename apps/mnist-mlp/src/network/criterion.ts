// The loss: softmax and cross entropy as one, stable for logits of any size.
import { crossEntropy, mul, softmax, sub, type Tensor, tensor } from "lanewise";
import type { Matrix } from "./activation.ts";

/** The class of each example of a batch. */
export type Labels = Tensor<readonly [number], "i32">;

/** What stands between the logits of the last layer and the number to be made small. */
export interface Criterion {
  /** The mean loss of the batch. */
  forward(logits: Matrix, labels: Labels): Tensor<readonly []>;
  /** d(mean loss)/d(logits). */
  backward(logits: Matrix, labels: Labels): Matrix;
}

export interface SoftmaxCrossEntropyOptions {
  /** From 0 to 1 (default 0): the share of each target that is spread evenly over all classes. */
  readonly labelSmoothing?: number;
}

/**
 * L = −(1/B) Σ t · ln p, with p = softmax(logits) and the targets t = onehot(label), or with label smoothing ε
 * t = (1 − ε) onehot(label) + ε/K over K classes (C. Szegedy et al., arXiv 1512.00567). dL/d(logits) = (p − t) / B.
 */
export class SoftmaxCrossEntropy implements Criterion {
  readonly labelSmoothing: number;

  constructor({ labelSmoothing = 0 }: SoftmaxCrossEntropyOptions = {}) {
    this.labelSmoothing = labelSmoothing;
  }

  forward(logits: Matrix, labels: Labels): Tensor<readonly []> {
    return crossEntropy(logits, labels as never, { labelSmoothing: this.labelSmoothing });
  }

  backward(logits: Matrix, labels: Labels): Matrix {
    const [rows, classes] = logits.shape;
    const targets = targetRows(labels.data(), classes, this.labelSmoothing);
    return mul(sub(softmax(logits), tensor(targets, { shape: [rows, classes] })), tensor(1 / rows)) as Matrix;
  }
}

/** A row of targets for each label, whose sum is 1. */
function targetRows(labels: Int32Array, classes: number, smoothing: number): Float32Array {
  const rows = new Float32Array(labels.length * classes).fill(smoothing / classes);
  for (const [row, label] of labels.entries()) rows[row * classes + label]! += 1 - smoothing;
  return rows;
}
