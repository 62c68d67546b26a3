// The scale of the charts: levels between which all values lie, and places on it, worked out by hand.
import { expect, test } from "vitest";
import { levelsBetween, Scale } from "./chart.ts";

test.each([
  [0.02, 2.3, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]],
  [0.03, 0.04, [0.02, 0.05]],
  [1, 1, [1, 2]],
  [0.001, 0.9, [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]],
] as const)("from %d to %d", (low, high, levels) => {
  expect(levelsBetween(low, high)).toEqual(levels);
});

test("values lie on it by their logarithm, what is below its end at its end", () => {
  const scale = new Scale([0.01, 1], 0.001, 10, 464);
  // 210 high: from 184 at the bottom to 10; a tenth is half way from 0.01 to 1.
  expect([0.01, 0.1, 1].map((value) => Math.round(scale.y(value)))).toEqual([184, 97, 10]);
  expect(new Scale([0, 1], 0.01, 10, 464).y(0)).toBe(184);
  // 464 wide: from 50 on the left to 450.
  expect([0, 5, 10].map((epoch) => scale.x(epoch))).toEqual([50, 250, 450]);
  expect(scale.epochs).toEqual([0, 2, 4, 6, 8, 10]);
  // Nine levels would be a crowd: decades alone.
  expect(new Scale([0.001, 0.9], 0.001, 10, 464).levels).toEqual([0.001, 0.01, 0.1, 1]);
});

test("without values there is a scale all the same", () => {
  expect(new Scale([], 0.001, 0, 300).levels).toEqual([0.1, 0.2, 0.5, 1]);
});
