// The tables of a bench, as columns and rows: the terminal and Markdown show the same ones.
import { shownFigure } from "../doubts.ts";
import type { FamilyResult } from "../family-run.ts";
import { shownBar, verdictOf } from "../ratios.ts";
import { labelOf } from "../roster.ts";

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Who was measured: version, threads, settings. */
export function sidesTable({ sides }: FamilyResult): Table {
  return {
    columns: ["side", "version", "threads", "settings"],
    rows: sides.map(({ hello }) => [hello.name, hello.version, String(hello.threads), hello.settings]),
  };
}

/** One row a side, one column a subject. */
export function figuresTable({ family, sides, measurements }: FamilyResult): Table {
  const columns = [...new Map(measurements.list().map(({ subject }) => [family.column(subject), subject]))];
  return {
    columns: [family.unit, ...columns.map(([title]) => title)],
    rows: sides.map(({ id }) => [
      labelOf(id),
      ...columns.map(([, subject]) => {
        const seconds = measurements.seconds(id, subject);
        return seconds === undefined ? "-" : shownFigure(family.figure(subject, seconds));
      }),
    ]),
  };
}

export function ratiosTable({ ratios }: FamilyResult): Table {
  return {
    columns: ["what", "side", "against", "ratio", "bar", ""],
    rows: ratios.map((ratio) => [
      ratio.what,
      ratio.ours,
      ratio.theirs,
      ratio.ratio === undefined ? "-" : ratio.ratio.toFixed(2),
      shownBar(ratio),
      verdictOf(ratio),
    ]),
  };
}

export function markdownTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}
