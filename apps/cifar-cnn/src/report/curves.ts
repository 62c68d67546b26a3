// The curves of a run: loss and error of the training images by epoch, as they were seen.
import { lineChart } from "@lanewise/report";
import type { FinishedRun } from "../finished-run.ts";

export interface Curves {
  readonly loss: string;
  readonly error: string;
}

const epoch = { label: "epoch" } as const;
/** Both fit under each other on a page, with their text. */
const height = 180;

export async function curvesOf({ history, metrics, settings, data }: FinishedRun): Promise<Curves> {
  const title = data.train.isSample ? { title: "On a sample of CIFAR-10" } : {};
  const tested = settings.heldOut ? "held-out images" : "test images";
  const testError = 100 * (1 - metrics.testAccuracy);
  return {
    loss: await lineChart({
      ...title,
      x: epoch,
      y: { label: "mean loss" },
      series: [{ name: "training, as it ran", y: history.map(({ loss }) => loss), style: "steps" }],
      height,
    }),
    error: await lineChart({
      ...title,
      x: epoch,
      y: { label: "wrong predictions", unit: "%", zero: true },
      series: [
        { name: "training, as it ran", y: history.map(({ error }) => 100 * error), style: "steps" },
        { name: `${tested}, at the end`, x: [1, history.length], y: [testError, testError], dashed: true },
      ],
      height,
    }),
  };
}
