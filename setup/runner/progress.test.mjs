// What progress shows, at a terminal and in a log.
import { expect, test } from "vitest";
import { createProgress, duration, fractionIn } from "./progress.mjs";

test.each([
  [0, "0.0 s"],
  [1_949, "1.9 s"],
  [59_900, "59.9 s"],
  [60_000, "1 min 00 s"],
  [361_500, "6 min 01 s"],
])("%d ms read as %s", (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  ["   Building [=====>     ] 20/56: syn, core", 20 / 56],
  ["info: 25% done", 0.25],
  ["   Compiling serde v1.0.3", undefined],
  ["see https://a.example/1/2/3", undefined],
])("%s: fraction %s", (line, fraction) => expect(fractionIn(line)).toBe(fraction));

test("without a terminal each step is one line at its beginning and one at its end, with its time", () => {
  const written = [];
  let time = 0;
  const progress = createProgress({ out: { write: (text) => written.push(text) }, now: () => time });
  progress.begin("Wash");
  time = 2500;
  progress.end("Wash", "done  ", "clean");
  expect(written.map((line) => line.trim())).toEqual(["Wash ...", "2.5 s done   Wash: clean"]);
});
