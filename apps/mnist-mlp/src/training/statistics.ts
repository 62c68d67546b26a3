// getTrainingStats: trains a network and returns what it learned from epoch to epoch.
import { DataLoader } from "lanewise/data";
import { type EpochRecord, type StepEvent, type TrainingCheckpoint, train } from "lanewise/train";
import type { MLP } from "../network/index.ts";
import { type Digits, evaluate } from "./evaluation.ts";
import { rateFactor, type Schedule } from "./schedule.ts";

/** The network on the test images, at an epoch's end. */
export interface Tested {
  readonly [figure: string]: number;
  readonly loss: number;
  readonly error: number;
}

export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** What the order of the examples is drawn from. */
  readonly seed: number;
  /** How the network's learning rate changes (default: it does not). */
  readonly schedule?: Schedule;
  /** Stops after the step in hand when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Written after each epoch and when stopped; the network is added to what it holds. */
  readonly checkpoint?: Omit<TrainingCheckpoint<Tested>, "checkpointed"> | undefined;
  readonly onStep?: (event: StepEvent) => void;
  readonly onEpoch?: (record: EpochRecord<Tested>) => void;
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
  const { epochs, batchSize, seed, schedule = "constant", checkpoint, signal, onStep, onEpoch } = options;
  const lr = mlp.lr;
  mlp.train();
  const { history, examples, seconds, stopped } = await train<TrainingBatch, Tested>({
    loader: new DataLoader(data.train, { batchSize, shuffle: true, seed }),
    epochs,
    schedule: ({ step, steps }) => {
      mlp.lr = lr * rateFactor(schedule, step, steps);
    },
    step: (batch) => trainBatch(mlp, batch),
    evaluate: () => ({ ...evaluate(mlp, data.test) }),
    signal,
    onStep,
    onEpoch,
    checkpoint: checkpoint && { ...checkpoint, checkpointed: { network: mlp } },
  });
  mlp.lr = lr;
  mlp.eval();
  return {
    trainLoss: history.map(({ loss }) => loss),
    trainError: history.map(({ error }) => error),
    testLoss: history.map(({ metrics }) => metrics.loss),
    testError: history.map(({ metrics }) => metrics.error),
    images: examples,
    seconds,
    stopped,
  };
}

interface TrainingBatch {
  readonly x: Parameters<MLP["forward"]>[0];
  readonly y: Parameters<MLP["backward"]>[0];
}

/** One step: forward, loss and error, backward, update. */
function trainBatch(mlp: MLP, { x, y }: TrainingBatch): { examples: number; loss: number; wrong: number } {
  mlp.forward(x);
  const result = { examples: y.size, loss: mlp.getLoss(y), wrong: mlp.getError(y) };
  mlp.zeroGrads();
  mlp.backward(y);
  mlp.step();
  return result;
}
