// Whitening against NumPy's: whitening_reference.py made the values.
import { WHITENED } from "@lanewise/models";
import { expect, test } from "vitest";
import reference from "./whitening.reference.json" with { type: "json" };
import { patchCovariance, whiteningFilters } from "./whitening.ts";

const [count, side] = [4, 8];
const images = {
  pixels: Uint8Array.from({ length: count * side * side * 3 }, (_, i) => (i * i * 7 + i * 13) % 251),
  side,
  count,
};
const normalization = { mean: [125.3, 123.0, 113.9], deviation: [63.0, 62.1, 66.7] } as const;

test("the covariance of 2x2 patches is NumPy's", () => {
  const covariance = patchCovariance(images, normalization);
  for (const [at, value] of reference.covariance.flat().entries()) expect(covariance[at]).toBeCloseTo(value, 9);
});

test("each filter is an eigenvector over the root of its eigenvalue, and the second half are the negatives", () => {
  const filters = whiteningFilters(images, normalization);
  for (const [filter, expected] of reference.filters.entries()) {
    const own = expected.map((_, at) => filters[at * WHITENED + filter]!);
    // The sign of an eigenvector is free: here its largest component is positive.
    const largest = expected.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    for (const [at, value] of expected.entries()) {
      expect(own[at]).toBeCloseTo(Math.sign(largest) * value, 5);
      expect(filters[at * WHITENED + 12 + filter]).toBe(-own[at]!);
    }
  }
});
