// Figures as people read them.
import { expect, test } from "vitest";
import { duration, kibibytes, loss, percent, share, timeLeft, whole } from "./words.ts";

test("shares, losses, counts and sizes", () => {
  expect([0.0515, 0.9, 0.12345, 0, Number.NaN].map(percent)).toEqual(["5.15 %", "90 %", "12.3 %", "0 %", "–"]);
  expect([2.3041, 0.012345, Number.NaN].map(loss)).toEqual(["2.3", "0.0123", "–"]);
  expect([12_345.6, Number.NaN].map(whole)).toEqual(["12,346", "–"]);
  expect(share(12, 2000)).toBe("12 of 2,000");
  expect([1, 1536, 2 ** 21].map(kibibytes)).toEqual(["1 KiB", "2 KiB", "2.0 MiB"]);
});

test("durations, and what is left at the speed of what was made", () => {
  expect([0.4, 59.4, 80, 7500, Number.NaN].map(duration)).toEqual(["0 s", "59 s", "1 min 20 s", "2 h 5 min", "–"]);
  const now = { step: 30, steps: 90, seconds: 14 } as Parameters<typeof timeLeft>[1];
  // 20 steps took 10 s, 60 are left.
  expect(timeLeft({ step: 10, seconds: 4 }, now)).toBe(30);
  expect(timeLeft({ step: 30, seconds: 14 }, now)).toBeNaN();
});
