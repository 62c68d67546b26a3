// Learning rates by their formulas.
import { expect, test } from "vitest";
import { rateFactor } from "./schedule.ts";

test("cosine: 1 at first, a half in the middle, near 0 at the end", () => {
  expect(rateFactor("cosine", 0, 100)).toBe(1);
  expect(rateFactor("cosine", 50, 100)).toBeCloseTo(0.5, 12);
  // (1 + cos(π / 3)) / 2 = 0.75
  expect(rateFactor("cosine", 30, 90)).toBeCloseTo(0.75, 12);
  expect(rateFactor("cosine", 99, 100)).toBeLessThan(0.001);
});

test("linear and constant", () => {
  expect(rateFactor("linear", 25, 100)).toBe(0.75);
  expect(rateFactor("constant", 99, 100)).toBe(1);
});
