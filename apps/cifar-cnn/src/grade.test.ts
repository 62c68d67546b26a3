// The exercise's bands, at their limits: "above" is strict.
import { expect, test } from "vitest";
import { gradeOf } from "./grade.ts";

test.each([
  [0.95, 15, "above 90 %"],
  [0.9, 10, "above 85 %"],
  [0.8501, 10, "above 85 %"],
  [0.85, 5, "above 80 %"],
  [0.8, 3, "above 75 %"],
  [0.75, 0, "75 % or less"],
])("an accuracy of %d is worth %d points", (accuracy, points, band) => {
  expect(gradeOf(accuracy)).toEqual({ band, points });
});
