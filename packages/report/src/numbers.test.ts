// Expected texts are written out by hand from the numbers, by the rules of the style guide: comma for thousands, × and superscripts.
import { describe, expect, it } from "vitest";
import {
  byteSize,
  columnFormat,
  duration,
  fixed,
  integer,
  percent,
  plain,
  powerOfTen,
  significant,
} from "./numbers.ts";

describe("numbers", () => {
  it.each([
    [integer, 60000, "60,000"],
    [integer, -1234567, "−1,234,567"],
    [integer, -0.2, "0"],
    [integer, 999, "999"],
    [fixed(2), 2.71999, "2.72"],
    [fixed(2), -0.001, "0.00"],
    [fixed(1), 12345.67, "12,345.7"],
    [significant(4), 0.0123456, "0.01235"],
    [significant(4), 0.0000123456, "1.235×10⁻⁵"],
    [significant(4), 99.996, "100.0"],
    [significant(4), -1234.56, "−1,235"],
    [significant(3), 1234567.8, "1.23×10⁶"],
    [significant(3), 60000, "60,000"],
    [percent(2), 0.0162, "1.62\u00a0%"],
    [percent(1), 1, "100.0\u00a0%"],
    [plain, 0.1 + 0.2, "0.3"],
    [plain, 1e-7, "10⁻⁷"],
    [plain, 2.5e-7, "2.5×10⁻⁷"],
    [plain, 5e12, "5×10¹²"],
    [plain, 0, "0"],
    [byteSize, 812, "812\u00a0B"],
    [byteSize, 1234567, "1.2\u00a0MB"],
    [byteSize, 999_960, "1.0\u00a0MB"],
    [duration, 0.42, "0.42\u00a0s"],
    [duration, 58.24, "58.2\u00a0s"],
    [duration, 59.97, "1\u00a0min\u00a00\u00a0s"],
    [duration, 192, "3\u00a0min\u00a012\u00a0s"],
    [duration, 3725, "1\u00a0h\u00a002\u00a0min"],
  ] as [(value: number) => string, number, string][])("%o of %d is %s", (format, value, text) => {
    expect(format(value)).toBe(text);
  });

  it("says what is no finite number", () => {
    for (const format of [integer, fixed(2), significant(4), plain, duration]) {
      expect(format(Number.NaN)).toBe("NaN");
      expect(format(Number.POSITIVE_INFINITY)).toBe("∞");
      expect(format(Number.NEGATIVE_INFINITY)).toBe("−∞");
    }
  });

  it("writes powers of ten", () => {
    expect(powerOfTen(-12)).toBe("10⁻¹²");
  });

  it.each([
    [
      [0.1, 0.01, 0],
      ["0.10", "0.01", "0.00"],
    ],
    [
      [2.11, 1.94, 12.3456],
      ["2.11", "1.94", "12.35"],
    ],
    [
      [1.23, 0.0023],
      ["1.2300", "0.0023"],
    ],
    [
      [256, 10, 60000],
      ["256", "10", "60,000"],
    ],
    [
      [0.5, 1e-7],
      ["0.5000", "1.000×10⁻⁷"],
    ],
    [
      [Number.NaN, 1.5],
      ["NaN", "1.5"],
    ],
  ])("gives the column %j one count of decimals", (values, texts) => {
    expect(values.map(columnFormat(values))).toEqual(texts);
  });
});
