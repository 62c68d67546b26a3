// Schedules by their formulas.

import { expect, test } from "vitest";
import { constant, cosine, linear, oneCycle, piecewiseLinear, steps, warmUp } from "./index.ts";

test("constant, linear, steps", () => {
  expect([0, 0.5, 1].map(constant(3))).toEqual([3, 3, 3]);
  expect([0, 0.25, 1, 2].map(linear(1, 0.5))).toEqual([1, 0.875, 0.5, 0.5]);
  const drops = steps(1, [
    [0.5, 0.1],
    [0.75, 0.01],
  ]);
  expect([0, 0.49, 0.5, 0.74, 0.75, 1].map(drops)).toEqual([1, 1, 0.1, 0.1, 0.01, 0.01]);
});

test("cosine: (1 + cos πx) / 2, within 1e-16 of the engine's own", () => {
  // cos(π / 3) = 1/2, cos(π / 4) = √½, cos(π / 2) = 0.
  expect([0, 1 / 3, 0.5, 1].map(cosine())).toEqual([1, expect.closeTo(0.75, 15), 0.5, 0]);
  expect(cosine(-1, 1)(0.25)).toBeCloseTo(-Math.SQRT1_2, 15);
  for (let x = 0; x <= 1; x += 1 / 512) expect(2 * cosine()(x) - 1).toBeCloseTo(Math.cos(Math.PI * x), 14);
});

test("piecewise linear: the ramp of the recipe for CIFAR-10", () => {
  const ramp = piecewiseLinear([
    [0, 0.2],
    [0.23, 1],
    [1, 0.07],
  ]);
  expect(ramp(0)).toBe(0.2);
  expect(ramp(0.115)).toBeCloseTo(0.6, 12);
  expect(ramp(0.23)).toBe(1);
  // Half of the way down: (1 + 0.07) / 2.
  expect(ramp(0.615)).toBeCloseTo(0.535, 12);
  expect([ramp(1), ramp(1.5), ramp(-1)]).toEqual([0.07, 0.07, 0.2]);
});

test("one cycle: PyTorch's OneCycleLR", () => {
  const cycle = oneCycle();
  expect(cycle(0)).toBeCloseTo(1 / 25, 15);
  expect(cycle(0.3)).toBe(1);
  expect(cycle(0.15)).toBeCloseTo((1 + 1 / 25) / 2, 12);
  expect(cycle(1)).toBeCloseTo(4e-6, 15);
  expect([oneCycle({ peakAt: 0 })(0), oneCycle({ peakAt: 1 })(1)]).toEqual([1, 1]);
});

test("warm-up multiplies", () => {
  const warm = warmUp(0.1, linear(), 0.5);
  expect([warm(0), warm(0.05), warm(0.1)]).toEqual([0.5, 0.95 * 0.75, 0.9]);
  expect(warmUp(0, constant())(0)).toBe(1);
});

test("points out of order, shares out of range and numbers that are none are refused", () => {
  const falling = [
    [0.5, 1],
    [0.2, 1],
  ] as const;
  expect(() => piecewiseLinear(falling)).toThrow("point 1 is [0.2, 1], expected a share from 0.5 to 1");
  expect(() => piecewiseLinear([])).toThrow("no points came");
  expect(() => steps(1, [[2, 1]])).toThrow("steps: point 0 is [2, 1]");
  expect(() => warmUp(2, constant())).toThrow("share 2 came");
  expect(() => oneCycle({ peakAt: -1 })).toThrow("peakAt -1 came");
  expect(() => constant(Number.NaN)).toThrow("value NaN came, expected a finite number");
});
