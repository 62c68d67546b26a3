// The blocks of a classification, counted by hand.
import { expect, test } from "vitest";
import { classificationBlocks } from "./classification.ts";

const text = (value: unknown) => JSON.stringify(value);
const counts = [
  [6, 2, 0],
  [1, 3, 0],
  [5, 0, 5],
];
const classes = ["cat", "dog", "ship"];

test("matrix, bars and the commonest mistake: five ships for cats", async () => {
  const blocks = await classificationBlocks({ noun: "class", classes, counts, bars: "right" });
  expect(blocks.map(({ kind }) => kind)).toEqual(["paragraph", "figure", "figure"]);
  expect(text(blocks[0])).toMatch(/ship.*taken for.*cat.*5 times/);
  // 6 of 8, 3 of 4, 5 of 10.
  expect(text(blocks[2])).toMatch(/75[^0-9].*75[^0-9].*50/);
});

test("without a mistake it says so", async () => {
  const blocks = await classificationBlocks({ noun: "class", classes: ["a"], counts: [[3]], bars: "wrong" });
  expect(text(blocks[0])).toContain("There is no mistake.");
});
