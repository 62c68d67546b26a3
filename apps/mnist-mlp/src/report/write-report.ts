// Writes the report and the curves; loaded only once training is over, since its packages take a while to load.
import { join } from "node:path";
import { pdfOfReport, pngOfSvg } from "@lanewise/report";
import { writeAside } from "lanewise/io/node";
import type { FinishedRun } from "../run.ts";
import { predictions } from "../training/evaluation.ts";
import { errorCurve, lossCurve } from "./curves.ts";
import { reportDocument } from "./document.ts";

/** Gives the names of the files that it wrote. */
export async function writeReport(out: string, run: FinishedRun): Promise<string[]> {
  const { mlp, stats, settings, data } = run;
  const look = { smoothed: settings.labelSmoothing > 0, sample: data.train.isSample };
  const curves = { loss: await lossCurve(stats, look), error: await errorCurve(stats, look) };
  const document = await reportDocument(run, predictions(mlp, data.test), curves);
  const files: readonly (readonly [string, Uint8Array | string])[] = [
    ["p1_report.pdf", pdfOfReport(document)],
    ["p1_loss.svg", curves.loss],
    ["p1_loss.png", pngOfSvg(curves.loss)],
    ["p1_error.svg", curves.error],
    ["p1_error.png", pngOfSvg(curves.error)],
  ];
  for (const [name, content] of files) await writeAside(join(out, name), content);
  return files.map(([name]) => name);
}
