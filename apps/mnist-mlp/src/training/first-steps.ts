// The loss of the first steps of a run: where the way that weights begin shows most.
import { manualSeed } from "lanewise";
import { DataLoader } from "lanewise/data";
import { buildNetwork, CLASSES, type Settings } from "../settings.ts";
import type { Digits } from "./evaluation.ts";

/** The batch loss of each of the first `count` steps with these settings. */
export function firstLosses(settings: Settings, data: Digits, count: number): number[] {
  manualSeed(settings.seed);
  const mlp = buildNetwork(settings, data.shape[0], CLASSES);
  const loader = new DataLoader(data, { batchSize: settings.batchSize, shuffle: true, seed: settings.seed });
  const losses: number[] = [];
  while (losses.length < count) {
    for (const { x, y } of loader) {
      mlp.forward(x);
      losses.push(mlp.getLoss(y));
      mlp.zeroGrads();
      mlp.backward(y);
      mlp.step();
      if (losses.length === count) break;
    }
  }
  mlp.release();
  return losses;
}
