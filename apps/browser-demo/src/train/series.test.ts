// A curve keeps its course and its mean while its points become fewer.
import { expect, test } from "vitest";
import { Series } from "./series.ts";

test("few points stay as they came", () => {
  const series = new Series();
  for (let x = 0; x < 100; x++) series.add(x, x * x);
  expect(series.points).toEqual(Array.from({ length: 100 }, (_, x) => ({ x, y: x * x })));
});

test("many become means of as many neighbours each: a line stays the line, and a zigzag becomes its middle", () => {
  const line = new Series();
  const zigzag = new Series();
  for (let x = 0; x < 10_000; x++) {
    line.add(x, 3 * x + 1);
    zigzag.add(x, x % 2 === 0 ? 2 : 4);
  }
  expect(line.points.length).toBeLessThan(400);
  expect(line.points.length).toBeGreaterThan(150);
  for (const { x, y } of line.points) expect(y).toBeCloseTo(3 * x + 1, 6);
  for (const { y } of zigzag.points) expect(y).toBe(3);
  // 10,000 = 312 · 32 + 16: means of 32, the first of 0 to 31.
  expect(line.points[0]).toEqual({ x: 15.5, y: 47.5 });
});
