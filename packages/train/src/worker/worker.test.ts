// A training behind a message port: orders, events, answers, and what is refused. Real workers are in tests/runtimes.
import { init } from "@lanewise/tensor";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { EpochRecord, StepEvent } from "../index.ts";
import { memoryStore, type SmallRun, STEPS_AN_EPOCH, smallRun } from "../run.fixture.ts";
import type { Port } from "./messages.ts";
import { RemoteTraining } from "./remote.ts";
import { serveTraining } from "./serve.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

let opened: RemoteTraining[] = [];
afterEach(() => {
  for (const training of opened) training.close();
  opened = [];
});

type Answers = { readonly weights: () => Float32Array[]; readonly add: (pair: readonly [number, number]) => number };

/** Both ends in this process: the small run of the other tests is what is served. */
function line(run: SmallRun = smallRun(memoryStore()), before = Promise.resolve()): RemoteTraining<Answers> {
  return remote(served(run, before));
}

function remote(worker: Port | (() => Port)): RemoteTraining<Answers> {
  const training = new RemoteTraining<Answers>(worker);
  opened.push(training as RemoteTraining);
  return training;
}

function served(run: SmallRun, before = Promise.resolve()): Port {
  const { port1, port2 } = new MessageChannel();
  serveTraining(
    async ({ epochs = 3 }: { epochs?: number }) => {
      await before;
      if (epochs < 0) throw new RangeError(`epochs ${epochs} came`);
      const answers = { weights: () => run.weights(), add: ([a, b]: readonly [number, number]) => a + b };
      return { ...run.options(), epochs, answers };
    },
    port1 as unknown as Port,
  );
  return port2 as unknown as Port;
}

test("trains as here, tells of epochs and of the last step, and answers afterwards", async () => {
  const here = smallRun(memoryStore());
  await here.train();
  const steps: StepEvent[] = [];
  const epochs: EpochRecord[] = [];
  const training = line();
  const result = await training.start(
    {},
    { onStep: (step) => steps.push(step), onEpoch: (epoch) => epochs.push(epoch) },
  );
  expect(result).toMatchObject({ step: 3 * STEPS_AN_EPOCH, stopped: false });
  expect(epochs).toEqual(result.history);
  expect(steps.at(-1)!.step).toBe(3 * STEPS_AN_EPOCH);
  expect(await training.ask("weights")).toEqual(here.weights());
  expect(await training.ask("add", [2, 3])).toBe(5);
});

test("pause holds it with no step in hand, resume goes on, abort stops it", async () => {
  const training = line();
  let last = 0;
  const ended = training.start({ epochs: 100_000 }, { onStep: ({ step }) => (last = step) });
  await until(() => last > 0);
  await training.pause();
  const weights = await training.ask("weights");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await training.ask("weights")).toEqual(weights);
  await training.resume();
  const seen = last;
  await until(() => last > seen);
  expect(await training.ask("weights")).not.toEqual(weights);
  await training.pause();
  await training.abort();
  expect((await ended).stopped).toBe(true);
});

test("what is wrong comes over as an error: settings, names, a second start, a start that cannot be copied", async () => {
  const training = line();
  await expect(training.ask("weights")).rejects.toThrow("'weights' was asked before a training was started");
  await expect(training.start({ epochs: -1 })).rejects.toThrow("epochs -1 came");
  const ended = training.start({ epochs: 100_000 });
  await expect(training.start({})).rejects.toThrow("a training runs in this worker already; abort() it");
  await expect(training.ask("toString" as "weights")).rejects.toThrow(
    "'toString' was asked; this training answers to weights",
  );
  await training.abort();
  expect((await ended).stopped).toBe(true);
  await expect(training.start({ call: () => 1 })).rejects.toThrow(/could not be cloned/);
  expect((await training.start({ epochs: 1 })).step).toBe(STEPS_AN_EPOCH);
});

test("a start that is refused leaves the running training its events", async () => {
  const training = line();
  const steps: number[] = [];
  const ended = training.start({ epochs: 100_000 }, { onStep: ({ step }) => steps.push(step) });
  await until(() => steps.length > 0);
  const refused = vi.fn();
  await expect(training.start({}, { onStep: refused })).rejects.toThrow("a training runs in this worker already");
  const before = steps.length;
  await until(() => steps.length > before + 1);
  await training.abort();
  await ended;
  expect(refused).not.toHaveBeenCalled();
});

test("an abort that comes while the training is prepared is obeyed", async () => {
  let ready = () => {};
  const training = line(smallRun(memoryStore()), new Promise((resolve) => (ready = resolve)));
  const ended = training.start({});
  await training.abort();
  ready();
  expect(await ended).toMatchObject({ step: 0, stopped: true });
});

/** Of a worker that hangs before it has heard anything. */
const silent = (terminate: () => void): Port & { terminate(): void } => ({
  postMessage() {},
  addEventListener() {},
  removeEventListener() {},
  terminate,
});

/** A minute and more of a page's timer, with turns for the messages between. */
async function muchLater(pulses = 40): Promise<void> {
  for (let pulse = 0; pulse < pulses; pulse++) {
    vi.advanceTimersByTime(2000);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a worker that answers nothing before its first step is ended; one that prepares for long is not", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const terminate = vi.fn();
    const hung = new RemoteTraining(silent(terminate));
    const started = expect(hung.start({})).rejects.toThrow(
      /worker answered nothing for 60 s before its first step.*in a new worker; init\(\{ threads: 1 \}\)/,
    );
    await muchLater();
    await started;
    expect(terminate).toHaveBeenCalledOnce();
    expect(hung.closed).toBe(true);
    await expect(hung.start({})).rejects.toThrow("answered nothing");

    let ready = () => {};
    const slow = line(smallRun(memoryStore()), new Promise((resolve) => (ready = resolve)));
    const ended = slow.start({ epochs: 1 });
    await muchLater();
    ready();
    expect((await ended).step).toBe(STEPS_AN_EPOCH);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("a worker that hangs is replaced once by a fresh one, which is told the same", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const terminate = vi.fn();
    const run = smallRun(memoryStore());
    const workers = [silent(terminate), served(run)];
    const training = remote(() => workers.shift()!);
    const ended = training.start({ epochs: 2 });
    const sum = training.ask("add", [2, 3]);
    await muchLater(5);
    expect(terminate).not.toHaveBeenCalled();
    await muchLater(2);
    expect(terminate).toHaveBeenCalledOnce();
    expect((await ended).step).toBe(2 * STEPS_AN_EPOCH);
    expect(await sum).toBe(5);
    expect(await training.ask("weights")).toEqual(run.weights());

    // Of two that hang, the second is given the whole minute; what was given away cannot be said to a second one.
    const both = remote(() => silent(terminate));
    const alone = remote(() => silent(terminate));
    const lost = [both.start({}), alone.start({}, { transfer: [new ArrayBuffer(8)] })].map((start) =>
      expect(start).rejects.toThrow("answered nothing for 60 s"),
    );
    await muchLater();
    await Promise.all(lost);
    expect(terminate).toHaveBeenCalledTimes(1 + 2 + 1);
  } finally {
    vi.useRealTimers();
  }
});

test("close ends what is under way", async () => {
  const training = line();
  const ended = training.start({ epochs: 100_000 });
  training.close();
  await expect(ended).rejects.toThrow("the training was closed");
  await expect(training.pause()).rejects.toThrow("the training was closed");
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
