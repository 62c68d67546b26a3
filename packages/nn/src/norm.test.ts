// Batch normalization as layers: running statistics, modes, what is refused. Values by hand, as PyTorch gives them.
import { init, inLayer, type Shape, type Tensor, tensor, zeros } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import type { StateArray } from "./module.ts";
import { BatchNorm1d, BatchNorm2d } from "./norm.ts";
import { Sequential } from "./sequential.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

const column = (...values: number[]) => tensor(Float32Array.from(values), { shape: [values.length, 1] as const });
const f32 = (state: StateArray | undefined) => [...(state!.data as Float32Array)];

test("B01: the batch's biased variance normalizes, the unbiased one is kept", () => {
  const norm = new BatchNorm1d(1, { momentum: 1 });
  const y = norm.forward(column(1, 2, 3, 4));
  // Mean 2.5; squares 2.25 + 0.25 + 0.25 + 2.25 = 5: 5 / 4 to normalize, 5 / 3 to keep.
  const deviation = Math.sqrt(1.25 + 1e-5);
  for (const [at, value] of [-1.5, -0.5, 0.5, 1.5].entries()) expect(y.data()[at]).toBeCloseTo(value / deviation, 6);
  const state = norm.stateDict();
  expect(f32(state.get("running_mean"))).toEqual([2.5]);
  expect(f32(state.get("running_var"))[0]).toBeCloseTo(5 / 3, 6);
  expect(state.get("num_batches_tracked")).toMatchObject({ shape: [], data: BigInt64Array.of(1n) });
});

test("running statistics follow by momentum; with null they are the plain average of the batches", () => {
  const follows = new BatchNorm1d(1, { momentum: 0.25 });
  const averages = new BatchNorm1d(1, { momentum: null });
  for (const norm of [follows, averages]) {
    norm.forward(column(0, 4));
    norm.forward(column(6, 6));
  }
  // Means 2 and 6 after 0: 0.25 · 2 = 0.5, then 0.75 · 0.5 + 0.25 · 6 = 1.875; their average is 4.
  expect(f32(follows.stateDict().get("running_mean"))[0]).toBeCloseTo(1.875, 6);
  expect(f32(averages.stateDict().get("running_mean"))[0]).toBeCloseTo(4, 6);
  // Unbiased variances 8 and 0 after 1: 0.75 + 2 = 2.75, then 2.0625; their average is 4.
  expect(f32(follows.stateDict().get("running_var"))[0]).toBeCloseTo(2.0625, 6);
  expect(f32(averages.stateDict().get("running_var"))[0]).toBeCloseTo(4, 6);
});

test("B03: one value a channel has no variance: training refuses by the layer's name, evaluation works", () => {
  const model = new Sequential(new BatchNorm1d(4));
  expect(() => model.forward(zeros([1, 4]))).toThrow(/0 \(BatchNorm1d\).*\[1, 4\] came for training.*eval\(\)/s);
  expect([
    ...model
      .eval()
      .forward(zeros([1, 4]))
      .data(),
  ]).toEqual([0, 0, 0, 0]);
  // One image of four places has a variance.
  expect(new BatchNorm2d(4).forward(zeros([1, 2, 2, 4])).shape).toEqual([1, 2, 2, 4]);
});

test("B04: training uses the batch's statistics, evaluation the running ones", () => {
  const norm = new BatchNorm2d(3);
  norm.bias!.assign(Float32Array.of(0.5, -1, 2));
  const y = norm.forward(zeros([1, 2, 2, 3]));
  expect([...y.data()]).toEqual([0.5, -1, 2, 0.5, -1, 2, 0.5, -1, 2, 0.5, -1, 2]);
  const state = new Map(norm.stateDict());
  state.set("running_mean", { dtype: "f32", shape: [3], data: Float32Array.of(1, 0, 0) });
  state.set("running_var", { dtype: "f32", shape: [3], data: Float32Array.of(4, 1, 1) });
  norm.loadStateDict(state);
  const evaluated = norm
    .eval()
    .forward(zeros([1, 1, 1, 3]))
    .data();
  // (0 − 1) / √(4 + 1e-5) + 0.5 in the first channel; the others are their bias.
  expect(evaluated[0]).toBeCloseTo(0.5 - 1 / Math.sqrt(4 + 1e-5), 6);
  expect([...evaluated.subarray(1)]).toEqual([-1, 2]);
});

test("B07: a negative running variance is refused by its key, and nothing is taken over", () => {
  const model = new Sequential(new BatchNorm1d(2));
  const state = new Map(model.stateDict());
  state.set("0.running_mean", { dtype: "f32", shape: [2], data: Float32Array.of(7, 7) });
  state.set("0.running_var", { dtype: "f32", shape: [2], data: Float32Array.of(1, -1) });
  expect(() => model.loadStateDict(state)).toThrow(/0\.running_var.*-1/s);
  expect(f32(model.stateDict().get("0.running_mean"))).toEqual([0, 0]);
});

test("a fixed weight gets no gradient, the bias its own", () => {
  const norm = new BatchNorm1d(1);
  norm.weight!.requiresGrad = false;
  const x = column(1, 3);
  norm
    .forward(x)
    .mul(column(1, 2) as Tensor<Shape>)
    .sum()
    .backward();
  expect(norm.weight!.grad).toBeNull();
  // The sum of what comes back: 1 + 2.
  expect([...norm.bias!.grad!.data()]).toEqual([3]);
});

test("options and inputs that cannot be are refused by name", () => {
  expect(() => new BatchNorm2d(0)).toThrow(/BatchNorm2d: 0 channels came/);
  expect(() => new BatchNorm2d(2, { momentum: 2 })).toThrow(/BatchNorm2d: momentum 2 came/);
  expect(() => new BatchNorm2d(2, { eps: Number.NaN })).toThrow(/BatchNorm2d: eps NaN came/);
  const wrong = () => inLayer("norm", () => new BatchNorm2d(3).forward(zeros([2, 4, 4, 2]) as never));
  expect(wrong).toThrow(/norm.*\[2, 4, 4, 2\] came, expected/s);
});
