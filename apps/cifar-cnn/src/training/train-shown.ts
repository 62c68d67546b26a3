// A training that shows how far it is.
import { trainingProgress } from "@lanewise/terminal";
import type { CifarDataset } from "lanewise/data";
import type { Module, Sequential } from "lanewise/nn";
import type { TrainingResult } from "lanewise/train";
import type { Settings } from "../settings.ts";
import { type TrainingHooks, trainNetwork } from "./train-network.ts";

/** Trains `model` in place, with a bar in a terminal and a line for each epoch. */
export async function trainShown(
  model: Sequential<readonly Module[]>,
  images: CifarDataset,
  settings: Settings,
  { signal, checkpoint }: Pick<TrainingHooks, "signal" | "checkpoint">,
): Promise<TrainingResult> {
  const done = checkpoint?.resume?.progress.examples ?? 0;
  const progress = trainingProgress({ epochs: settings.epochs, perEpoch: images.length, done });
  try {
    return await trainNetwork(model, images, settings, {
      signal,
      checkpoint,
      onStep: ({ epoch, seen, loss, error, examplesPerSecond: perSecond }) =>
        progress.step({ epoch, seen, loss, error, perSecond }),
      onEpoch: ({ epoch, loss, error, examplesPerSecond: perSecond, complete }) => {
        if (complete) progress.epoch({ epoch, trainLoss: loss, trainError: error, perSecond });
      },
    });
  } finally {
    progress.end();
  }
}
