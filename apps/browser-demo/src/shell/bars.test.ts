// Percentages as they are shown.
import { expect, test } from "vitest";
import { inPercent, largest } from "./bars.ts";

test("what is neither certain nor impossible does not read so", () => {
  expect([1, 0.9999, 0.994, 0.5, 0.005, 0.0049, 0].map(inPercent)).toEqual([
    "100 %",
    "> 99 %",
    "99 %",
    "50 %",
    "1 %",
    "< 1 %",
    "0 %",
  ]);
});

test("the largest is found, the first of equal ones", () => {
  expect(largest([0.1, 0.6, 0.3])).toBe(1);
  expect(largest([0.5, 0.5])).toBe(0);
});
