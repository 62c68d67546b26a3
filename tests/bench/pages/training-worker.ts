// The worker that trains while the page is watched: the MLP, or a small CNN, on noise of MNIST's size.
import { init, tensor } from "lanewise";
import { Conv2d, Flatten, Linear, MaxPool2d, type Module, ReLU, Sequential } from "lanewise/nn";
import { SGD } from "lanewise/optim";
import { classifierStep } from "lanewise/train";
import { serveTraining } from "lanewise/train/page";
import { batchAt, type Images, images, learningRate, momentum } from "../sides/inputs.ts";

export interface TrainingSettings {
  readonly network: string;
  readonly threads: number;
}

const BATCH = 64;
const STEPS_AN_EPOCH = 100;

const networks: Readonly<Record<string, { readonly shape: readonly number[]; make(): Module }>> = {
  mlp: {
    shape: [784],
    make: () =>
      new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 128), new ReLU(), new Linear(128, 10)) as Module,
  },
  cnn: {
    shape: [28, 28, 1],
    make: () =>
      new Sequential(
        new Conv2d(1, 16, 3, { padding: 1 }),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(16, 32, 3, { padding: 1 }),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(1568, 10),
      ) as Module,
  },
};

/** Batches one after the other; the run ends when the page says so. */
function loaderOf(data: Images, shape: readonly number[]) {
  let state = { epoch: 0, batch: 0 };
  return {
    length: STEPS_AN_EPOCH,
    get state() {
      return state;
    },
    set state(next) {
      state = next;
    },
    async *[Symbol.asyncIterator]() {
      for (let step = 0; step < STEPS_AN_EPOCH; step++) {
        const { pixels, labels } = batchAt(data, step, BATCH);
        const [x, y] = [tensor(pixels, { shape: [BATCH, ...shape] }), tensor(labels, { shape: [BATCH] })];
        state = { epoch: state.epoch, batch: step + 1 };
        yield { x, y };
        x.release();
        y.release();
      }
      state = { epoch: state.epoch + 1, batch: 0 };
    },
  };
}

serveTraining(async ({ network, threads }: TrainingSettings) => {
  await init({ threads, workerUrl: new URL("./lanewise-worker.js", self.location.href) });
  const { shape, make } = networks[network]!;
  const model = make();
  const optimizer = new SGD(model.parameters(), { lr: learningRate, momentum });
  const step = classifierStep({ model, optimizer });
  return { loader: loaderOf(images(), shape), epochs: 1e6, step: step as never };
});
