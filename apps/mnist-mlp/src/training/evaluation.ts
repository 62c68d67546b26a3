// A network on a whole data set: loss, error, and every prediction with its probability.
import { noGrad, scope, softmax } from "lanewise";
import { DataLoader, type Dataset } from "lanewise/data";
import type { MLP } from "../network/index.ts";

/** Flat images, as `mnist()` gives them. */
export type Digits = Dataset<readonly [number]>;

export interface Evaluation {
  /** The mean loss of an example. */
  readonly loss: number;
  /** The fraction of wrong predictions. */
  readonly error: number;
}

/** Examples a batch: large products are fast, and the memory stays small. */
const BATCH = 1000;

/** Loss and error of the network in evaluation; training goes on as before. */
export function evaluate(mlp: MLP, data: Digits): Evaluation {
  const training = mlp.training;
  mlp.eval();
  let loss = 0;
  let wrong = 0;
  for (const { x, y } of new DataLoader(data, { batchSize: BATCH })) {
    mlp.forward(x);
    loss += mlp.getLoss(y) * y.size;
    wrong += mlp.getError(y);
  }
  if (training) mlp.train();
  return { loss: loss / data.length, error: wrong / data.length };
}

export interface Prediction {
  /** Where the example is in the data set. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** The probability that the network gives to what it predicts. */
  readonly probability: number;
}

/** What the network says of each example. */
export function predictions(mlp: MLP, data: Digits): Prediction[] {
  const result: Prediction[] = [];
  for (const { x, indices } of new DataLoader(data, { batchSize: BATCH })) {
    const probabilities = scope(() => noGrad(() => softmax(mlp.forward(x)).data()));
    const classes = probabilities.length / indices.length;
    for (const [row, index] of indices.entries()) {
      const own = probabilities.subarray(row * classes, (row + 1) * classes);
      const predicted = own.reduce((best, probability, at) => (probability > own[best]! ? at : best), 0);
      result.push({ index, label: data.labels[index]!, predicted, probability: own[predicted]! });
    }
  }
  return result;
}

/** `counts[label][predicted]`. */
export function confusionCounts(all: readonly Prediction[], classes = 10): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, predicted } of all) counts[label]![predicted]! += 1;
  return counts;
}

/** The wrong predictions, the most confident first. */
export function confidentMistakes(all: readonly Prediction[], count: number): Prediction[] {
  return all
    .filter(({ label, predicted }) => label !== predicted)
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, count);
}
