// Writes the report and the curves; loaded only once training is over, since its packages take a while to load.
import { join } from "node:path";
import { pdfOfReport, pngOfSvg } from "@lanewise/report";
import { writeAside } from "lanewise/io/node";
import type { FinishedRun } from "../finished-run.ts";
import { curvesOf } from "./curves.ts";
import { reportDocument } from "./document.ts";

/** Gives the names of the files that it wrote. */
export async function writeReport(out: string, run: FinishedRun): Promise<string[]> {
  const curves = await curvesOf(run);
  const files: readonly (readonly [string, Uint8Array | string])[] = [
    ["p2_report.pdf", pdfOfReport(await reportDocument(run, curves))],
    ["p2_loss.svg", curves.loss],
    ["p2_loss.png", pngOfSvg(curves.loss)],
    ["p2_error.svg", curves.error],
    ["p2_error.png", pngOfSvg(curves.error)],
  ];
  for (const [name, content] of files) await writeAside(join(out, name), content);
  return files.map(([name]) => name);
}
