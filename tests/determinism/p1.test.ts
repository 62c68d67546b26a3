// p1 --strict: one seed gives one network, to the bit, on any number of threads, with turbo or without, in every run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newTrial, runP1, type Trial } from "@lanewise/mnist-mlp/trial";
import { afterAll, beforeAll, expect, test } from "vitest";

let trial: Trial;
beforeAll(async () => {
  trial = await newTrial({ train: 640, test: 100 });
});
afterAll(() => trial.remove());

async function weights(name: string, ...options: string[]): Promise<string> {
  const out = join(trial.folder, name);
  const args = [
    "--data",
    trial.data,
    "--out",
    out,
    "--epochs",
    "2",
    "--batch-size",
    "128",
    "--without-report",
    "--strict",
  ];
  const { code, errors } = await runP1([...args, ...options]);
  expect([code, code === 0 ? "" : errors]).toEqual([0, ""]);
  const metrics = JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"));
  expect(metrics.mode).toBe("strict");
  return metrics.weightsSha256;
}

test("the same weights for 1, 2 and 3 threads, in two runs, with and without turbo", { timeout: 180_000 }, async () => {
  const one = await weights("one", "--threads", "1");
  expect(await weights("two", "--threads", "2")).toBe(one);
  expect(await weights("three", "--threads", "3")).toBe(one);
  expect(await weights("again", "--threads", "2")).toBe(one);
  expect(await weights("plain", "--threads", "2", "--turbo", "off")).toBe(one);
});

test("other weights for another seed", { timeout: 120_000 }, async () => {
  expect(await weights("seed-1", "--seed", "1")).not.toBe(await weights("seed-2", "--seed", "2"));
});
