// A network on a whole data set: loss, error, and every prediction with its probability.
import { noGrad, scope, softmax } from "lanewise";
import { DataLoader, type Dataset } from "lanewise/data";
import { type Prediction, predictionsOf } from "lanewise/train";
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

/** What the network says of each example, in the data set's order. */
export function predictions(mlp: MLP, data: Digits): Prediction[] {
  const result: Prediction[] = [];
  for (const { x, y } of new DataLoader(data, { batchSize: BATCH })) {
    const probabilities = scope(() => noGrad(() => softmax(mlp.forward(x)).data()));
    result.push(...predictionsOf(probabilities, y.data(), result.length));
  }
  return result;
}

/** The wrong predictions, the most confident first. */
export function confidentMistakes(all: readonly Prediction[], count: number): Prediction[] {
  return all
    .filter(({ label, predicted }) => label !== predicted)
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, count);
}
