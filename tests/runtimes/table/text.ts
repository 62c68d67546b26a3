// The table as text: a row a cell, a column for each thing that was hashed; and what differs, in words.
import { type CellResult, COLUMNS, type Column, EXACT_COLUMNS } from "../everywhere/cell.ts";

export interface Row {
  readonly name: string;
  readonly strict: boolean;
  /** An error in place of a result: the cell did not come to its end. */
  readonly result: CellResult | Error;
}

/** What is wrong with a row, each a sentence that names cell and column; `reference` is the first strict cell's result. */
export function problems({ name, strict, result }: Row, reference: CellResult): string[] {
  if (result instanceof Error) return [`${name}: ${result.message}`];
  return COLUMNS.flatMap((column) => {
    const { parts, failures } = result.columns[column];
    const expected = reference.columns[column].parts;
    const names = [...new Set([...Object.keys(expected), ...Object.keys(parts)])];
    const differing = mustBeEqual(strict, column) ? names.filter((part) => parts[part] !== expected[part]) : [];
    return [
      ...failures.map((failure) => `${name}, column ${column}: ${failure}`),
      ...(differing.length > 0 ? [`${name}, column ${column}: other bits in ${differing.join(", ")}`] : []),
    ];
  });
}

function mustBeEqual(strict: boolean, column: Column): boolean {
  return strict || EXACT_COLUMNS.includes(column);
}

/** The whole table. `untested`: what could not be run here, in words. */
export function tableText(rows: readonly Row[], reference: CellResult, untested: readonly string[] = []): string {
  const head = ["", ...COLUMNS, "time"];
  const body = rows.map((row) => [row.name, ...COLUMNS.map((column) => entry(row, column, reference)), time(row)]);
  const widths = head.map((title, at) => Math.max(title.length, ...body.map((cells) => cells[at]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, at) => text.padEnd(widths[at]!))
      .join("  ")
      .trimEnd();
  const wrong = rows.flatMap((row) => problems(row, reference));
  return [
    "The same on every runtime: ✓ the first row's bits, ≈ within the tolerances of the expected values, ✗ not as it must be",
    "",
    line(head),
    ...body.map(line),
    ...untested.map((what) => `NOT TESTED: ${what}`),
    ...(wrong.length > 0 ? ["", ...wrong] : []),
  ].join("\n");
}

function entry({ strict, result }: Row, column: Column, reference: CellResult): string {
  if (result instanceof Error) return "✗";
  const { hash, failures } = result.columns[column];
  const equal = hash === reference.columns[column].hash;
  const mark = failures.length > 0 || (!equal && mustBeEqual(strict, column)) ? "✗" : equal ? "✓" : "≈";
  return `${hash.slice(0, 6)} ${mark}`;
}

function time({ result }: Row): string {
  return result instanceof Error ? "" : `${(result.milliseconds / 1000).toFixed(1)} s`;
}
