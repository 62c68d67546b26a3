// getTrainingStats on a small separable set: it learns, counts, stops when asked, and leaves no memory behind.
import { init, manualSeed, memoryReport } from "lanewise";
import { Dataset } from "lanewise/data";
import { beforeAll, expect, test } from "vitest";
import { heNormalWeightInit, Identity, MLP, ReLU, SoftmaxCrossEntropy, zerosBiasInit } from "../network/index.ts";
import { getTrainingStats } from "./statistics.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

/** Points on a grid; the class is the side of the line x + y = 0 on which they lie, none on the line itself. */
function points(offset: number): Dataset<readonly [2]> {
  const grid = Array.from({ length: 10 }, (_, i) => (i - 4.5) / 2 + offset);
  const all = grid.flatMap((x) => grid.map((y) => [x, y + 0.01] as const));
  return new Dataset({
    shape: [2] as const,
    raw: Float32Array.from(all.flat()),
    labels: Int32Array.from(all, ([x, y]) => (x + y > 0 ? 1 : 0)),
    source: "a grid",
    sha256: "",
  });
}

const data = { train: points(0), test: points(0.2) };

function network(): MLP {
  manualSeed(1);
  return new MLP({
    inputSize: 2,
    outputSize: 2,
    hiddens: [8],
    activations: [new ReLU(), new Identity()],
    weightInitFn: heNormalWeightInit,
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy(),
    lr: 0.2,
    momentum: 0.9,
  });
}

// The first test: networks that others leave to the collector would come and go in its figures.
test("M01 as much memory is in use after 10 steps as after 2,000", async () => {
  const live: number[] = [];
  await getTrainingStats(network(), data, {
    epochs: 200,
    batchSize: 10,
    seed: 2,
    onEpoch: () => live.push(memoryReport().liveBytes),
  });
  expect(live).toHaveLength(200);
  expect(live.at(-1)).toBe(live[0]);
});

test("it learns, and tells of every epoch", async () => {
  const mlp = network();
  const stats = await getTrainingStats(mlp, data, { epochs: 30, batchSize: 16, seed: 2, schedule: "cosine" });
  expect(stats).toMatchObject({ images: 3000, stopped: false });
  for (const by of [stats.trainLoss, stats.trainError, stats.testLoss, stats.testError]) expect(by).toHaveLength(30);
  expect(stats.trainLoss.at(-1)!).toBeLessThan(stats.trainLoss[0]! / 4);
  // Guessing errs on a half; the test points near the line are between training points of either class.
  expect(stats.testError.at(-1)!).toBeLessThan(0.15);
  expect([mlp.lr, mlp.training]).toEqual([0.2, false]);
});

test("the same seed gives the same figures", async () => {
  const options = { epochs: 3, batchSize: 16, seed: 2 };
  const first = await getTrainingStats(network(), data, options);
  const second = await getTrainingStats(network(), data, options);
  expect(second.trainLoss).toEqual(first.trainLoss);
  expect(second.testError).toEqual(first.testError);
});

test("a signal stops it after the step in hand", async () => {
  const stop = new AbortController();
  const stats = await getTrainingStats(network(), data, {
    epochs: 50,
    batchSize: 10,
    seed: 2,
    signal: stop.signal,
    onStep: ({ epoch, seen }) => {
      if (epoch === 2 && seen === 30) stop.abort();
    },
  });
  expect(stats).toMatchObject({ stopped: true, images: 130 });
  expect(stats.testError).toHaveLength(2);
});
