// A network on a data set, once over: what it says of each image alone, and of the image with mirrored and moved copies.
import { add, noGrad, softmax, type Tensor } from "lanewise";
import { type CifarDataset, DataLoader } from "lanewise/data";
import type { Module, Sequential } from "lanewise/nn";
import { accuracyOf, type Prediction, predictionsOf } from "lanewise/train";
import { type EvaluationView, evaluationView } from "./views.ts";

export interface Evaluation {
  /** The fraction told right by the image alone. */
  readonly accuracy: number;
  /** The fraction told right by the mean of the logits over the copies. */
  readonly accuracyTTA: number;
  /** By the image alone, in the data set's order. */
  readonly predictions: readonly Prediction[];
}

/** Images a batch: large products are fast, and the memory stays small. */
const BATCH = 500;

/** Half of the weight is the image's own and its mirror image's; the rest is both, moved by a pixel to either corner. */
const COPIES: readonly (readonly [weight: number, view: EvaluationView])[] = [
  [0.25, { flip: false, dy: 0, dx: 0 }],
  [0.25, { flip: true, dy: 0, dx: 0 }],
  [0.125, { flip: false, dy: -1, dx: -1 }],
  [0.125, { flip: true, dy: -1, dx: -1 }],
  [0.125, { flip: false, dy: 1, dx: 1 }],
  [0.125, { flip: true, dy: 1, dx: 1 }],
];

/** The network is in evaluation mode meanwhile, and goes back to what it was in. */
export function evaluate(model: Sequential<readonly Module[]>, images: CifarDataset): Evaluation {
  const training = model.training;
  model.eval();
  const plain: Float32Array[] = [];
  const averaged: Float32Array[] = [];
  for (const { x } of new DataLoader(images, { batchSize: BATCH })) {
    noGrad(() => {
      const logits = COPIES.map(([, view]) => model.forward(evaluationView(x, view)) as Tensor);
      const mean = logits
        .map((each, at) => each.mul(COPIES[at]![0]) as Tensor)
        .reduce((sum, each) => add(sum, each) as Tensor);
      plain.push(softmax(logits[0]!).data());
      averaged.push(softmax(mean).data());
    });
  }
  model.train(training);
  const predictions = predictionsOf(joined(plain), images.labels);
  const accuracyTTA = accuracyOf(predictionsOf(joined(averaged), images.labels));
  return { accuracy: accuracyOf(predictions), accuracyTTA, predictions };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
