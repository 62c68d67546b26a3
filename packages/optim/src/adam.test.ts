// Adam: its first step by hand, the count of each parameter's steps, moments that reach 0, what is refused.

import { init, keep, scope, sum, type Tensor, tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { Adam, AdamW, Muon, SGD } from "./index.ts";

beforeAll(() => init({ threads: 1 }));

function leaf(...data: number[]): Tensor {
  return keep(tensor(data, { requiresGrad: true })) as unknown as Tensor;
}

/** One step along the gradient `g` of each element. */
function stepAlong(optimizer: Adam, parameter: Tensor, ...g: number[]): void {
  scope(() => {
    optimizer.zeroGrad();
    sum(parameter.mul(tensor(g))).backward();
    optimizer.step();
  });
}

test("the first step moves by the rate, whatever the gradient; AdamW shrinks before it", () => {
  const p = leaf(1, 1);
  stepAlong(new Adam([p], { lr: 0.25 }), p, 3, -0.5);
  // m and v corrected are g and g²: p − lr g / |g|.
  expect([...p.data()].map((value) => Math.round(value * 1e5) / 1e5)).toEqual([0.75, 1.25]);
  const q = leaf(1, 1);
  stepAlong(new AdamW([q], { lr: 0.25, weightDecay: 2 }), q, 3, -0.5);
  // (1 − 0.25 · 2) · 1 ∓ 0.25
  expect([...q.data()].map((value) => Math.round(value * 1e5) / 1e5)).toEqual([0.25, 0.75]);
});

test("each parameter's steps are counted, as PyTorch does, and saved", () => {
  const [p, q] = [leaf(1), leaf(1)];
  const optimizer = new Adam([p, q]);
  stepAlong(optimizer, p, 1);
  stepAlong(optimizer, p, 1);
  stepAlong(optimizer, q, 1);
  const { arrays, step } = optimizer.state();
  expect(step).toBe(3);
  expect([...arrays.keys()]).toEqual(["0.expAvg", "0.expAvgSq", "0.step", "1.expAvg", "1.expAvgSq", "1.step"]);
  expect([arrays.get("0.step"), arrays.get("1.step")]).toEqual([
    { shape: [], data: Float32Array.of(2) },
    { shape: [], data: Float32Array.of(1) },
  ]);
});

test("N16: after a gradient of 1e-3 and 2,000 of 0 Adam's first moment is exactly 0", () => {
  const p = leaf(1, 1, 1, 1, 1);
  const optimizer = new Adam([p], { lr: 1e-3 });
  stepAlong(optimizer, p, 1e-3, -1e-3, 1e-3, 1e-3, 1e-3);
  for (let step = 0; step < 2000; step++) stepAlong(optimizer, p, 0, 0, 0, 0, 0);
  expect([...optimizer.state().arrays.get("0.expAvg")!.data].map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
});

test("a state of another optimizer, of other shapes or too short is refused, and nothing changes", () => {
  const p = leaf(1, 2);
  const optimizer = new Adam([p]);
  stepAlong(optimizer, p, 1, 1);
  const before = optimizer.state();
  const load = (name: string, shape: number[], length: number) => () =>
    optimizer.loadState({ ...before, arrays: new Map([[name, { shape, data: new Float32Array(length) }]]) });
  expect(load("0.momentumBuffer", [2], 2)).toThrow("state 0.momentumBuffer came, expected only expAvg, expAvgSq, step");
  expect(load("0.expAvg", [3], 3)).toThrow("state 0.expAvg has shape [3], expected [2]");
  expect(load("0.step", [2], 2)).toThrow("state 0.step has shape [2], expected []");
  expect(load("0.expAvg", [2], 1)).toThrow("state 0.expAvg has 1 elements, expected 2");
  expect(load("1.expAvg", [2], 2)).toThrow("state 1.expAvg came, expected parameters from 0 to 0");
  expect(optimizer.state()).toEqual(before);
});

test("settings out of range are refused, a group's too", () => {
  const p = leaf(1);
  expect(() => new Adam([p], { betas: [0.9, 1] })).toThrow("betas[1] 1 came, expected a number from 0 to below 1");
  expect(() => new AdamW([p], { eps: -1 })).toThrow("AdamW: eps -1 came, expected a finite number from 0");
  expect(() => new SGD([{ parameters: [p], settings: { lr: -1 } }], { lr: 1 })).toThrow("SGD: lr -1 came");
});

test("a state of another kind, or a damaged one, is refused by name, and nothing changes", () => {
  const p = leaf(1, 2);
  const adam = new Adam([p]);
  stepAlong(adam, p, 1, 1);
  const state = adam.state();
  const muon = new Muon([keep(tensor([[1, 2]], { requiresGrad: true })) as unknown as Tensor], { lr: 0.1 });
  expect(() => new SGD([leaf(1, 2)], { lr: 0.1 }).loadState(muon.state() as never)).toThrow(
    "SGD: a state of Muon came, expected one of SGD",
  );
  expect(() => new AdamW([leaf(1, 2)]).loadState(state as never)).toThrow("AdamW: a state of Adam came");
  expect(() => adam.loadState({ ...state, step: Number.NaN })).toThrow("a state after NaN steps came");
  expect(() => adam.loadState({ ...state, groups: [{ ...state.groups[0]!, lr: -1 }] })).toThrow("lr -1 came");
  expect(() => adam.loadState({ ...state, groups: [{ lr: 0.1 } as never] })).toThrow(
    "settings lr came, expected betas,",
  );
  const uncounted = new Map([...state.arrays].filter(([key]) => key !== "0.step"));
  expect(() => adam.loadState({ ...state, arrays: uncounted })).toThrow("the state of parameter 0 came without step");
  expect(adam.state()).toEqual(state);
  expect(() => new SGD([leaf(1)], { lr: 0.1, momentum: 0.9, dampening: Number.NaN })).toThrow("dampening NaN came");
});
