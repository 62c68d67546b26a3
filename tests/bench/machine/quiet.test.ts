// What is said of a machine that was not quiet, and nothing of one that was.
import { expect, it } from "vitest";
import { warningsOf } from "./quiet.ts";

const look = (busy: number, seconds: number) => ({ busy, seconds });

it("says nothing of a quiet machine", () => {
  expect(warningsOf(0.2, [look(0.02, 0.004), look(0.05, 0.0041)])).toEqual([]);
  expect(warningsOf(0, [])).toEqual([]);
});

it("names the load, the busy processors and the loop that slowed down", () => {
  expect(warningsOf(3.456, [look(1, 0.004), look(2, 0.006), look(0, 0.008)])).toEqual([
    "the load average was 3.46 before the bench began; expected below 0.5",
    "other programs kept 1.00 processors busy between the measurements; expected below 0.15",
    "the calibration loop took 50 % longer in the middle of its looks than in the best one",
    "the calibration loop took 4.0 ms before and 8.0 ms after: the machine's speed changed",
  ]);
});
