// Eigenvalues against closed forms.
import { expect, test } from "vitest";
import { symmetricEigen } from "./symmetric-eigen.ts";

test("2x2: [[2, 1], [1, 2]] has 3 along (1, 1) and 1 along (1, -1)", () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
  expect(values[0]).toBeCloseTo(3, 14);
  expect(values[1]).toBeCloseTo(1, 14);
  const half = Math.SQRT1_2;
  expect([...vectors[0]!].map((x) => Math.abs(x))).toEqual([expect.closeTo(half, 14), expect.closeTo(half, 14)]);
  expect(vectors[1]![0]! * vectors[1]![1]!).toBeCloseTo(-0.5, 14);
});

test("the second difference matrix of 12: 2 - 2 cos(k pi / 13), and A v = lambda v", () => {
  const n = 12;
  const a = Float64Array.from({ length: n * n }, (_, at) => {
    const apart = Math.abs((at % n) - Math.floor(at / n));
    return apart === 0 ? 2 : apart === 1 ? -1 : 0;
  });
  const { values, vectors } = symmetricEigen(a, n);
  for (const [i, value] of values.entries()) {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12);
    const v = vectors[i]!;
    for (let row = 0; row < n; row++) {
      const product = v.reduce((sum, x, col) => sum + a[row * n + col]! * x, 0);
      expect(product).toBeCloseTo(value * v[row]!, 12);
    }
    expect(v.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 13);
  }
});

test("a matrix that is not finite is refused", () => {
  expect(() => symmetricEigen(Float64Array.of(Number.NaN, 1, 1, 2), 2)).toThrow(/not finite/);
});
