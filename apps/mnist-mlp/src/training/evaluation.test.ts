// Counting: error and loss of a data set, the confusion matrix, the order of mistakes. Values by hand.
import { init, tensor } from "lanewise";
import { Dataset } from "lanewise/data";
import { beforeAll, expect, test } from "vitest";
import { Identity, type Matrix, MLP, SoftmaxCrossEntropy, zerosBiasInit } from "../network/index.ts";
import { confidentMistakes, evaluate, predictions } from "./evaluation.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

/** Logits = the two inputs: what is larger is predicted. */
const network = () =>
  new MLP({
    inputSize: 2,
    outputSize: 2,
    hiddens: [],
    activations: [new Identity()],
    weightInitFn: () => tensor(Float32Array.of(1, 0, 0, 1), { shape: [2, 2] }) as Matrix,
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy(),
    lr: 1,
  });

const data = new Dataset({
  shape: [2] as const,
  raw: Float32Array.of(3, 0, 0, 1, 2, 0, 0, 4),
  labels: Int32Array.of(0, 1, 1, 0),
  source: "four examples by hand",
  sha256: "",
});

test("loss and error of a data set", () => {
  const mlp = network();
  const { loss, error } = evaluate(mlp, data);
  expect(error).toBe(0.5);
  // ln(1 + e^-d) where the right logit is larger by d, ln(1 + e^d) where it is smaller.
  const losses = [-3, -1, 2, 4].map((d) => Math.log1p(Math.exp(d)));
  expect(loss).toBeCloseTo(losses.reduce((sum, value) => sum + value, 0) / 4, 6);
  expect(mlp.training).toBe(true);
});

test("predictions, their probabilities, the surest mistakes first", () => {
  const all = predictions(network(), data);
  expect(all.map(({ label, predicted }) => [label, predicted])).toEqual([
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ]);
  expect(all[2]!.probability).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  expect(confidentMistakes(all, 5).map(({ index }) => index)).toEqual([3, 2]);
});
