// The whole program on a few hundred images: its files, its options, Ctrl-C.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { loadArrays } from "lanewise/io/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newTrial, runP1, type Trial } from "./trial.fixture.ts";

let trial: Trial;
beforeAll(async () => {
  trial = await newTrial();
});
afterAll(() => trial.remove());

const json = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;

test("a run writes the model, the metrics, the report and the curves", { timeout: 120_000 }, async () => {
  const out = join(trial.folder, "whole", "run");
  const { code, output, errors } = await runP1([
    "--data",
    trial.data,
    "--out",
    out,
    "--epochs",
    "3",
    "--hidden",
    "32,16",
  ]);
  expect([code, errors.split("\n").filter((line) => line.startsWith("epoch")).length]).toEqual([0, 3]);
  expect(output).toMatch(/MNIST: 400 training and 200 test images/);
  expect(readdirSync(out).toSorted()).toEqual([
    "checkpoint.npz",
    "metrics.json",
    "p1_error.png",
    "p1_error.svg",
    "p1_loss.png",
    "p1_loss.svg",
    "p1_model.npz",
    "p1_report.pdf",
  ]);
  expect(readFileSync(join(out, "p1_report.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
  expect(readFileSync(join(out, "p1_loss.png")).subarray(1, 4).toString()).toBe("PNG");
  expect(readFileSync(join(out, "p1_error.svg"), "utf8")).toMatch(/^<svg/);

  const metrics = json(join(out, "metrics.json"));
  expect(Object.keys(metrics)).toEqual([
    "testError",
    "grade",
    "epochs",
    "trainSeconds",
    "imagesPerSecond",
    "backend",
    "mode",
    "seed",
    "data",
    "weightsSha256",
  ]);
  expect(metrics).toMatchObject({
    epochs: 3,
    mode: "fast",
    seed: 1,
    data: { sample: false, trainImages: 400, testImages: 200 },
  });
  // 200 test images: the fraction is a number of them, and as the terminal says.
  expect(Number(metrics.testError) * 200).toBeCloseTo(Math.round(Number(metrics.testError) * 200), 9);
  expect(output).toContain(`Test error ${(100 * Number(metrics.testError)).toFixed(2)} % on 200 test images`);

  const arrays = await loadArrays(join(out, "p1_model.npz"));
  const shapes = [...arrays].map(([name, { dtype, shape }]) => [name, dtype, shape]);
  expect(shapes.slice(0, 6)).toEqual([
    ["W1", "f32", [784, 32]],
    ["b1", "f32", [32]],
    ["W2", "f32", [32, 16]],
    ["b2", "f32", [16]],
    ["W3", "f32", [16, 10]],
    ["b3", "f32", [10]],
  ]);
  const config = JSON.parse(new TextDecoder().decode(arrays.get("config")!.data as Uint8Array));
  expect(config).toMatchObject({ hidden: [32, 16], activation: "relu", inputSize: 784, divisor: 255, epochs: 3 });
});

test("Ctrl-C saves what was learned", { timeout: 60_000 }, async () => {
  const out = join(trial.folder, "stopped");
  let sent = false;
  const args = ["--data", trial.data, "--out", out, "--epochs", "10000", "--hidden", "16", "--without-report"];
  const { code, output } = await runP1(args, (soFar, kill) => {
    if (sent || !/epoch +2\//.test(soFar)) return;
    sent = true;
    kill("SIGINT");
  });
  expect(code).toBe(130);
  expect(output).toMatch(/stopped early/);
  const metrics = json(join(out, "metrics.json"));
  expect(metrics.stoppedEarly).toBe(true);
  expect(metrics.epochs).toBeGreaterThanOrEqual(2);
  expect(metrics.epochs).toBeLessThan(10_000);
  expect((await loadArrays(join(out, "p1_model.npz"))).get("W1")!.shape).toEqual([784, 16]);
});

test("a finished run says so, and what it is told anew is refused by name", { timeout: 120_000 }, async () => {
  const out = join(trial.folder, "finished");
  const args = ["--data", trial.data, "--out", out, "--without-report"];
  const first = await runP1([...args, "--epochs", "2", "--hidden", "16"]);
  const metrics = json(join(out, "metrics.json"));
  const again = await runP1([...args, "--resume"]);
  expect([first.code, again.code]).toEqual([0, 0]);
  expect(again.output).toContain("checkpoint.npz: this run is finished, after 2 epochs");
  expect(json(join(out, "metrics.json"))).toEqual(metrics);

  const other = await runP1([...args, "--resume", "--hidden", "32,16", "--epochs", "2", "--strict"]);
  expect(other.code).toBe(1);
  expect(other.errors).toContain(
    'checkpoint.npz is of another run:\n  hidden: [16] there, [32,16] here\n  mode: "fast" there',
  );

  const nothing = await runP1([...args, "--resume", "--epochs", "1", "--out", join(trial.folder, "new")]);
  expect([nothing.code, nothing.output]).toEqual([0, expect.stringContaining("is not there: the run begins")]);
});

test("--help explains every option; an unknown one is answered with the nearest", { timeout: 60_000 }, async () => {
  const [help, unknown] = await Promise.all([runP1(["--help"]), runP1(["--momentun", "0.5"])]);
  for (const option of [
    "--hidden",
    "--activation",
    "--init",
    "--epochs",
    "--batch-size",
    "--lr",
    "--schedule",
    "--momentum",
  ]) {
    expect(help.output).toContain(option);
  }
  for (const option of ["--seed", "--threads", "--strict", "--turbo", "--data", "--out", "--study", "--resume"]) {
    expect(help.output).toContain(option);
  }
  expect(help.code).toBe(0);
  expect(unknown.code).toBe(2);
  expect(unknown.errors).toContain("--momentum");
});

test("a folder without MNIST is an error that names it", { timeout: 60_000 }, async () => {
  const { code, errors } = await runP1(["--data", join(trial.folder, "nothing"), "--out", join(trial.folder, "none")]);
  expect(code).toBe(1);
  expect(errors).toMatch(/no IDX or CSV files of MNIST in .*nothing/);
});

test("a folder that another run holds is refused before anything is read", { timeout: 60_000 }, async () => {
  const out = join(trial.folder, "held");
  mkdirSync(out);
  const note = { program: "p1", pid: process.pid, host: hostname(), began: null, since: "2026-01-01" };
  writeFileSync(join(out, ".in-use.json"), JSON.stringify(note));
  const { code, output, errors } = await runP1(["--data", trial.data, "--out", out]);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toContain(`${out} is in use by a run of p1 (process ${process.pid}, since 2026-01-01)`);
});
