// What a bench leaves behind: the terminal's text, Markdown for docs/bench.md, JSON with every figure.
import { table } from "@lanewise/terminal";
import type { FamilyResult } from "../family-run.ts";
import { type MachineName, shownMachine } from "../machine/name.ts";
import { verdictOf } from "../ratios.ts";
import { figuresTable, markdownTable, ratiosTable, sidesTable, type Table } from "./tables.ts";

export interface BenchResult {
  readonly machine: MachineName;
  readonly date: string;
  readonly quick: boolean;
  readonly families: readonly FamilyResult[];
  /** Of the machine that was not quiet. */
  readonly warnings: readonly string[];
}

const tablesOf = (result: FamilyResult): readonly Table[] => [
  sidesTable(result),
  figuresTable(result),
  ratiosTable(result),
];
const method = ({ rounds, seconds }: FamilyResult): string =>
  `Interleaved, the least of ${rounds} rounds of ${seconds} s for each side.`;

export function shownFamily(result: FamilyResult): string {
  const tables = tablesOf(result).map(({ columns, rows }) => table(columns, rows, { width: 160 }));
  const doubts = result.doubts.map((doubt) => `! ${doubt}`).join("\n");
  return [`\n${result.family.title}`, method(result), ...tables, doubts].filter((part) => part !== "").join("\n\n");
}

export function asMarkdown({ machine, date, families, warnings, quick }: BenchResult): string {
  const doubtful = [...(quick ? ["a quick run: not for figures"] : []), ...warnings];
  return [
    "# Bench",
    `\`npm run bench\` on ${shownMachine(machine)}, ${date.slice(0, 10)}. Ratios are speeds: 2 is twice as fast.`,
    ...(doubtful.length > 0 ? [doubtful.map((warning) => `- **Doubtful:** ${warning}`).join("\n")] : []),
    ...families.flatMap((result) => [
      `## ${result.family.title}`,
      method(result),
      ...tablesOf(result).map(markdownTable),
      ...(result.doubts.length > 0 ? [result.doubts.map((doubt) => `- ${doubt.split("\n")[0]}`).join("\n")] : []),
    ]),
    "",
  ].join("\n\n");
}

export function asJson({ families, ...bench }: BenchResult): string {
  const plain = families.map(({ family, rounds, seconds, sides, measurements, ratios, doubts }) => ({
    name: family.name,
    unit: family.unit,
    rounds,
    secondsARound: seconds,
    sides: sides.map(({ id, hello }) => ({ id, ...hello })),
    measurements: measurements.list().map(({ details: _, ...measurement }) => ({
      ...measurement,
      figure: family.figure(measurement.subject, measurement.seconds),
    })),
    ratios: ratios.map((ratio) => ({ ...ratio, verdict: verdictOf(ratio) })),
    doubts,
  }));
  return `${JSON.stringify({ ...bench, families: plain }, null, 2)}\n`;
}
