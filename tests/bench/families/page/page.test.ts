// The families of pages: bars, the faster of two peers, what counts as wrong, threads and names.
import { describe, expect, it } from "vitest";
import { Measurements, type Subject } from "../../measurements.ts";
import { commandOf, inPage, isWebPeer, labelOf } from "../../roster.ts";
import { pageInference } from "./inference.ts";
import { pageSpeed } from "./speed.ts";
import { pageThreads } from "./threads.ts";
import { pageTraining } from "./training.ts";

const scope = { cores: 2 };
const taken = (side: string, subject: Subject, seconds: number) => ({
  side,
  subject,
  seconds,
  value: 0,
  details: undefined,
});

it("measures one thread, and what an isolated page takes: all but one of the cores, two at least", () => {
  expect([1, 2, 8].map((cores) => pageThreads(cores))).toEqual([
    [1, 2],
    [1, 2],
    [1, 7],
  ]);
});

it("names sides in pages", () => {
  expect(labelOf(inPage("chromium", "lanewise", 2))).toBe("Lanewise in Chromium, 2 threads");
  expect(labelOf(inPage("firefox", "onnxruntime", 1))).toBe("onnxruntime-web in Firefox, 1 thread");
  expect([inPage("firefox", "tfjs", 1), "jax", inPage("chromium", "lanewise", 1), "torch-2"].map(isWebPeer)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(commandOf(inPage("chromium", "lanewise", 2, "profile"), undefined)?.args.slice(-7)).toEqual([
    "--browser",
    "chromium",
    "--library",
    "lanewise",
    "--threads",
    "2",
    "--profile",
  ]);
});

describe("speed", () => {
  const [subject] = pageSpeed.wishes(scope).map(({ subject }) => subject);

  it("is a page's speed over Node's on as many threads: 0.9 in Chromium, 0.8 in Firefox", () => {
    const measurements = new Measurements();
    measurements.add(taken("lanewise-1", subject!, 0.9));
    measurements.add(taken("chromium-lanewise-1", subject!, 1));
    measurements.add(taken("firefox-lanewise-1", subject!, 1.2));
    const found = pageSpeed.ratios(measurements, scope).filter(({ ratio }) => ratio !== undefined);
    expect(found).toEqual([
      {
        what: "matmul 512",
        ours: "Lanewise in Chromium, 1 thread",
        theirs: "Lanewise, 1 thread",
        ratio: 0.9,
        bar: 0.9,
      },
      {
        what: "matmul 512",
        ours: "Lanewise in Firefox, 1 thread",
        theirs: "Lanewise, 1 thread",
        ratio: 0.75,
        bar: 0.8,
      },
    ]);
  });

  it("W07: is what a page's threads gain on a product of 512 x 512 matrices", () => {
    const measurements = new Measurements();
    measurements.add(taken("firefox-lanewise-1", subject!, 1));
    measurements.add(taken("firefox-lanewise-2", subject!, 0.5));
    const found = pageSpeed.ratios(measurements, scope).filter(({ ratio }) => ratio !== undefined);
    expect(found).toMatchObject([{ what: "matmul 512", theirs: "Lanewise in Firefox, 1 thread", ratio: 2, bar: 1.7 }]);
  });

  it("asks who knows for what is wrong", () => {
    expect(pageSpeed.fault(subject!, 1)).toContain("the last element of the product is 1, expected");
  });
});

describe("inference", () => {
  const wishes = pageInference.wishes(scope);
  const mlp = wishes.find(({ subject }) => subject.network === "mlp" && subject.batch === 1)!.subject;

  it("asks three libraries on one thread and two, in both browsers, for two networks and two batches", () => {
    expect(wishes).toHaveLength(3 * 2 * 2 * 2 * 2);
  });

  it("is judged against the faster peer, once both were measured", () => {
    const measurements = new Measurements();
    measurements.add(taken("chromium-lanewise-1", mlp, 1));
    measurements.add(taken("chromium-onnxruntime-1", mlp, 1.5));
    const first = () => pageInference.ratios(measurements, scope)[0];
    expect(first()).toMatchObject({ ratio: undefined, bar: 1.3 });
    measurements.add(taken("chromium-tfjs-1", mlp, 2));
    expect(first()).toEqual({
      what: "MLP, batch 1",
      ours: "Lanewise in Chromium, 1 thread",
      theirs: "onnxruntime-web in Chromium, 1 thread",
      ratio: 1.5,
      bar: 1.3,
    });
  });

  it("knows the last example's logits: PyTorch's, summed by their place", () => {
    // networks_in_torch.py: 0.27520 - 2 · 0.89592 - 3 · 0.62708 + ... - 10 · 0.16575.
    const right = -16.09484;
    expect(pageInference.fault(mlp, right + 0.005)).toBeUndefined();
    expect(pageInference.fault(mlp, right + 0.05)).toContain("sum up to -16.04484, expected -16.0948");
  });
});

describe("training", () => {
  it("U01: has a bar of 50 ms for the longest task", () => {
    const [subject] = pageTraining.wishes(scope).map(({ subject }) => subject);
    const measurements = new Measurements();
    measurements.add(taken("chromium-lanewise-2", subject!, 0.02));
    expect(pageTraining.ratios(measurements, scope)[0]).toEqual({
      what: "MLP",
      ours: "Lanewise in Chromium, 2 threads",
      theirs: "a task of 50 ms",
      ratio: 2.5,
      bar: 1,
    });
    expect(pageTraining.figure(subject!, 0.02)).toBe(20);
  });
});
