// The curves of a run: loss and error by epoch, for training and test.
import { lineChart } from "@lanewise/report";
import type { TrainingStats } from "../training/statistics.ts";

type Curves = Pick<TrainingStats, "trainLoss" | "trainError" | "testLoss" | "testError">;

const epoch = { label: "epoch" } as const;
const percents = (fractions: readonly number[]) => fractions.map((fraction) => fraction * 100);
/** A line alone shows a single epoch as nothing. */
const style = "steps" as const;
/** Both fit under each other on a page, with their text. */
const height = 215;

export interface CurveOptions {
  /** With label smoothing the loss stays above the entropy of the targets, and a logarithmic axis would show nothing. */
  readonly smoothed: boolean;
  /** The curves say so where the data are a sample. */
  readonly sample: boolean;
}

const titleOf = ({ sample }: CurveOptions) => (sample ? { title: "On a sample of MNIST" } : {});

export function lossCurve({ trainLoss, testLoss }: Curves, options: CurveOptions): Promise<string> {
  return lineChart({
    ...titleOf(options),
    x: epoch,
    y: { label: "mean cross entropy", scale: options.smoothed ? "linear" : "log" },
    series: [
      { name: "training, as it ran", y: trainLoss, style },
      { name: "test", y: testLoss, style },
    ],
    height,
  });
}

export function errorCurve({ trainError, testError }: Curves, options: CurveOptions): Promise<string> {
  return lineChart({
    ...titleOf(options),
    x: epoch,
    y: { label: "wrong predictions", unit: "%", zero: true },
    series: [
      { name: "training, as it ran", y: percents(trainError), style },
      { name: "test", y: percents(testError), style },
    ],
    height,
  });
}
