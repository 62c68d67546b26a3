// One training: the loop of the library with this program's pictures, loss and optimizers.
import { crossEntropy, type Tensor } from "lanewise";
import { type CifarDataset, DataLoader } from "lanewise/data";
import type { Module, Sequential } from "lanewise/nn";
import {
  type Checkpoint,
  type CheckpointStore,
  countWrongPredictions,
  type EpochRecord,
  type StepEvent,
  type TrainingResult,
  train,
} from "lanewise/train";
import { PROGRAM } from "../resumption.ts";
import type { Settings } from "../settings.ts";
import { optimizersFor } from "./optimizers.ts";
import { trainingViews } from "./views.ts";

export interface TrainingHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((event: StepEvent) => void) | undefined;
  readonly onEpoch?: ((record: EpochRecord) => void) | undefined;
  /** Where checkpoints go, and the one to go on from. */
  readonly checkpoint?: { readonly store: CheckpointStore; readonly resume: Checkpoint | null } | undefined;
}

/** Trains `model` in place; what it ends with are the weights of the last step. */
export async function trainNetwork(
  model: Sequential<readonly Module[]>,
  images: CifarDataset,
  settings: Settings,
  hooks: TrainingHooks = {},
): Promise<TrainingResult> {
  const { batchSize, epochs, seed, labelSmoothing } = settings;
  const loader = new DataLoader(images, { batchSize, seed, shuffle: true, dropLast: images.length >= batchSize });
  const optimizers = optimizersFor(model, settings);
  const view = trainingViews(settings);
  model.train();
  const result = await train({
    loader,
    epochs,
    schedule: optimizers.prepare,
    step: ({ x, y, indices }, place) => {
      optimizers.zeroGrad();
      const logits = model.forward(view(x, indices, place.epoch)) as Tensor<readonly [number, number]>;
      const loss = crossEntropy(logits, y, { labelSmoothing, reduction: "sum" });
      loss.backward();
      optimizers.step(place);
      return { examples: y.size, loss: loss.item() / y.size, wrong: countWrongPredictions(logits as Tensor, y) };
    },
    signal: hooks.signal,
    onStep: hooks.onStep,
    onEpoch: hooks.onEpoch,
    checkpoint: hooks.checkpoint && {
      ...hooks.checkpoint,
      checkpointed: { model, ...optimizers.parts },
      settings: { program: PROGRAM, ...settings },
      data: images.sha256,
    },
  });
  if (!result.stopped) optimizers.finish();
  return result;
}
