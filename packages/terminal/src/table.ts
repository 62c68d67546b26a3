// Small tables in plain text, as wide as the terminal at most.
import stringWidth from "string-width";
import { cut } from "./phrases.ts";

export interface Column {
  title: string;
  /** Default: right where every cell is a number, left elsewhere. */
  align?: "left" | "right";
}

const GAP = "  ";
const NARROWEST = 4;

/** Lays out rows of strings and numbers under a rule; too wide a table has its widest column cut, never wrapped. */
export function table(
  columns: readonly (Column | string)[],
  rows: readonly (readonly (string | number)[])[],
  { width = process.stdout.columns ?? 100 }: { width?: number } = {},
): string {
  const heads = columns.map((column) => (typeof column === "string" ? { title: column } : column));
  rows.forEach((row, index) => {
    if (row.length !== heads.length) {
      throw new Error(`table: row ${index} has ${row.length} cells; give it ${heads.length}, one for each column.`);
    }
  });
  const cells = rows.map((row) => row.map((cell) => String(cell).replace(/\s+/g, " ")));
  const widths = heads.map(({ title }, c) =>
    Math.max(...[title, ...cells.map((row) => row[c]!)].map((cell) => stringWidth(cell))),
  );
  shrink(widths, width - GAP.length * (heads.length - 1));

  const right = heads.map(
    ({ align }, c) => (align ?? (rows.length && rows.every((row) => isNumber(row[c]!)) ? "right" : "left")) === "right",
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, c) => pad(cut(text, widths[c]!), widths[c]!, right[c]!))
      .join(GAP)
      .trimEnd();
  const rule = widths.map((size) => "─".repeat(size)).join(GAP);
  return [line(heads.map(({ title }) => title)), rule, ...cells.map(line)].join("\n");
}

function shrink(widths: number[], room: number): void {
  let excess = widths.reduce((sum, size) => sum + size, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) return;
    widths[widths.indexOf(widest)] = widest - 1;
    excess--;
  }
}

function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return right ? space + text : text + space;
}

const isNumber = (cell: string | number) => typeof cell === "number" || /^[-+]?[\d.,]+(e[-+]?\d+)?( ?%)?$/i.test(cell);
