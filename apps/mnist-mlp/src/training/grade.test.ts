// The exercise's bands, at their limits: "below" is strict.
import { expect, test } from "vitest";
import { gradeOf } from "./grade.ts";

test.each([
  [0, 10, "below 5 %"],
  [0.0499, 10, "below 5 %"],
  [0.05, 5, "below 10 %"],
  [0.0999, 5, "below 10 %"],
  [0.1, 3, "below 20 %"],
  [0.2, 0, "20 % or more"],
  [0.9, 0, "20 % or more"],
])("an error of %d is worth %d points", (error, points, band) => {
  expect(gradeOf(error)).toEqual({ band, points });
});
