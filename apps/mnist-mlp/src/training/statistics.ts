// getTrainingStats: trains a network and returns what it learned from epoch to epoch.
import { setImmediate } from "node:timers/promises";
import { scope } from "lanewise";
import { DataLoader } from "lanewise/data";
import type { MLP } from "../network/index.ts";
import { type Digits, evaluate } from "./evaluation.ts";
import { rateFactor, type Schedule } from "./schedule.ts";

export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** What the order of the examples is drawn from. */
  readonly seed: number;
  /** How the network's learning rate changes (default: it does not). */
  readonly schedule?: Schedule;
  /** Stops after the step in hand when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** After each step, with the running means of the epoch (from 1). */
  readonly onStep?: (state: { epoch: number; seen: number; loss: number; error: number }) => void;
  /** After each epoch. */
  readonly onEpoch?: (epoch: number, stats: TrainingStats) => void;
}

export interface TrainingStats {
  /** Mean loss and fraction of wrong predictions by epoch; those of training are means over the steps as they ran. */
  readonly trainLoss: readonly number[];
  readonly trainError: readonly number[];
  readonly testLoss: readonly number[];
  readonly testError: readonly number[];
  /** Images trained on, each pass counted. */
  readonly images: number;
  /** From the first step to the last, the tests between epochs included. */
  readonly seconds: number;
  /** Whether `signal` ended the training. */
  readonly stopped: boolean;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly number[] ? number[] : T[K] };

/** Without a pause no signal would ever arrive; one in this many milliseconds costs nothing. */
const PAUSE_MS = 50;

/**
 * Trains the network on `data.train` and tests it on `data.test` after each epoch, which chooses nothing.
 *
 * When stopped in the middle of an epoch, the epoch counts with what was seen of it.
 */
export async function getTrainingStats(
  mlp: MLP,
  data: { readonly train: Digits; readonly test: Digits },
  options: TrainingOptions,
): Promise<TrainingStats> {
  const { epochs, batchSize, seed, schedule = "constant", signal, onStep, onEpoch } = options;
  const loader = new DataLoader(data.train, { batchSize, shuffle: true, seed });
  const steps = epochs * loader.length;
  const lr = mlp.lr;
  const stats: Growing<TrainingStats> = {
    trainLoss: [],
    trainError: [],
    testLoss: [],
    testError: [],
    images: 0,
    seconds: 0,
    stopped: false,
  };
  const started = performance.now();
  let paused = started;
  let step = 0;
  mlp.train();
  for (let epoch = 1; epoch <= epochs && !stats.stopped; epoch++) {
    const sums = { seen: 0, loss: 0, wrong: 0 };
    for await (const { x, y } of loader) {
      mlp.lr = lr * rateFactor(schedule, step++, steps);
      scope(() => trainBatch(mlp, x, y, sums));
      stats.images += y.size;
      stats.seconds = (performance.now() - started) / 1000;
      onStep?.({ epoch, seen: sums.seen, loss: sums.loss / sums.seen, error: sums.wrong / sums.seen });
      if (performance.now() - paused > PAUSE_MS) {
        await setImmediate();
        paused = performance.now();
      }
      if (signal?.aborted === true) {
        stats.stopped = step < steps;
        break;
      }
    }
    stats.trainLoss.push(sums.loss / sums.seen);
    stats.trainError.push(sums.wrong / sums.seen);
    const tested = evaluate(mlp, data.test);
    stats.testLoss.push(tested.loss);
    stats.testError.push(tested.error);
    onEpoch?.(epoch, stats);
  }
  mlp.lr = lr;
  mlp.eval();
  return stats;
}

/** One step: forward, loss and error, backward, update. */
function trainBatch(
  mlp: MLP,
  x: Parameters<MLP["forward"]>[0],
  y: Parameters<MLP["backward"]>[0],
  sums: { seen: number; loss: number; wrong: number },
): void {
  mlp.forward(x);
  sums.seen += y.size;
  sums.loss += mlp.getLoss(y) * y.size;
  sums.wrong += mlp.getError(y);
  mlp.zeroGrads();
  mlp.backward(y);
  mlp.step();
}
