// A small network of convolutions and batch norms, trained by Muon and SGD with Lookahead, on noise that is changed in each
// step: all that a checkpoint has to hold.
import { DataLoader, Dataset } from "@lanewise/data";
import { BatchNorm2d, Conv2d, Flatten, GELU, Linear, Sequential } from "@lanewise/nn";
import { Lookahead, Muon, piecewiseLinear, SGD, WeightAverage } from "@lanewise/optim";
import { Generator, manualSeed, randn } from "@lanewise/tensor";
import {
  type CheckpointStore,
  classifierStep,
  readCheckpoint,
  scaleRates,
  type TrainingResult,
  train,
} from "@lanewise/train";

const SIDE = 10;
const EXAMPLES = 70;
/** The last batch of an epoch has six. */
const BATCH = 16;
export const STEPS_AN_EPOCH = 5;

/** Pictures of noise, whose class shifts their mean: there is something to learn. */
function pictures(): Dataset<readonly [number, number, 3]> {
  const size = SIDE * SIDE * 3;
  const order = new Generator(5).permutation(EXAMPLES * size);
  const labels = Int32Array.from({ length: EXAMPLES }, (_, at) => at % 4);
  return new Dataset({
    shape: [SIDE, SIDE, 3] as const,
    raw: Uint8Array.from(order, (value, at) => (value % 100) + 30 * labels[Math.floor(at / size)]!),
    labels,
    divisor: 255,
    source: "noise",
    sha256: "",
  });
}

export interface CnnRun {
  /** Parameters, running statistics, the average. */
  everything(): unknown;
  train(stopAfter?: number): Promise<TrainingResult>;
}

/** A run of two and a half epochs. `seed` is that of the default generator, which the steps draw from as well. */
export function cnnRun(store: CheckpointStore, { seed, resume }: { seed: number; resume: boolean }): CnnRun {
  manualSeed(seed);
  const model = new Sequential(
    new Conv2d(3, 8, 3, { padding: 1, bias: false }),
    new BatchNorm2d(8),
    new GELU(),
    new Conv2d(8, 12, 3, { stride: 2 }),
    new BatchNorm2d(12, { momentum: null }),
    new GELU(),
    new Flatten(),
    new Linear(12 * 4 * 4, 4),
  );
  const parameters = model.parameters();
  const filters = parameters.filter(({ shape }) => shape.length === 4);
  const muon = new Muon(filters, { lr: 0.05, momentum: 0.6, weightDecay: 0 });
  const sgd = new SGD(
    parameters.filter((parameter) => !filters.includes(parameter)),
    { lr: 0.05, momentum: 0.85, nesterov: true },
  );
  const both = {
    step: () => void [muon.step(), sgd.step()],
    zeroGrad: () => void [muon.zeroGrad(), sgd.zeroGrad()],
  };
  const lookahead = new Lookahead(parameters, { every: 3 });
  const average = new WeightAverage(parameters, { decay: 0.9 });
  const augmentation = new Generator(9, 1);
  const loader = new DataLoader(pictures(), { batchSize: BATCH, shuffle: true, seed: 3 });
  const step = classifierStep({ model, optimizer: both });
  const ramp = piecewiseLinear([
    [0, 0.2],
    [0.3, 1],
    [1, 0.07],
  ]);
  const schedules = [scaleRates(muon, ramp), scaleRates(sgd, ramp)];
  return {
    everything: () => [model.stateDict(), muon.state(), sgd.state(), lookahead.state(), average.state()],
    async train(stopAfter) {
      const stop = new AbortController();
      return train({
        loader,
        epochs: 2.5,
        schedule: (place) => {
          for (const schedule of schedules) schedule(place);
        },
        step: ({ x, y, indices }, { step: at, steps }) => {
          const noisy = x.add(augmentation.normal(x.shape, 0, 0.1)).add(randn(x.shape).mul(0.01)) as typeof x;
          const result = step({ x: noisy, y, indices });
          lookahead.step(0.95 ** 5 * (at / steps) ** 3);
          average.update();
          return result;
        },
        signal: stop.signal,
        onStep: ({ step: made }) => {
          if (made === stopAfter) stop.abort();
        },
        checkpoint: {
          store,
          checkpointed: { model, muon, sgd, lookahead, average, augmentation },
          settings: { widths: [8, 12] },
          resume: resume ? await readCheckpoint(store) : null,
        },
      });
    },
  };
}
