// SGD: steps by hand, moments that reach 0, saving and resuming to the bit, what is refused.

import { init, keep, linear, scope, square, sum, type Tensor, tanh, tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { type OptimizerState, SGD, type SGDOptions } from "./index.ts";

beforeAll(() => init({ threads: 1 }));

function leaf(...data: number[]): Tensor {
  return keep(tensor(data, { requiresGrad: true })) as unknown as Tensor;
}

/** One step along the gradient `g` of each element. */
function stepAlong(optimizer: SGD, parameter: Tensor, ...g: number[]): void {
  scope(() => {
    optimizer.zeroGrad();
    sum(parameter.mul(tensor(g))).backward();
    optimizer.step();
  });
}

test("two steps with momentum, decay and dampening by hand", () => {
  const p = leaf(1);
  const optimizer = new SGD([p], { lr: 0.5, momentum: 0.5, dampening: 0.25, weightDecay: 1 });
  // g + p = 2; the first v is that, undamped; p = 1 − 0.5 · 2 = 0.
  stepAlong(optimizer, p, 1);
  expect(p.item()).toBe(0);
  // g + p = 4; v = 0.5 · 2 + 0.75 · 4 = 4; p = −2.
  stepAlong(optimizer, p, 4);
  expect(p.item()).toBe(-2);
  expect([...optimizer.state().arrays.get("0.momentumBuffer")!.data]).toEqual([4]);
  expect(optimizer.steps).toBe(2);
});

test("N16: after one gradient and 2,000 of 0 the momentum buffer is exactly 0", () => {
  const p = leaf(1, 1, 1, 1, 1);
  const optimizer = new SGD([p], { lr: 0.1, momentum: 0.9 });
  stepAlong(optimizer, p, 1e-3, -1e-3, 1, -1e10, 1e-38);
  for (let step = 0; step < 2000; step++) stepAlong(optimizer, p, 0, 0, 0, 0, 0);
  // An f32 times 0.9 alone would stall at 4 units of 1.4e-45; −0 counts as 0.
  expect([...optimizer.state().arrays.get("0.momentumBuffer")!.data].map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
});

/** A small network on one batch: its parameters, and a training step. */
function network(options: SGDOptions): { parameters: Tensor[]; optimizer: SGD; train(steps: number): void } {
  const wave = (count: number, factor: number): Float32Array =>
    Float32Array.from({ length: count }, (_, at) => Math.sin(factor * (at + 1)));
  const shaped = (data: Float32Array, shape: readonly number[]): Tensor => tensor(data, { shape }) as Tensor;
  const parameters = [shaped(wave(12, 1.3), [3, 4]), shaped(wave(4, 0.7), [4]), shaped(wave(8, 2.1), [4, 2])].map(keep);
  for (const parameter of parameters) parameter.requiresGrad = true;
  const [w1, b1, w2] = parameters as unknown as [Tensor<[3, 4]>, Tensor<[4]>, Tensor<[4, 2]>];
  const optimizer = new SGD(parameters, options);
  const train = (steps: number): void => {
    for (let step = 0; step < steps; step++) {
      scope(() => {
        const x = shaped(wave(15, 0.3), [5, 3]) as unknown as Tensor<[5, 3]>;
        const y = linear(tanh(linear(x, w1, b1, "none")) as Tensor<[5, 4]>, w2, null, "none") as Tensor;
        optimizer.zeroGrad();
        sum(square(y)).backward();
        optimizer.step();
      });
    }
  };
  return { parameters, optimizer, train };
}

test("R01: ten steps are five steps, saved, loaded, and five more: equal to the bit", () => {
  for (const options of [
    { lr: 0.02, momentum: 0.9, weightDecay: 0.01 },
    { lr: 0.02, momentum: 0.9, nesterov: true },
    { lr: 0.02, momentum: 0.9, dampening: 0.3 },
    { lr: 0.02 },
  ]) {
    const through = network(options);
    through.train(10);
    const first = network(options);
    first.train(5);
    const weights = first.parameters.map((parameter) => parameter.data());
    const state = first.optimizer.state();
    first.train(1);

    // Other settings and other weights: all must come from what was saved.
    const second = network({ lr: 1, momentum: 0.5 });
    second.train(2);
    for (const [index, parameter] of second.parameters.entries()) parameter.assign(weights[index]!);
    second.optimizer.loadState(state);
    second.train(5);
    expect(second.optimizer.steps).toBe(10);
    expect(second.parameters.map((parameter) => parameter.data())).toEqual(
      through.parameters.map((parameter) => parameter.data()),
    );
    expect(second.optimizer.state()).toEqual(through.optimizer.state());
  }
});

test("a state of other parameters is refused, and nothing changes", () => {
  const { optimizer, train } = network({ lr: 0.1, momentum: 0.9 });
  train(1);
  const before = optimizer.state();
  const wrong: OptimizerState<Required<SGDOptions>> = {
    ...before,
    arrays: new Map([["0.momentumBuffer", { shape: [2], data: new Float32Array(2) }]]),
  };
  expect(() => optimizer.loadState(wrong)).toThrow("state 0.momentumBuffer has shape [2], expected [3, 4]");
  expect(() => optimizer.loadState({ ...before, groups: [] })).toThrow("a state of 0 groups came, expected 1");
  expect(optimizer.state()).toEqual(before);
});

test("settings out of range, no parameters and a parameter twice are refused", () => {
  const p = leaf(1);
  expect(() => new SGD([p], { lr: Number.NaN })).toThrow("lr NaN came, expected a finite number from 0");
  expect(() => new SGD([p], { lr: 0.1, momentum: -1 })).toThrow("momentum -1 came");
  expect(() => new SGD([p], { lr: 0.1, nesterov: true })).toThrow("nesterov needs a momentum above 0");
  expect(() => new SGD([], { lr: 0.1 })).toThrow("no parameters came; give it model.parameters()");
  expect(() => new SGD([p, p], { lr: 0.1 })).toThrow("a parameter came twice");
});
