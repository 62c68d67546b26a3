// The families' own arithmetic: units, faults, bars, and what is far below its known figure.
import { describe, expect, it } from "vitest";
import { doubtsOf } from "../doubts.ts";
import { Measurements } from "../measurements.ts";
import { type Convolution, convolutionFlop, lastFilterGradient, lastResult, outSize } from "../sides/convolutions.ts";
import { factors, productAt } from "../sides/inputs.ts";
import { conv } from "./conv.ts";
import { families } from "./index.ts";
import { matmul } from "./matmul.ts";
import { mlp } from "./mlp.ts";
import { pool } from "./pool.ts";

const taken = (side: string, subject: { measure: string }, seconds: number) => ({
  side,
  subject,
  seconds,
  value: 0,
  details: undefined,
});

it("has a bar in each family, and a verdict only for what was measured", () => {
  for (const family of families) {
    const ratios = family.ratios(new Measurements(), { cores: 2 });
    expect(ratios.some(({ bar }) => bar !== undefined)).toBe(true);
    expect(ratios.every(({ ratio }) => ratio === undefined)).toBe(true);
  }
});

describe("matmul", () => {
  it("counts 2 n³ operations: 512³ in 10 ms are 26.8 GFLOP/s", () => {
    expect(matmul.figure({ measure: "matmul", size: 512 }, 0.01)).toBeCloseTo(26.84, 2);
  });

  it("knows the last element of the product that every side must give", () => {
    // By hand: 7 i mod 13 - 6 for i = 0..3 is -6, 1, -5, 2; 5 i mod 11 - 5 is -5, 0, 5, -1; all of it over 4.
    expect([...factors(2).a, ...factors(2).b].map((x) => x * 4)).toEqual([-6, 1, -5, 2, -5, 0, 5, -1]);
    // Row 1 of a times column 1 of b: (-5 * 0 + 2 * -1) / 16.
    expect(productAt(2, 1, 1)).toBe(-2 / 16);
    expect(matmul.fault({ measure: "matmul", size: 2 }, -2 / 16)).toBeUndefined();
    expect(matmul.fault({ measure: "matmul", size: 2 }, 1)).toBe(
      "the last element of the product is 1, expected -0.125",
    );
  });

  it("is judged against the fastest peer: three times as fast as the better of two", () => {
    const subject = { measure: "matmul", size: 256 };
    const measurements = new Measurements();
    measurements.add(taken("lanewise-1", subject, 0.001));
    measurements.add(taken("tfjs", subject, 0.004));
    measurements.add(taken("jax", subject, 0.003));
    const [ratio] = matmul.ratios(measurements, { cores: 2 }).filter(({ ratio }) => ratio !== undefined);
    expect(ratio).toMatchObject({ theirs: "jax-js wasm, 1 thread", ratio: 3, bar: 1.5 });
  });

  it("flags a peer below 0.6 of its known figure, and a wrong product", () => {
    const subject = { measure: "matmul", size: 512 };
    const right = productAt(512, 511, 511);
    // 24 GFLOP/s are known of tfjs; 2 * 512³ operations in 20 ms are 13.4, in 12 ms 22.4.
    const slow = doubtsOf(matmul, [{ ...taken("tfjs", subject, 0.02), value: right }]);
    expect(slow).toEqual([
      "tfjs wasm, 1 thread is far below the GFLOP/s it is known to give, badly set up or on a slower or busy machine: " +
        "13.4 of 24.0 (512)",
    ]);
    expect(doubtsOf(matmul, [{ ...taken("tfjs", subject, 0.012), value: right }])).toEqual([]);
    expect(doubtsOf(matmul, [taken("jax", subject, 0.001)])[0]).toContain("wrong result");
  });
});

describe("conv", () => {
  const small: Convolution = {
    batch: 1,
    size: 2,
    inChannels: 1,
    outChannels: 1,
    kernel: 3,
    stride: 1,
    padding: 1,
    groups: 1,
    inputGradient: 1,
  };

  it("knows the last elements that every side must give", () => {
    // Images -6, 1, -5, 2; filters -5, 0, 5, -1, 4, -2, 3, -3, 2; gradient -3, 0, 3, -1; bias -2; all of it over 4.
    // The last window's taps 0, 1, 3 and 4 lie on the images, the others on the padding.
    expect(outSize(small)).toBe(2);
    expect(lastResult(small).value).toBe((-6 * -5 + 1 * 0 + -5 * -1 + 2 * 4) / 16 - 2 / 4);
    // The last tap meets an image other than padding once, in the first window: the last image times the first gradient.
    expect(lastFilterGradient(small)).toEqual({ value: (2 * -3) / 16, size: 6 / 16 });
  });

  it("counts 2 · 16 · 32² · 64 · 9 · 64 operations, three times with both gradients, twice where images want none", () => {
    const [subject] = conv.wishes({ cores: 2 }).map(({ subject }) => subject);
    expect(convolutionFlop(subject as unknown as Convolution)).toBe(1_207_959_552);
    expect(conv.figure(subject!, 0.001)).toBeCloseTo(1207.96, 2);
    expect(conv.figure({ ...subject!, pass: "both" }, 0.001)).toBeCloseTo(3 * 1207.96, 1);
    expect(conv.figure({ ...subject!, pass: "both", inputGradient: 0 }, 0.001)).toBeCloseTo(2 * 1207.96, 1);
  });

  it("judges a wrong result by the size of its terms", () => {
    const asked = { measure: "conv", name: "small", pass: "forward", ...small };
    const { value, size } = lastResult(small);
    expect(conv.fault(asked, value + size * 0.9e-4)).toBeUndefined();
    expect(conv.fault(asked, value + size * 1.1e-4)).toContain("the last element of the result is");
  });

  it("takes the geometric mean of the main shapes, and only of all of them", () => {
    const measurements = new Measurements();
    const forward = conv
      .wishes({ cores: 2 })
      .filter(({ side, subject }) => side === "jax" && subject.pass === "forward");
    for (const [index, { subject }] of forward.entries()) {
      measurements.add(taken("lanewise-1", subject, 0.001));
      const mean = () => conv.ratios(measurements, { cores: 2 }).find(({ what }) => what.startsWith("geometric"));
      expect(mean()?.ratio).toBeUndefined();
      measurements.add(taken("torch-1", subject, 0.001 * 2 ** index));
      // Ratios of 1, 2, 4, 8 and 16.
      if (index === forward.length - 1) expect(mean()).toMatchObject({ ratio: expect.closeTo(4, 12), bar: 1.6 });
    }
  });
});

it("takes the bars of the MLP from the plan: 1.0, 1.0, 0.75, 0.55, with turbo 1.1, 0.9, 0.8, and 15 over tfjs", () => {
  const bars = mlp.ratios(new Measurements(), { cores: 2 }).map(({ bar }) => bar);
  expect(bars).toEqual([1, 1, 0.75, 0.55, undefined, 1.1, 0.9, 0.8, 15]);
});

it("measures all cores where there are more than two", () => {
  const threads = (cores: number) => [...new Set(pool.wishes({ cores }).map(({ side }) => side))];
  expect(threads(2)).toEqual(["lanewise-1", "lanewise-2"]);
  expect(threads(8)).toEqual(["lanewise-1", "lanewise-2", "lanewise-8"]);
});
