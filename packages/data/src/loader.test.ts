// DataLoader: order, batches, resuming, and the lifetime of what it gives out.
import { init, keep, LifetimeError, manualSeed, memoryReport, noGrad, type Tensor, tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { Dataset } from "./dataset.ts";
import { type Batch, DataLoader } from "./loader.ts";

beforeAll(() => init());

const data = new Dataset({
  shape: [2] as const,
  raw: Uint8Array.from({ length: 20 }, (_, i) => i),
  labels: Int32Array.from({ length: 10 }, (_, i) => i),
  source: "numbers",
  sha256: "",
});
const labelsOf = (loader: DataLoader<readonly [2]>): number[] => {
  const all: number[] = [];
  for (const { y } of loader) all.push(...y.data());
  return all;
};

test("without shuffle: in order, the last batch partial, x and y and indices belonging together", () => {
  const loader = new DataLoader(data, { batchSize: 4 });
  const batches: [number[], number[], number[]][] = [];
  for (const { x, y, indices } of loader) {
    batches.push([[...x.shape], [...x.data()], [...indices]]);
    expect(y.data()).toEqual(indices);
  }
  expect(loader.length).toBe(3);
  expect(batches).toEqual([
    [
      [4, 2],
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 1, 2, 3],
    ],
    [
      [4, 2],
      [8, 9, 10, 11, 12, 13, 14, 15],
      [4, 5, 6, 7],
    ],
    [
      [2, 2],
      [16, 17, 18, 19],
      [8, 9],
    ],
  ]);
});

test("dropLast leaves the partial batch out", () => {
  expect(labelsOf(new DataLoader(data, { batchSize: 4, dropLast: true }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(() => new DataLoader(data, { batchSize: 11, dropLast: true })).toThrow("leaves no batch of 11 in 10 examples");
});

test("R04 shuffle: every example once, each epoch another order, one seed one sequence, another seed another", () => {
  const loader = new DataLoader(data, { batchSize: 3, shuffle: true, seed: 1 });
  const epochs = [labelsOf(loader), labelsOf(loader), labelsOf(loader)];
  for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([...data.labels]);
  expect(new Set(epochs.map(String)).size).toBe(3);
  const again = new DataLoader(data, { batchSize: 5, shuffle: true, seed: 1 });
  expect([labelsOf(again), labelsOf(again), labelsOf(again)]).toEqual(epochs);
  expect(labelsOf(new DataLoader(data, { batchSize: 3, shuffle: true, seed: 2 }))).not.toEqual(epochs[0]);
  manualSeed(1);
  expect(labelsOf(new DataLoader(data, { batchSize: 3, shuffle: true }))).toEqual(epochs[0]);
  manualSeed(0);
});

test("R01 a loader goes on in another process with the very next batch", () => {
  const whole = new DataLoader(data, { batchSize: 3, shuffle: true, seed: 7 });
  const expected = [...labelsOf(whole), ...labelsOf(whole)];
  const seen: number[] = [];
  const first = new DataLoader(data, { batchSize: 3, shuffle: true, seed: 7 });
  let state = first.state;
  expect(state).toEqual({ epoch: 0, batch: 0 });
  for (const { y } of first) {
    seen.push(...y.data());
    state = JSON.parse(JSON.stringify(first.state));
    if (state.batch === 2) break;
  }
  expect(first.state).toEqual({ epoch: 1, batch: 0 });
  const second = new DataLoader(data, { batchSize: 3, shuffle: true, seed: 7 });
  second.state = state;
  expect([...seen, ...labelsOf(second), ...labelsOf(second)]).toEqual(expected);
  expect(() => {
    second.state = { epoch: 0, batch: 5 };
  }).toThrow("state { epoch: 0, batch: 5 } came, expected batch 0 to 4");
});

test("M01 a turn is a scope: live tensors are the same in every turn and none is left at the end", () => {
  const before = memoryReport().liveBuffers;
  const live: number[] = [];
  for (const { x } of new DataLoader(data, { batchSize: 2 })) {
    noGrad(() => x.add(x).mul(x));
    live.push(memoryReport().liveBuffers);
  }
  expect(new Set(live).size).toBe(1);
  expect(memoryReport().liveBuffers).toBe(before);
});

test("break, throw, a nested loop and two interleaved loops leave nothing behind", () => {
  const before = memoryReport().liveBuffers;
  const loader = new DataLoader(data, { batchSize: 3, shuffle: true, seed: 1 });
  for (const { x } of loader) if (x.shape[0] === 3) break;
  expect(() => {
    for (const _ of loader) throw new Error("in the body");
  }).toThrow("in the body");
  for (const { x } of loader) {
    for (const inner of new DataLoader(data, { batchSize: 5 })) expect(inner.x.shape).toEqual([5, 2]);
    expect(x.data().length).toBe(2 * x.shape[0]);
  }
  const [a, b] = [loader[Symbol.iterator](), loader[Symbol.iterator]()];
  for (let one = a.next(), two = b.next(); !one.done && !two.done; one = a.next(), two = b.next()) {
    expect(one.value.x.data().length).toBe(two.value.x.data().length);
  }
  expect(memoryReport().liveBuffers).toBe(before);
});

test("what is kept survives its turn; a past batch of a spread loader is an error that names keep", () => {
  let average: Tensor<readonly [number, 2]> | undefined;
  for (const { x } of new DataLoader(data, { batchSize: 5 })) {
    const previous = average;
    average = keep(previous === undefined ? x.mul(tensor(1)) : previous.add(x));
    previous?.release();
  }
  expect(average?.data().slice(0, 2)).toEqual(Float32Array.of(0 + 10, 1 + 11));
  average?.release();
  const spread: Batch<readonly [2]>[] = [...new DataLoader(data, { batchSize: 5 })];
  expect(() => spread[0]?.x.data()).toThrow(LifetimeError);
  expect(() => spread[0]?.x.data()).toThrow("keep(tensor)");
});

test("await in the body of a synchronous loop is an error that names for await", async () => {
  const loop = async (): Promise<void> => {
    for (const _ of new DataLoader(data, { batchSize: 5 })) await Promise.resolve();
  };
  await expect(loop()).rejects.toThrow("for await");
});

test("for await: the body may await, its batch ends with the turn, a kept one does not", async () => {
  const before = memoryReport().liveBuffers;
  const past: Batch<readonly [2]>[] = [];
  for await (const batch of new DataLoader(data, { batchSize: 4 })) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(batch.x.data()[0]).toBe(2 * batch.indices[0]!);
    past.push(batch);
    if (past.length === 1) keep(batch.x);
  }
  expect(past.map(({ x, y }) => [x.released, y.released])).toEqual([
    [false, true],
    [true, true],
    [true, true],
  ]);
  past[0]?.x.release();
  for await (const _ of new DataLoader(data, { batchSize: 4 })) break;
  expect(memoryReport().liveBuffers).toBe(before);
});

test("bad options are refused by value", () => {
  for (const batchSize of [0, 1.5, Number.NaN]) {
    expect(() => new DataLoader(data, { batchSize })).toThrow(
      `batchSize ${batchSize} came, expected a whole number from 1`,
    );
  }
  expect(() => new DataLoader(data.take([]), { batchSize: 1 })).toThrow("the dataset has no examples");
});
