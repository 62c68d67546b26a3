// From a report to the bytes of its PDF, by Typst. Texts reach the template as data, so none is ever read as its markup.
import { readFileSync } from "node:fs";
import { NodeCompiler, type NodeTypstDocument } from "@myriaddreamin/typst-ts-node-compiler";
import { documentFontFolders } from "../fonts.ts";
import type { Report } from "./model.ts";
import { type Prepared, prepare } from "./prepare.ts";

/** A folder that exists nowhere: the compiler sees the files given to it in memory and no others. */
const workspace = "/lanewise-report";
const template = new URL("./template.typ", import.meta.url);

interface Diagnostic {
  message?: string;
  hints?: string[];
}

function compileText(compiler: NodeCompiler, source: string): { document?: NodeTypstDocument; problem: string } {
  const result = compiler.compile({ mainFileContent: source });
  if (!result.hasError() && result.result !== null) return { document: result.result, problem: "" };
  const diagnostics = (result.takeDiagnostics()?.shortDiagnostics ?? []) as Diagnostic[];
  const lines = diagnostics.map(({ message = "unknown", hints = [] }) => [message, ...hints].join("; "));
  return { problem: lines.join(". ") || "Typst gave no reason" };
}

/** Compiles each formula alone to find the one that is wrong: in the whole, the place of the error is the template's. */
function faultyFormula(compiler: NodeCompiler, prepared: Prepared): string | undefined {
  for (const { maths, place } of prepared.formulas) {
    const { problem } = compileText(compiler, `#eval(${JSON.stringify(maths)}, mode: "math")`);
    if (problem !== "") return `the formula "${maths}" in ${place} is no maths in Typst's notation: ${problem}`;
  }
  return undefined;
}

/** Typesets the report. The same report gives the same bytes. */
export function pdfOfReport(report: Report): Uint8Array {
  const prepared = prepare(report);
  const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: documentFontFolders() }] });
  for (const [path, bytes] of prepared.files) compiler.mapShadow(`${workspace}${path}`, Buffer.from(bytes));
  compiler.mapShadow(`${workspace}/report.json`, Buffer.from(JSON.stringify(prepared.data)));
  const { document, problem } = compileText(compiler, readFileSync(template, "utf8"));
  if (document === undefined) throw new Error(`report: ${faultyFormula(compiler, prepared) ?? problem}`);
  return new Uint8Array(compiler.pdf(document, { creationTimestamp: 0 }));
}
