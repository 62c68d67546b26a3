// How good a network is on images that it was not trained on.
import { crossEntropy, noGrad, type Tensor } from "lanewise";
import { DataLoader, type Dataset } from "lanewise/data";
import { countWrongPredictions } from "lanewise/train";
import type { Network } from "./network.ts";

export interface Evaluation {
  readonly images: number;
  readonly wrong: number;
  /** The mean loss of an image. */
  readonly loss: number;
}

const BATCH = 250;

export function evaluate(network: Network, data: Dataset): Evaluation {
  return noGrad(() => {
    const sums = { images: 0, wrong: 0, loss: 0 };
    for (const { x, y } of new DataLoader(data, { batchSize: BATCH })) {
      const logits = network.forward(x as Tensor) as Tensor<readonly [number, number]>;
      sums.images += y.size;
      sums.wrong += countWrongPredictions(logits, y);
      sums.loss += crossEntropy(logits, y).item() * y.size;
    }
    return { ...sums, loss: sums.loss / sums.images };
  });
}
