// p1 --resume: a run that Ctrl-C stopped or that was killed goes on, and ends as one that never stopped, to the bit.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newTrial, type Outcome, runP1, type Trial } from "@lanewise/mnist-mlp/trial";
import { type EpochRecord, readCheckpoint } from "@lanewise/train";
import { checkpointFile } from "@lanewise/train/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let trial: Trial;
beforeAll(async () => {
  trial = await newTrial({ train: 1000, test: 100 });
});
afterAll(() => trial.remove());

const SETTINGS = ["--epochs", "8", "--batch-size", "10", "--hidden", "128,64", "--seed", "3"];

/** Runs p1 with results in the folder `name`; `signal` is sent once a line of that epoch was written. */
function run(name: string, args: readonly string[], at?: { epoch: number; signal: NodeJS.Signals }): Promise<Outcome> {
  let sent = false;
  const out = join(trial.folder, name);
  return runP1(["--data", trial.data, "--out", out, "--without-report", ...args], (soFar, kill) => {
    if (at === undefined || sent || !soFar.includes(`epoch ${at.epoch}/8`)) return;
    sent = true;
    kill(at.signal);
  });
}

interface Ended {
  readonly weights: string;
  readonly testError: number;
  readonly epochs: number;
  readonly curves: readonly (readonly number[])[];
}

async function ended(name: string): Promise<Ended> {
  const out = join(trial.folder, name);
  const { weightsSha256: weights, testError, epochs } = JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"));
  const { history } = (await checkpointOf(name)).progress;
  return { weights, testError, epochs, curves: history.map(curvesOf) };
}

const checkpointOf = async (name: string) =>
  (await readCheckpoint(checkpointFile(join(trial.folder, name, "checkpoint.npz"))))!;
const curvesOf = ({ loss, error, metrics }: EpochRecord) => [loss, error, metrics.loss!, metrics.error!];

describe.each([
  ["strict", ["--strict"]],
  ["fast", []],
] as const)("%s", (mode, options) => {
  let whole: Ended;
  beforeAll(async () => {
    expect((await run(`${mode}-whole`, [...SETTINGS, ...options])).code).toBe(0);
    whole = await ended(`${mode}-whole`);
    expect([whole.epochs, whole.curves.length]).toEqual([8, 8]);
  }, 120_000);

  test("R01 R03: stopped by Ctrl-C, then gone on with", { timeout: 240_000 }, async () => {
    const name = `${mode}-stopped`;
    const stopped = await run(name, [...SETTINGS, ...options], { epoch: 1, signal: "SIGINT" });
    expect([stopped.code, stopped.output]).toEqual([130, expect.stringContaining("--resume goes on")]);
    const { finished, progress } = await checkpointOf(name);
    expect(finished).toBe(false);
    expect(progress.step).toBeGreaterThanOrEqual(100);

    // What the run began with comes from its checkpoint, the mode too; threads make no difference.
    const resumed = await run(name, ["--resume", "--threads", "1"]);
    expect([resumed.code, resumed.output]).toEqual([0, expect.stringContaining(`at step ${progress.step} of 800`)]);
    expect(await ended(name)).toEqual(whole);
  });

  test("R03: killed, then gone on with from its last epoch", { timeout: 240_000 }, async () => {
    const name = `${mode}-killed`;
    const killed = await run(name, [...SETTINGS, ...options], { epoch: 2, signal: "SIGKILL" });
    expect(killed.code).toBeNull();
    const { progress } = await checkpointOf(name);
    // Nothing of an epoch that was cut is in the file. The line of an epoch comes once its checkpoint is on the disk.
    expect([progress.step % 100, progress.running.seen]).toEqual([0, 0]);
    expect(progress.history.length).toBeGreaterThanOrEqual(2);
    expect(progress.history.length).toBeLessThan(8);

    expect((await run(name, ["--resume"])).code).toBe(0);
    expect(await ended(name)).toEqual(whole);
  });
});

test("R03: the curve of a run that was stopped and gone on with is no longer than its epochs", async () => {
  const { history, seconds, examples } = (await checkpointOf("strict-stopped")).progress;
  expect(history.map(({ epoch, complete }) => [epoch, complete])).toEqual(
    Array.from({ length: 8 }, (_, index) => [index + 1, true]),
  );
  expect(examples).toBe(8000);
  // The seconds of both parts, in rising order.
  const times = history.map((record) => record.seconds);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  expect(seconds).toBeGreaterThanOrEqual(times.at(-1)!);
});
