// Tables: alignment, widths that fit, and the phrases numbers are said in.
import { describe, expect, it } from "vitest";
import { duration, fixed, percent, rate, wrapped } from "./phrases.ts";
import { table } from "./table.ts";

describe("table", () => {
  it("puts numbers right and words left", () => {
    expect(
      table(
        ["layer", "weights"],
        [
          ["in", 200960],
          ["hidden", 32896],
        ],
      ),
    ).toBe(["layer   weights", "──────  ───────", "in       200960", "hidden    32896"].join("\n"));
  });

  it("cuts the widest column on a narrow terminal", () => {
    const rows = [["a", "a very long remark about this row", 1]];
    for (const line of table(["id", "remark", "n"], rows, { width: 20 }).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(20);
    }
    expect(table(["id", "remark", "n"], rows, { width: 20 })).toContain("a very long …");
  });

  it("counts wide characters by their columns", () => {
    expect(
      table(
        ["x", "y"],
        [
          ["数字", "b"],
          ["a", "b"],
        ],
      ).split("\n")[3],
    ).toBe("a     b");
  });

  it("refuses a row of another length", () => {
    expect(() => table(["a", "b"], [["x"]])).toThrow("table: row 0 has 1 cells; give it 2");
  });
});

describe("phrases", () => {
  it("says durations", () => {
    expect([0.04, 9.94, 9.96, 59.6, 65, 3599.7, 7620, Number.NaN].map(duration)).toEqual([
      "0.0 s",
      "9.9 s",
      "10 s",
      "1 m 00 s",
      "1 m 05 s",
      "1 h 00 m",
      "2 h 07 m",
      "?",
    ]);
  });

  it("says losses, percentages and rates", () => {
    expect([0.03125, 1.5e-7, 0, Number.NaN].map((value) => fixed(value))).toEqual([
      "0.0313",
      "1.50e-7",
      "0.0000",
      "NaN",
    ]);
    expect(percent(0.0162)).toBe("1.62 %");
    expect([rate(48210.4, "images"), rate(2.34, "steps")]).toEqual(["48,210 images/s", "2.3 steps/s"]);
  });
});

describe("sentences", () => {
  it("break between words, and a word that is too long stands alone", () => {
    expect(wrapped("one two three", { width: 7 })).toBe("one two\nthree");
    expect(wrapped("a extraordinarily b", { width: 5 })).toBe("a\nextraordinarily\nb");
    expect(wrapped("日本 語", { width: 5 })).toBe("日本\n語");
    expect(wrapped("", { width: 5 })).toBe("");
  });

  it("keep the indentation of their line, and lines that fit as they are", () => {
    expect(wrapped("  one two three\na   b", { width: 9 })).toBe("  one two\n  three\na   b");
  });
});
