// Predictions and their counts, by hand.
import { expect, test } from "vitest";
import { accuracyOf, confusionCounts, predictionsOf } from "./predictions.ts";

const probabilities = Float32Array.of(0.75, 0.25, 0.125, 0.875, 0.5, 0.5);

test("the first of the largest probabilities is predicted", () => {
  const all = predictionsOf(probabilities, [0, 0, 1]);
  expect(all).toEqual([
    { index: 0, label: 0, predicted: 0, probability: 0.75, ofLabel: 0.75 },
    { index: 1, label: 0, predicted: 1, probability: 0.875, ofLabel: 0.125 },
    { index: 2, label: 1, predicted: 0, probability: 0.5, ofLabel: 0.5 },
  ]);
  expect(predictionsOf(probabilities, [0, 0, 1], 500)[2]!.index).toBe(502);
  expect(accuracyOf(all)).toBeCloseTo(1 / 3, 12);
  expect(confusionCounts(all, 2)).toEqual([
    [1, 1],
    [1, 0],
  ]);
});

test("rows that are not whole are refused", () => {
  expect(() => predictionsOf(probabilities, [0, 1, 1, 0])).toThrow(/6 probabilities came for 4 labels/);
});

test("labels beyond the classes are refused by their example", () => {
  expect(() => predictionsOf(Float32Array.of(0.5, 0.5, 0.5, 0.5), [0, 2], 10)).toThrow(
    "predictionsOf: label 2 of example 11 came, expected 0 to 1",
  );
  const one = { index: 7, label: 3, predicted: 0, probability: 1, ofLabel: 0 };
  expect(() => confusionCounts([one], 2)).toThrow("confusionCounts: example 7 of class 3, taken for 0, came");
});
