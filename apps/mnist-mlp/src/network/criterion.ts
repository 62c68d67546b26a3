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

/** L = −(1/B) Σ ln p[label], with p = softmax(logits); dL/d(logits) = (p − onehot(label)) / B. */
export class SoftmaxCrossEntropy implements Criterion {
  forward(logits: Matrix, labels: Labels): Tensor<readonly []> {
    return crossEntropy(logits, labels as never);
  }

  backward(logits: Matrix, labels: Labels): Matrix {
    const [rows, classes] = logits.shape;
    const targets = tensor(oneHot(labels.data(), classes), { shape: [rows, classes] });
    return mul(sub(softmax(logits), targets), tensor(1 / rows)) as Matrix;
  }
}

/** A row for each label: 1 at the label, else 0. */
function oneHot(labels: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) rows[row * classes + label] = 1;
  return rows;
}
