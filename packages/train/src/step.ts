// The usual training step, and the usual schedule: what most runs need.
import type { Batch } from "@lanewise/data";
import type { Module } from "@lanewise/nn";
import type { Optimizer } from "@lanewise/optim";
import { argmax, crossEntropy, type Shape, type Tensor } from "@lanewise/tensor";
import type { StepPlace, StepResult } from "./progress.ts";

export interface ClassifierStepOptions {
  readonly model: Module;
  readonly optimizer: Pick<Optimizer<object>, "step" | "zeroGrad">;
  /** The mean loss of a batch; cross entropy where not given. */
  readonly loss?: (logits: Tensor, y: Tensor<readonly [number], "i32">) => Tensor;
  /** Whether wrong predictions are counted (default true; it costs one pass over the logits). */
  readonly countWrong?: boolean;
}

/** The step of a classifier: gradients to 0, forward, loss, backward, the optimizer's step. */
export function classifierStep({
  model,
  optimizer,
  loss = (logits, y) => crossEntropy(logits as Tensor<readonly [number, number]>, y) as Tensor,
  countWrong = true,
}: ClassifierStepOptions): (batch: Batch) => StepResult {
  return ({ x, y }) => {
    optimizer.zeroGrad();
    const logits = (model.forward as (x: Tensor) => Tensor).call(model, x as Tensor);
    const mean = loss(logits, y);
    const result = { examples: y.size, loss: mean.item() };
    const wrong = countWrong ? { wrong: countWrongPredictions(logits, y) } : {};
    mean.backward();
    optimizer.step();
    return { ...result, ...wrong };
  };
}

/** Rows of `logits` [B, classes] whose largest element is not at the label's place. */
export function countWrongPredictions(logits: Tensor<Shape>, y: Tensor<readonly [number], "i32">): number {
  const predicted = argmax(logits, 1).data();
  return y.data().reduce((wrong, label, row) => wrong + (label === predicted[row] ? 0 : 1), 0);
}

/** What has learning rates that may be set between steps: every optimizer. */
export interface Rated {
  readonly groups: readonly { settings: { readonly lr: number } }[];
}

/**
 * A schedule: before each step the learning rate of each group becomes what it was when this was called, times
 * `factor(share of the run that is done, the step's place)`.
 */
export function scaleRates(
  optimizer: Rated,
  factor: (done: number, place: StepPlace) => number,
): (place: StepPlace) => void {
  const rates = optimizer.groups.map(({ settings }) => settings.lr);
  return (place) => {
    const scale = factor(place.step / place.steps, place);
    for (const [index, group] of optimizer.groups.entries()) {
      group.settings = { ...group.settings, lr: rates[index]! * scale };
    }
  };
}
