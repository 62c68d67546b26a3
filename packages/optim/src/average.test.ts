// Averages by hand: Lookahead, exponential and equal averages, saving and loading, what is refused.

import { init, keep, type Tensor, tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { Lookahead, WeightAverage } from "./index.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

const leaf = (...data: number[]): Tensor => keep(tensor(data)) as unknown as Tensor;
const numbers = (x: Tensor): number[] => [...x.data()];

test("Lookahead: every second step slow = lerp, fast = slow; at decay 0 exactly the weights, at 1 the slow ones", () => {
  const [p, statistics] = [leaf(0, 4), leaf(8)];
  const lookahead = new Lookahead([p, statistics], { every: 2 });
  p.assign(Float32Array.of(4, 0));
  statistics.assign(Float32Array.of(16));
  expect(lookahead.step(0.25)).toBe(false);
  expect(numbers(p)).toEqual([4, 0]);
  expect(lookahead.step(0.25)).toBe(true);
  // 0.25 · 0 + 0.75 · 4, 0.25 · 4 + 0.75 · 0, 0.25 · 8 + 0.75 · 16
  expect([...numbers(p), ...numbers(statistics)]).toEqual([3, 1, 14]);
  p.assign(Float32Array.of(0.1, 0.2));
  lookahead.step(0);
  lookahead.step(0);
  expect(numbers(p)).toEqual([0.1, 0.2].map(Math.fround));
  p.assign(Float32Array.of(7, 7));
  lookahead.finish();
  expect(numbers(p)).toEqual([0.1, 0.2].map(Math.fround));
});

test("an exponential and an equal average begin with the first weights they are given", () => {
  const p = leaf(100);
  const [exponential, equal] = [new WeightAverage([p], { decay: 0.75 }), new WeightAverage([p])];
  for (const value of [2, 6, 10]) {
    p.assign(Float32Array.of(value));
    exponential.update();
    equal.update();
  }
  // 0.75 · (0.75 · 2 + 0.25 · 6) + 0.25 · 10 = 4.75
  expect(exponential.during(() => p.item())).toBe(4.75);
  expect(equal.during(() => p.item())).toBeCloseTo(6, 5);
  expect(p.item()).toBe(10);
});

test("the weights are back after an error and after a promise; nothing else may happen meanwhile", async () => {
  const p = leaf(1);
  const average = new WeightAverage([p]);
  average.update();
  p.assign(Float32Array.of(2));
  expect(() =>
    average.during(() => {
      average.update();
    }),
  ).toThrow("update() was called inside during()");
  expect(p.item()).toBe(2);
  const seen = average.during(async () => {
    await Promise.resolve();
    return p.item();
  });
  expect(() => average.state()).toThrow("state() was called inside during()");
  expect(await seen).toBe(1);
  expect(p.item()).toBe(2);
});

test("R01 averages that are saved and loaded go on to the bit", () => {
  const run = (average: WeightAverage, p: Tensor, from: number, to: number): void => {
    for (let step = from; step < to; step++) {
      p.assign(Float32Array.of(Math.fround(Math.sin(step)), step));
      average.update();
    }
  };
  const [p, q] = [leaf(0, 0), leaf(5, 5)];
  const whole = new WeightAverage([p]);
  run(whole, p, 0, 10);
  const first = new WeightAverage([p]);
  run(first, p, 0, 4);
  const second = new WeightAverage([q]);
  second.loadState(first.state());
  run(second, q, 4, 10);
  expect(second.state()).toEqual(whole.state());
  expect(second.steps).toBe(10);
});

test("states that do not fit and decays out of range are refused", () => {
  const average = new Lookahead([leaf(1, 2)]);
  const before = average.state();
  const array = (shape: number[], length: number) => ({ shape, data: new Float32Array(length) });
  const load =
    (...arrays: ReturnType<typeof array>[]) =>
    () =>
      average.loadState({ steps: 1, arrays: new Map(arrays.map((one, index) => [`${index}`, one])) });
  expect(load()).toThrow("state 0: nothing came, expected [2]");
  expect(load(array([3], 3))).toThrow("state 0: [3], 3 elements, came, expected [2]");
  expect(load(array([2], 2), array([1], 1))).toThrow("a state of 2 tensors came, expected 1");
  expect(average.state()).toEqual(before);
  expect(() => average.step(1.5)).toThrow("decay 1.5 came, expected a number from 0 to 1");
  expect(() => new Lookahead([leaf(1)], { every: 0 })).toThrow("every 0 came, expected a whole number from 1");
});
