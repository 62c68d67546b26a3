// A small run for the tests: a network on noise with labels, its checkpoint in memory.
import { type Batch, DataLoader, Dataset } from "@lanewise/data";
import { Linear, ReLU, Sequential } from "@lanewise/nn";
import { SGD } from "@lanewise/optim";
import { Generator, manualSeed } from "@lanewise/tensor";
import {
  type CheckpointStore,
  classifierStep,
  readCheckpoint,
  scaleRates,
  type TrainingOptions,
  type TrainingResult,
  train,
} from "./index.ts";

/** A store in memory that remembers every write. */
export function memoryStore(label = "memory.npz"): CheckpointStore & { readonly written: Uint8Array[] } {
  const written: Uint8Array[] = [];
  return {
    label,
    written,
    read: async () => written.at(-1) ?? null,
    write: async (bytes) => void written.push(bytes),
    remove: async () => void written.splice(0),
  };
}

/** 84 examples: ten batches of 8 and one of 4 an epoch. */
function noise(): Dataset<readonly [20]> {
  const order = new Generator(5).permutation(84 * 20);
  return new Dataset({
    shape: [20] as const,
    raw: Uint8Array.from(order, (value) => value % 256),
    labels: Int32Array.from({ length: 84 }, (_, at) => at % 4),
    divisor: 255,
    source: "noise",
    sha256: "of noise",
  });
}

export const STEPS_AN_EPOCH = 11;

type Examples = Batch<readonly [20]>;
type Options = TrainingOptions<Examples>;

export interface SmallRun {
  readonly loader: DataLoader<readonly [20]>;
  weights(): Float32Array[];
  /** What `train` is called with; a checkpoint to go on from is not among it. */
  options(): Options;
  /** Trains; after `stopAfter` steps, counted over the whole run, a signal stops it. */
  train(options?: Partial<Options> & { stopAfter?: number; resume?: boolean }): Promise<TrainingResult>;
}

/** A run that draws random numbers in each step too, as augmentation does. */
export function smallRun(store: CheckpointStore, { seed = 1, lr = 0.05, epochs = 3 } = {}): SmallRun {
  manualSeed(seed);
  const model = new Sequential(new Linear(20, 16), new ReLU(), new Linear(16, 4));
  const optimizer = new SGD(model.parameters(), { lr, momentum: 0.9, weightDecay: 1e-3 });
  const loader = new DataLoader(noise(), { batchSize: 8, shuffle: true, seed: 3 });
  const augmentation = new Generator(9, 1);
  const step = classifierStep({ model, optimizer });
  const settings = { seed, lr, epochs };
  const checkpoint = { store, checkpointed: { model, optimizer, augmentation }, settings, data: "noise" };
  const schedule = scaleRates(optimizer, (done) => 1 - done);
  const options = (): Options => ({
    loader,
    epochs,
    schedule,
    step: ({ x, y, indices }) => {
      const noisy = x.add(augmentation.normal(x.shape, 0, 0.1)) as typeof x;
      return step({ x: noisy, y, indices });
    },
    evaluate: ({ epoch }) => ({ epochOfModel: epoch }),
    checkpoint,
  });
  return {
    loader,
    weights: () => model.parameters().map((parameter) => parameter.data()),
    options,
    async train({ stopAfter, resume = false, ...rest } = {}) {
      const stop = new AbortController();
      return train({
        ...options(),
        signal: stop.signal,
        checkpoint: { ...checkpoint, resume: resume ? await readCheckpoint(store) : null },
        ...rest,
        onStep: (event) => {
          rest.onStep?.(event);
          if (event.step === stopAfter) stop.abort();
        },
      });
    },
  };
}
