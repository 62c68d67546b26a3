// Measurements and ratios: the least is kept, a ratio is of speeds, a bar is judged.
import { describe, expect, it } from "vitest";
import { Measurements } from "./measurements.ts";
import { shownBar, verdictOf } from "./ratios.ts";

const subject = { measure: "matmul", size: 64 };
const taken = (side: string, seconds: number) => ({ side, subject, seconds, value: 1, details: undefined });

describe("Measurements", () => {
  it("keeps the least of what a side gave for a subject, whatever the order of its settings", () => {
    const measurements = new Measurements();
    for (const seconds of [0.3, 0.2, 0.4]) measurements.add(taken("a", seconds));
    expect(measurements.seconds("a", { size: 64, measure: "matmul" })).toBe(0.2);
    expect(measurements.list()).toHaveLength(1);
    expect(measurements.seconds("a", { measure: "matmul", size: 128 })).toBeUndefined();
  });

  it("gives ratios of speeds: half the time is 2", () => {
    const measurements = new Measurements();
    measurements.add(taken("ours", 0.1));
    measurements.add(taken("theirs", 0.2));
    expect(measurements.ratio("ours", "theirs", subject)).toBe(2);
    expect(measurements.ratio("ours", "nobody", subject)).toBeUndefined();
  });

  it("knows the fastest of those that were measured", () => {
    const measurements = new Measurements();
    measurements.add(taken("slow", 0.3));
    measurements.add(taken("fast", 0.1));
    expect(measurements.fastest(["absent", "slow", "fast"], subject)).toBe("fast");
    expect(measurements.fastest(["absent"], subject)).toBeUndefined();
  });
});

describe("bars", () => {
  const ratio = (value: number | undefined, bar?: number, noise?: number) => ({
    what: "",
    ours: "",
    theirs: "",
    ratio: value,
    ...(bar === undefined ? {} : { bar }),
    ...(noise === undefined ? {} : { noise }),
  });

  it("are met from the bar on, less the noise where equal speed is asked for", () => {
    expect(verdictOf(ratio(1.5, 1.5))).toBe("met");
    expect(verdictOf(ratio(1.49, 1.5))).toBe("not met");
    expect(verdictOf(ratio(0.98, 1, 0.03))).toBe("met");
    expect(verdictOf(ratio(0.96, 1, 0.03))).toBe("not met");
  });

  it("are not met by what was not measured, and a ratio without a bar is not judged", () => {
    expect(verdictOf(ratio(undefined, 1.5))).toBe("not measured");
    expect(verdictOf(ratio(3))).toBe("");
  });

  it("show their noise", () => {
    expect([shownBar(ratio(1, 1.5)), shownBar(ratio(1, 1, 0.03)), shownBar(ratio(1))]).toEqual([
      "1.50",
      "1.00 - 0.03",
      "",
    ]);
  });
});
