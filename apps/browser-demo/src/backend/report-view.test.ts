// What two reports say: together where both do, else with the place.
import { expect, test } from "vitest";
import type { PlainReport } from "./messages.ts";
import { type Place, statements } from "./report-view.ts";

const place = (name: string, reasons: readonly string[]): Place => ({
  name,
  report: { reasons, advice: [] } as unknown as PlainReport,
});

test.each([
  [[place("A", ["one thread"]), place("B", ["one thread"])], ["One thread."]],
  [
    [place("A", ["2 threads", "4 GiB: all"]), place("B", ["one thread", "4 GiB: all"])],
    ["A: 2 threads.", "4 GiB: all.", "B: one thread."],
  ],
  [[place("A", ["it works."]), { name: "B", report: "starting" }], ["It works."]],
  [[{ name: "B", report: "failed" }], []],
] as [Place[], string[]][])("%#", (places, expected) => {
  expect(statements(places, (report) => report.reasons)).toEqual(expected);
});
