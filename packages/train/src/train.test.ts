// The loop: what it counts, when it stops and pauses, and that a run goes on to the bit from wherever it stopped.
import { init, memoryReport } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { type EpochRecord, PauseSwitch, readCheckpoint, type StepEvent, type StepPlace, train } from "./index.ts";
import { memoryStore, STEPS_AN_EPOCH, smallRun } from "./run.fixture.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

/** A history without what the clock says. */
const figures = (history: readonly EpochRecord[]) =>
  history.map(({ epoch, loss, error, examples, complete, metrics }) => ({
    epoch,
    loss,
    error,
    examples,
    complete,
    metrics,
  }));

/** Batches that are numbers, for a loop that trains nothing. */
function numbers(length: number) {
  const loader = {
    length,
    state: { epoch: 0, batch: 0 },
    async *[Symbol.asyncIterator]() {
      const { epoch } = loader.state;
      for (let batch = loader.state.batch; batch < length; batch++) {
        loader.state = { epoch, batch: batch + 1 };
        yield batch;
      }
      loader.state = { epoch: epoch + 1, batch: 0 };
    },
  };
  return loader;
}

// The first test: networks that others leave to the collector would come and go in its figures.
test("M01: as much memory is in use after 2 epochs as after 60", async () => {
  const live: number[] = [];
  await smallRun(memoryStore(), { epochs: 60 }).train({ onEpoch: () => live.push(memoryReport().liveBytes) });
  expect(live.at(-1)).toBe(live[1]);
});

test("means are weighted by examples; places and events count from where one expects", async () => {
  const places: StepPlace[] = [];
  const events: StepEvent[] = [];
  const { history, ...rest } = await train({
    loader: numbers(2),
    epochs: 2,
    schedule: (place) => places.push(place),
    step: (batch) => (batch === 0 ? { examples: 3, loss: 1, wrong: 1 } : { examples: 1, loss: 5, wrong: 1 }),
    evaluate: ({ epoch }) => ({ twice: 2 * epoch }),
    onStep: (event) => events.push(event),
  });
  // (3 · 1 + 1 · 5) / 4 = 2; 2 of 4 wrong.
  expect(figures(history)).toEqual([
    { epoch: 1, loss: 2, error: 0.5, examples: 4, complete: true, metrics: { twice: 2 } },
    { epoch: 2, loss: 2, error: 0.5, examples: 4, complete: true, metrics: { twice: 4 } },
  ]);
  expect(rest).toMatchObject({ step: 4, steps: 4, examples: 8, stopped: false });
  expect(places).toEqual([
    { step: 0, steps: 4, epoch: 1, batch: 0 },
    { step: 1, steps: 4, epoch: 1, batch: 1 },
    { step: 2, steps: 4, epoch: 2, batch: 0 },
    { step: 3, steps: 4, epoch: 2, batch: 1 },
  ]);
  expect(
    events.map(({ epoch, step, seen, loss, error, batchLoss }) => [epoch, step, seen, loss, error, batchLoss]),
  ).toEqual([
    [1, 1, 3, 1, 1 / 3, 1],
    [1, 2, 4, 2, 0.5, 5],
    [2, 3, 3, 1, 1 / 3, 1],
    [2, 4, 4, 2, 0.5, 5],
  ]);
});

test("a fraction of an epoch ends within it; no epoch at all is no step", async () => {
  const step = () => ({ examples: 1, loss: 1 });
  const result = await train({ loader: numbers(10), epochs: 1.25, step });
  expect(result).toMatchObject({ step: 13, steps: 13, stopped: false });
  expect(result.history.map(({ complete, examples }) => [complete, examples])).toEqual([
    [true, 10],
    [false, 3],
  ]);
  expect(result.history[0]!.error).toBeNaN();
  expect(await train({ loader: numbers(10), epochs: 0, step })).toMatchObject({ step: 0, history: [], stopped: false });
  // 0.1 · 30 is 3.0000000000000004 in f64.
  expect((await train({ loader: numbers(30), epochs: 0.1, step })).steps).toBe(3);
  await expect(train({ loader: numbers(3), epochs: Number.NaN, step })).rejects.toThrow("train: epochs NaN came");
});

test("a signal stops it after the step in hand, and what was seen of the epoch counts", async () => {
  const run = smallRun(memoryStore());
  const result = await run.train({ stopAfter: STEPS_AN_EPOCH + 3 });
  expect(result).toMatchObject({
    step: STEPS_AN_EPOCH + 3,
    steps: 3 * STEPS_AN_EPOCH,
    stopped: true,
    examples: 84 + 24,
  });
  expect(result.history.map(({ epoch, complete, examples }) => [epoch, complete, examples])).toEqual([
    [1, true, 84],
    [2, false, 24],
  ]);
  expect(run.loader.state).toEqual({ epoch: 1, batch: 3 });
  const stopped = AbortSignal.abort();
  expect(await run.train({ signal: stopped } as object)).toMatchObject({ step: 0, stopped: true, history: [] });
});

test.each([
  ["within the first epoch", [4]],
  ["at an epoch's end", [STEPS_AN_EPOCH]],
  ["at the batch before an epoch's end", [2 * STEPS_AN_EPOCH - 1]],
  ["three times, once after a single step", [5, 6, 2 * STEPS_AN_EPOCH]],
])("R01 R03: stopped %s and gone on with, a run ends with the bits of one that never stopped", async (_, stops) => {
  const wholeStore = memoryStore();
  const whole = smallRun(wholeStore);
  const expected = await whole.train();

  const store = memoryStore();
  let resume = false;
  for (const stopAfter of stops) {
    // Another seed of the default generator: the state must come from the file alone.
    const part = smallRun(store);
    expect((await part.train({ stopAfter, resume })).stopped).toBe(true);
    resume = true;
  }
  const last = smallRun(store);
  const result = await last.train({ resume });
  expect(last.weights()).toEqual(whole.weights());
  expect(figures(result.history)).toEqual(figures(expected.history));
  expect(result).toMatchObject({ step: 33, examples: 252, stopped: false });
  const [a, b] = [await readCheckpoint(store), await readCheckpoint(wholeStore)];
  expect(a!.finished).toBe(true);
  expect(a!.parts).toEqual(b!.parts);
});

test("R03: without the checkpoint it is another run: the equality above is the file's doing", async () => {
  const whole = smallRun(memoryStore());
  await whole.train();
  const other = smallRun(memoryStore());
  await other.train({ stopAfter: 4 });
  await other.train();
  expect(other.weights()).not.toEqual(whole.weights());
});

test("a finished run makes no further step", async () => {
  const store = memoryStore();
  const whole = await smallRun(store).train();
  const again = await smallRun(store).train({ resume: true });
  expect(again.history).toEqual(whole.history);
  expect(again).toMatchObject({ step: whole.step, stopped: false });
  expect(store.written).toHaveLength(3);
});

test("the seconds of the parts add up, and pauses are left out", async () => {
  const store = memoryStore();
  const first = await smallRun(store).train({ stopAfter: 5 });
  const second = await smallRun(store).train({ resume: true });
  expect(second.seconds).toBeGreaterThan(first.seconds);
  expect(second.history[0]!.seconds).toBeGreaterThan(first.seconds);

  const pause = new PauseSwitch();
  const held = 300;
  const result = await train({
    loader: numbers(3),
    epochs: 1,
    step: () => ({ examples: 1, loss: 0 }),
    pause,
    onStep: ({ step }) => {
      if (step !== 2) return;
      pause.pause();
      setTimeout(() => pause.resume(), held);
    },
  });
  expect(result.seconds).toBeLessThan(held / 1000);
  expect(result.step).toBe(3);
});

test("a paused run can be stopped", async () => {
  const pause = new PauseSwitch();
  pause.pause();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  const step = () => ({ examples: 1, loss: 0 });
  const result = await train({ loader: numbers(3), epochs: 1, step, pause, signal: stop.signal });
  expect(result).toMatchObject({ step: 0, stopped: true });
});

test("the event loop gets its turn while it trains", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const began = performance.now();
  await train({
    loader: numbers(100),
    epochs: 1,
    step: () => {
      const until = performance.now() + 3;
      while (performance.now() < until);
      return { examples: 1, loss: 0 };
    },
  });
  clearInterval(timer);
  // A turn a frame at the least.
  expect(turns).toBeGreaterThan((performance.now() - began) / 50);
});

test("what a step throws ends the run, and what a store throws too", async () => {
  const step = () => {
    throw new Error("the step failed");
  };
  await expect(train({ loader: numbers(3), epochs: 1, step })).rejects.toThrow("the step failed");
  const full = { ...memoryStore(), write: () => Promise.reject(new Error("no space left")) };
  await expect(smallRun(full).train()).rejects.toThrow("no space left");
});

test("names that the run itself saves under are refused; one that the file uses is not", async () => {
  const part = { state: Float32Array.of(1, 2, 3), loadState() {} };
  const run = (name: string, store = memoryStore()) =>
    smallRun(store, { epochs: 1 }).train({ checkpoint: { store, checkpointed: { [name]: part } } });
  await expect(run("generator")).rejects.toThrow("train: generator came in checkpointed; that is the run's own");
  await expect(run("loader")).rejects.toThrow("train: loader came in checkpointed");
  const store = memoryStore();
  await run("checkpoint", store);
  expect((await readCheckpoint(store))!.parts.get("checkpoint")).toEqual(Float32Array.of(1, 2, 3));
});

test("a loader that gives no batch is an error, not a run that never ends", async () => {
  const empty = { length: 3, state: { epoch: 0, batch: 0 }, async *[Symbol.asyncIterator]() {} };
  await expect(
    train({ loader: empty as never, epochs: 1, step: () => ({ examples: 1, loss: 0, wrong: 0 }) }),
  ).rejects.toThrow("train: the loader gave no batch, expected 3 an epoch");
});
