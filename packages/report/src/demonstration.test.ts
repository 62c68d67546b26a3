// A whole report, as a reader gets it: every kind of block and picture, on pages without a word outside the margins.
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { demonstration } from "./demonstration.ts";
import { pdfOfReport } from "./index.ts";

const hasPoppler = spawnSync("pdftotext", ["-v"]).error === undefined;

describe("a report of everything", () => {
  it.runIf(hasPoppler)("has its words, its numbers, and its pictures' texts as text", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "report-")), "demonstration.pdf");
    writeFileSync(file, pdfOfReport(await demonstration()));
    const run = (command: string, ...options: string[]) => spawnSync(command, options, { encoding: "utf8" }).stdout;
    const text = run("pdftotext", "-layout", file, "-");
    for (const part of [
      "Handwritten digits, learned in WebAssembly",
      "71,234",
      "falls to 0.0025 nats (Figure 1)",
      "by (1) the gradients",
      "Of a single layer nothing but",
      "cross-entropy (nats)",
      "aim: 1.7 %",
      "predicted class",
      "0 taken for 0",
      "sigmoid, standard normal weights",
      "held-out error",
      "1.80 %",
      "1 min 25 s",
      "bias −30",
      "Figure 8. A network for XOR.",
      "4 of 4",
    ]) {
      expect(text).toContain(part);
    }
    expect(run("pdfinfo", file)).toMatch(/Title: +Handwritten digits[\s\S]*Pages: +4\n/);
    expect(run("pdfinfo", file)).not.toContain("CreationDate");
    const ends = [...run("pdftotext", "-bbox", file, "-").matchAll(/<word xMin="([\d.]+)" .* xMax="([\d.]+)"/g)];
    expect(ends.length).toBeGreaterThan(500);
    expect(Math.min(...ends.map(([, left]) => Number(left)))).toBeGreaterThan(79);
    expect(Math.max(...ends.map(([, , right]) => Number(right)))).toBeLessThan(595.3 - 79);
  });
});
