// Each row's value: what it must be, what NumPy and PyTorch give, what is computed here.
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { init, scope } from "@lanewise/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { convRows } from "./conv/rows.fixture.ts";
import { hasPython, python } from "./python.ts";
import { rows as otherRows, type Row } from "./rows.fixture.ts";

const rows = [...otherRows, ...convRows];

beforeAll(() => init({ threads: 2 }));

function expectValues(got: readonly number[], { expected, within = 0, scale }: Row): void {
  expect(got.length).toBe(expected.length);
  const wrong = got.flatMap((value, at) => {
    const want = expected[at]!;
    const equal =
      value === want || Object.is(value, want) || Math.abs(value - want) <= within * (scale ?? Math.abs(want));
    return equal ? [] : [{ at, value, want }];
  });
  expect(wrong).toEqual([]);
}

describe("computed here", () => {
  test.each(rows)("$name", (row) => expectValues(scope(row.run), row));
});

describe.runIf(hasPython("numpy, torch", "the rows' values against NumPy and PyTorch"))("confirmed", () => {
  let confirmed: Record<string, string[]>;
  beforeAll(() => {
    const script = readFileSync(new URL("confirm_rows.py", import.meta.url), "utf8");
    confirmed = JSON.parse(python(script, tmpdir()));
  });

  const special: Record<string, number> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };
  test.each(rows)("$name", (row) => {
    const values = confirmed[row.name];
    expect(values, `confirm_rows.py prints ${row.name}`).toBeDefined();
    expectValues(
      values!.map((value) => special[value] ?? Number(value)),
      row,
    );
  });

  test("nothing is confirmed that no row speaks of", () => {
    expect(Object.keys(confirmed).toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });
});
