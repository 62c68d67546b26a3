// The whole program on two hundred images: its files, its options, Ctrl-C, kill and resume.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { loadArrays } from "lanewise/io/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newTrial, runP2, type Trial } from "./trial.fixture.ts";

let trial: Trial;
beforeAll(async () => {
  trial = await newTrial();
});
afterAll(() => trial.remove());

const json = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
const small = (out: string, epochs: number) => [
  ...["--data", trial.data, "--out", out, "--widths", "8,16,16", "--batch-size", "40"],
  ...["--epochs", String(epochs)],
];

test("a run writes the model, its module, the metrics, the report and the curves", { timeout: 120_000 }, async () => {
  const out = join(trial.folder, "whole", "run");
  const { code, output, errors } = await runP2(small(out, 3));
  expect([errors.split("\n").filter((line) => line.startsWith("epoch")).length, code]).toEqual([3, 0]);
  expect(output).toMatch(/CIFAR-10: 200 training and 40 test images/);
  expect(readdirSync(out).toSorted()).toEqual([
    "checkpoint.npz",
    "metrics.json",
    "p2_error.png",
    "p2_error.svg",
    "p2_loss.png",
    "p2_loss.svg",
    "p2_model.pkl",
    "p2_model.py",
    "p2_report.pdf",
  ]);
  expect(readFileSync(join(out, "p2_report.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
  expect(readFileSync(join(out, "p2_loss.png")).subarray(1, 4).toString()).toBe("PNG");

  const metrics = json(join(out, "metrics.json"));
  expect(metrics).toMatchObject({
    epochs: 3,
    mode: "fast",
    seed: 1,
    recipe: { recipe: "fast", widths: [8, 16, 16], batchSize: 40 },
    data: { sample: false, trainImages: 200, testImages: 40, tested: "test" },
    // By hand: bias 24; 9 · 24 · 8 + 8; 9 · 8 · 8 + 8; 9 · 8 · 16 + 16; 9 · 16 · 16 + 16 three times; 16 · 10.
    params: 24 + 1736 + 584 + 1168 + 3 * 2320 + 160,
  });
  // 40 test images: the fraction is a number of them, and as the terminal says.
  expect(Number(metrics.testAccuracy) * 40).toBeCloseTo(Math.round(Number(metrics.testAccuracy) * 40), 9);
  expect(output).toContain(`Right: ${(100 * Number(metrics.testAccuracy)).toFixed(2)} % of 40 test images`);

  const state = await loadArrays(join(out, "p2_model.pkl"));
  expect(state.get("0.weight")!.shape).toEqual([24, 3, 2, 2]);
  expect(state.get("2.weight")!.shape).toEqual([8, 24, 3, 3]);
  expect(readFileSync(join(out, "p2_model.py"), "utf8")).toContain("class Net(");
});

test("stopped by Ctrl-C and killed, each gone on with: the weights of a run that never stopped", {
  timeout: 240_000,
}, async () => {
  const whole = join(trial.folder, "never-stopped");
  const broken = join(trial.folder, "broken");
  const strict = ["--strict", "--without-report"];
  expect((await runP2([...small(whole, 6), ...strict])).code).toBe(0);

  const after = (epoch: number, signal: NodeJS.Signals) => {
    let sent = false;
    return (soFar: string, kill: (signal: NodeJS.Signals) => void) => {
      if (sent || !soFar.includes(`epoch ${epoch}/`)) return;
      sent = true;
      kill(signal);
    };
  };
  const stopped = await runP2([...small(broken, 6), ...strict], after(1, "SIGINT"));
  expect([stopped.code, stopped.output]).toEqual([130, expect.stringMatching(/--resume goes on/)]);
  expect(existsSync(join(broken, "metrics.json"))).toBe(false);
  const killed = await runP2(["--data", trial.data, "--out", broken, "--resume"], after(4, "SIGKILL"));
  expect(killed.code).toBeNull();
  const ended = await runP2(["--data", trial.data, "--out", broken, "--resume", "--without-report"]);
  expect([ended.code, ended.output]).toEqual([0, expect.stringMatching(/goes on after \d epochs, at step/)]);

  const [one, other] = [json(join(whole, "metrics.json")), json(join(broken, "metrics.json"))];
  expect(other.weightsSha256).toBe(one.weightsSha256);
  expect(other.testAccuracy).toBe(one.testAccuracy);
  expect(readFileSync(join(broken, "p2_model.pkl"))).toEqual(readFileSync(join(whole, "p2_model.pkl")));
});

test("--held-out tests on training images alone", { timeout: 60_000 }, async () => {
  const out = join(trial.folder, "held-out");
  const { code, output } = await runP2([...small(out, 1), "--held-out", "--without-report"]);
  expect([code, output]).toEqual([0, expect.stringContaining("160 training and 40 held-out training images")]);
  expect(json(join(out, "metrics.json")).data).toMatchObject({ trainImages: 160, tested: "held-out training images" });
});

test("--study stopped by Ctrl-C keeps what it has compared, and goes on after it", { timeout: 240_000 }, async () => {
  const out = join(trial.folder, "study");
  const file = join(out, "ablation.json");
  const study = [...small(out, 8), "--study"];
  let sent = false;
  const stopped = await runP2(study, (_, kill) => {
    if (sent || !existsSync(file)) return;
    sent = true;
    kill("SIGINT");
  });
  expect([stopped.code, stopped.output]).toEqual([130, expect.stringContaining("--study --resume goes on")]);
  const before = json(file).rows as { name: string; accuracy: number }[];
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(13);

  const other = await runP2([...study, "--resume", "--seed", "2"]);
  expect([other.code, other.errors]).toEqual([
    1,
    expect.stringContaining("a study of another recipe, seed or data set"),
  ]);

  expect((await runP2([...study, "--resume"])).code).toBe(0);
  const after = json(file).rows as typeof before;
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.length).toBe(13);
  // 40 held-out images: each accuracy is a number of them.
  expect(after.filter(({ accuracy }) => !Number.isInteger(Math.round(accuracy * 40 * 1e6) / 1e6))).toEqual([]);
  expect(json(file)).toMatchObject({ epochs: 2, seed: 1, trainImages: 160, heldOutImages: 40 });

  const tutorial = await runP2(["--data", trial.data, "--out", out, "--recipe", "tutorial", "--study"]);
  expect([tutorial.code, tutorial.errors]).toEqual([1, expect.stringContaining("--study came with the tutorial's")]);
});

test("no data at hand and no network: the sample, named as such", { timeout: 120_000 }, async () => {
  const cache = join(trial.folder, "empty-cache");
  mkdirSync(cache);
  const { LANEWISE_DATA: _, ...env } = process.env;
  const offline = {
    ...env,
    LANEWISE_CACHE: cache,
    NODE_USE_ENV_PROXY: "1",
    // Nobody listens there: every connection is refused at once.
    HTTPS_PROXY: "http://127.0.0.1:9",
    HTTP_PROXY: "http://127.0.0.1:9",
  };
  const out = join(trial.folder, "sample");
  const args = ["--out", out, "--widths", "4,4,4", "--epochs", "1", "--batch-size", "100", "--without-report"];
  const { code, output } = await runP2(args, undefined, offline);
  expect(output).toContain("The whole CIFAR-10 was not to be had");
  expect(output).toContain("A SAMPLE of CIFAR-10: 1,000 training and 200 test images");
  expect([code, json(join(out, "metrics.json")).data]).toEqual([0, expect.objectContaining({ sample: true })]);
});

test("--help explains every option; what does not fit is refused by name", { timeout: 60_000 }, async () => {
  const [help, widths, folder] = await Promise.all([
    runP2(["--help"]),
    runP2(["--widths", "8,8"]),
    runP2(["--data", join(trial.folder, "nothing"), "--out", join(trial.folder, "none")]),
  ]);
  for (const option of ["recipe", "widths", "epochs", "batch-size", "seed", "held-out", "study", "threads", "strict"]) {
    expect(help.output).toContain(`--${option}`);
  }
  expect([widths.code, widths.errors]).toEqual([1, expect.stringContaining("--widths 8,8 came, expected three")]);
  expect([folder.code, folder.errors]).toEqual([1, expect.stringMatching(/CIFAR-10 in .*nothing/)]);
});

test("a folder that another run holds is refused before anything is read", { timeout: 60_000 }, async () => {
  const out = join(trial.folder, "held");
  mkdirSync(out);
  const note = { program: "p2", pid: process.pid, host: hostname(), began: null, since: "2026-01-01" };
  writeFileSync(join(out, ".in-use.json"), JSON.stringify(note));
  const { code, output, errors } = await runP2(["--data", trial.data, "--out", out]);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toContain(`${out} is in use by a run of p2 (process ${process.pid}, since 2026-01-01)`);
});
