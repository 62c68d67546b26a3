// The tables of a bench, as columns and rows: the terminal and Markdown show the same ones.
import { shownFigure } from "../doubts.ts";
import type { FamilyResult } from "../family-run.ts";
import type { Subject } from "../measurements.ts";
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

/** More columns than this are read no more. */
const MOST_COLUMNS = 8;

/** One row a side, one column a subject; the other way round where the subjects are many. */
export function figuresTable({ family, sides, measurements }: FamilyResult): Table {
  const subjects = [...new Map(measurements.list().map(({ subject }) => [family.column(subject), subject]))];
  const figure = (side: string, subject: Subject): string => {
    const seconds = measurements.seconds(side, subject);
    return seconds === undefined ? "-" : shownFigure(family.figure(subject, seconds));
  };
  if (subjects.length > MOST_COLUMNS) {
    return {
      columns: [family.unit, ...sides.map(({ id }) => labelOf(id))],
      rows: subjects.map(([title, subject]) => [title, ...sides.map(({ id }) => figure(id, subject))]),
    };
  }
  return {
    columns: [family.unit, ...subjects.map(([title]) => title)],
    rows: sides.map(({ id }) => [labelOf(id), ...subjects.map(([, subject]) => figure(id, subject))]),
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
