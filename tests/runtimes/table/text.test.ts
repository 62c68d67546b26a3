// The table shows the cell and the column that differ. Results are made up here.
import { expect, test } from "vitest";
import { type CellResult, COLUMNS, type Column, type ColumnResult } from "../everywhere/cell.ts";
import { problems, type Row, tableText } from "./text.ts";

const column = (hash: string, failures: readonly string[] = []): ColumnResult => ({
  hash: hash.repeat(16),
  parts: { relu: hash, conv2d: "equal" },
  samples: {},
  failures,
});

function result(changed: Partial<Record<Column, ColumnResult>> = {}): CellResult {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, changed[name] ?? column("aaaa")]));
  return {
    binary: "strict",
    threads: 1,
    turbo: false,
    columns: columns as Record<Column, ColumnResult>,
    milliseconds: 4321,
  };
}

const reference = result();
const row = (name: string, strict: boolean, came: CellResult | Error): Row => ({ name, strict, result: came });

test("equal cells have no problem", () => {
  expect(problems(row("a", true, result()), reference)).toEqual([]);
});

test("a strict cell with other bits is named with its column and part", () => {
  const other = row("firefox, plain, worker", true, result({ ops: column("bbbb") }));
  expect(problems(other, reference)).toEqual(["firefox, plain, worker, column ops: other bits in relu"]);
});

test("a part that is missing is another result", () => {
  const { conv2d: _, ...parts } = column("aaaa").parts;
  const other = row("a", true, result({ layers: { ...column("aaaa"), parts } }));
  expect(problems(other, reference)).toEqual(["a, column layers: other bits in conv2d"]);
});

test("a fast cell may have other bits, but not where nothing is rounded, and no value out of its tolerance", () => {
  expect(problems(row("a", false, result({ ops: column("bbbb") })), reference)).toEqual([]);
  const changed = { ops: column("bbbb", ["exp is 3"]), seeds: column("bbbb"), files: column("bbbb") };
  expect(problems(row("a", false, result(changed)), reference)).toEqual([
    "a, column ops: exp is 3",
    "a, column seeds: other bits in relu",
    "a, column files: other bits in relu",
  ]);
});

test("the table has a row a cell, a mark an entry, and the problems below", () => {
  const rows = [
    row("first", true, reference),
    row("second", true, result({ mlp: column("bbbb") })),
    row("third", false, result({ mlp: column("cccc") })),
    row("fourth", true, new Error("its page did not load")),
  ];
  const text = tableText(rows, reference, ["pages in firefox"]);
  expect(text.split("\n").slice(2)).toEqual([
    "        ops       layers    mlp       cnn       p1        optim     seeds     files     time",
    "first   aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  4.3 s",
    "second  aaaaaa ✓  aaaaaa ✓  bbbbbb ✗  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  4.3 s",
    "third   aaaaaa ✓  aaaaaa ✓  cccccc ≈  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  aaaaaa ✓  4.3 s",
    "fourth  ✗         ✗         ✗         ✗         ✗         ✗         ✗         ✗",
    "NOT TESTED: pages in firefox",
    "",
    "second, column mlp: other bits in relu",
    "fourth: its page did not load",
  ]);
});
