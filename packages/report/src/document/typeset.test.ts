// The PDF itself, as poppler reads it: its words, its pages, and that nothing leaves the page's margins.
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pngOfPixels } from "../image-grid.ts";
import { md } from "./inline.ts";
import {
  code,
  columns,
  facts,
  figure,
  formula,
  keyFigures,
  list,
  note,
  pageBreak,
  paragraph,
  type Report,
  section,
  table,
} from "./model.ts";
import { pdfOfReport } from "./typeset.ts";

const hasPoppler = spawnSync("pdftotext", ["-v"]).error === undefined;

function poppler(command: string, pdf: Uint8Array, ...options: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), "report-")), "report.pdf");
  writeFileSync(file, pdf);
  const output = command === "pdftotext" ? ["-"] : [];
  return spawnSync(command, [...options, file, ...output], { encoding: "utf8" }).stdout;
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100" viewBox="0 0 300 100"><rect width="300" height="100" fill="#ccc"/></svg>`;
const one = (...blocks: Parameters<typeof section>[1][]): Report => ({
  title: "Title",
  sections: [section("Section", ...blocks)],
});

/** The boxes of all words, in points from the top left corner of A4. */
function words(pdf: Uint8Array) {
  const boxes = poppler("pdftotext", pdf, "-bbox").matchAll(
    /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)/g,
  );
  return [...boxes].map(([, x0, y0, x1, y1, text]) => ({ x0: +x0!, y0: +y0!, x1: +x1!, y1: +y1!, text: text! }));
}

describe("pdfOfReport", () => {
  it("is a PDF, with the same bytes each time", () => {
    const report = one(paragraph(md`$x$`), figure({ svg, caption: "c" }));
    const pdf = pdfOfReport(report);
    expect(new TextDecoder("latin1").decode(pdf.subarray(0, 5))).toBe("%PDF-");
    expect(Buffer.compare(pdf, pdfOfReport(report))).toBe(0);
  });

  it.runIf(hasPoppler)("has every text of its report, signs and all", () => {
    const outside = String.raw`a_b*c*$d$#set \e <f> @g [h] "i" //j ~k`;
    const sha = "0123456789abcdef".repeat(4);
    const text = poppler(
      "pdftotext",
      pdfOfReport({
        title: `T ${outside}`,
        subtitle: "The subtitle",
        authors: ["A. Author"],
        date: "1 May 2026",
        summary: [keyFigures({ value: "1.58 %", label: "test error" })],
        sections: [
          section(
            `S ${outside}`,
            paragraph(outside),
            paragraph(md`See [](#curve), [](#results) and [](#law).`),
            list("first item", outside),
            formula("E = m c^2", "law"),
            facts(["Learning rate", 0.1], ["Path", outside], ["SHA-256", sha]),
            table({ id: "results", caption: "Results.", columns: ["run", "loss"], rows: [[outside, 0.25]] }),
            figure({ svg, id: "curve", caption: outside }),
            note("The sample only."),
            code("npm start -- --epochs 1\n  $not *markup*"),
            section("Inner", paragraph("deeper")),
          ),
        ],
      }),
      "-layout",
    );
    expect(text.split(outside).length - 1).toBe(7);
    for (const part of [
      "The subtitle",
      "A. Author",
      "1 May 2026",
      "1.58 %",
      "test error",
      "See Figure 1, Table 1 and (1).",
      "first item",
      "Learning rate",
      sha,
      "Table 1. Results.",
      "0.25",
      "Figure 1.",
      "The sample only.",
      "npm start -- --epochs 1",
      "1.1",
      "Inner",
      "1 of 1",
    ]) {
      expect(text).toContain(part);
    }
  });

  it.runIf(hasPoppler)("numbers its pages and repeats a long table's head", () => {
    const rows = Array.from({ length: 90 }, (_, at) => [at + 1, 1 / (at + 1)]);
    const pdf = pdfOfReport(
      one(table({ columns: ["epoch", "loss"], rows, caption: "Long." }), pageBreak(), note("End.")),
    );
    expect(poppler("pdfinfo", pdf)).toMatch(/Pages: +4\n/);
    const text = poppler("pdftotext", pdf);
    for (const page of [1, 2, 3, 4]) expect(text).toContain(`${page} of 4`);
    expect(text.match(/^epoch$/gm)).toHaveLength(3);
  });

  it.runIf(hasPoppler)("keeps everything within the margins", () => {
    const long = "a/very_long.path-without?spaces".repeat(8);
    const hash = "0123456789abcdef".repeat(12);
    const pdf = pdfOfReport({
      title: `${long}`,
      subtitle: hash,
      authors: Array.from({ length: 12 }, (_, at) => `Author Number ${at}`),
      summary: [keyFigures(...Array.from({ length: 7 }, (_, at) => ({ value: `${1e6 * at} images/s`, label: hash })))],
      sections: [
        section(
          hash,
          paragraph(long),
          list(hash),
          formula(Array.from({ length: 30 }, (_, at) => `x_${at}^2`).join(" + ")),
          formula(Array.from({ length: 30 }, (_, at) => `x_${at}^2`).join(" + "), "wide"),
          facts([long, hash]),
          table({
            caption: hash,
            columns: Array.from({ length: 14 }, (_, at) => `column ${at}`),
            rows: [Array(14).fill(1234.5)],
          }),
          table({ columns: ["a", "b", "c"], rows: [[long, "some words that wrap in their column ".repeat(4), hash]] }),
          figure({ svg: svg.replaceAll("300", "3000"), caption: long }),
          columns([[paragraph(hash)], [table({ columns: ["x", "y"], rows: [[long, 1]] })], [note(long)]]),
          note(hash),
          code(`${long}\n${hash}`),
        ),
      ],
    });
    const outside = words(pdf).filter(({ x0, x1, y0, y1 }) => x0 < 70 || x1 > 595.3 - 70 || y0 < 30 || y1 > 842 - 30);
    expect(outside).toEqual([]);
  });

  it.runIf(hasPoppler)("never ends a page where a formula is announced", () => {
    // Some number of lines in front leaves room for the words alone.
    for (let lines = 33; lines < 37; lines++) {
      const filling = Array.from({ length: lines }, () => paragraph("A line."));
      const pages = poppler(
        "pdftotext",
        pdfOfReport(one(...filling, paragraph("It follows"), formula("mat(1; 2; 3; 4) = m"))),
      ).split("\f");
      const announced = pages.findIndex((page) => page.includes("It follows"));
      expect(pages[announced]).toMatch(/It follows.*=/s);
    }
  });

  it.runIf(hasPoppler)("numbers sections from where it is told", () => {
    const report = {
      title: "Title",
      sections: [
        { ...section("First", { ...section("Inner", paragraph("x")), number: 4 }), number: 3 },
        section("Next"),
      ],
    };
    const text = poppler("pdftotext", pdfOfReport(report), "-layout");
    expect(text.match(/^[\d.]+ +\w+$/gm)?.map((line) => line.replace(/ +/, " "))).toEqual([
      "3 First",
      "3.4 Inner",
      "4 Next",
    ]);
  });

  it.runIf(hasPoppler)("lets the text go on in the place of a floating figure", () => {
    const tall = svg.replaceAll("100", "640");
    const pagesOf = (floating: boolean) =>
      poppler(
        "pdftotext",
        pdfOfReport(
          one(
            ...Array.from({ length: 8 }, () => paragraph("A line.")),
            figure({ svg: tall, caption: "Tall.", floating }),
            paragraph("The text goes on."),
          ),
        ),
      ).split("\f");
    expect(pagesOf(true)[0]).toContain("The text goes on.");
    expect(pagesOf(true)[1]).toContain("Tall.");
    expect(pagesOf(false)[0]).not.toContain("The text goes on.");
  });

  it.runIf(hasPoppler)("keeps a short formula of a line in one piece", () => {
    for (let words = 10; words < 16; words++) {
      const text = poppler(
        "pdftotext",
        pdfOfReport(one(paragraph(md`${"word ".repeat(words)} $(1 + e^(-z))^2 = 10 + 20$ and on`))),
        "-layout",
      );
      expect(text).toMatch(/= 10 \+ 20/);
      expect(text.split("\n").filter((line) => line.includes("(1 +") || line.includes("= 10"))).toHaveLength(1);
    }
  });

  it.runIf(hasPoppler)("brings its fonts along", () => {
    const fonts = poppler("pdffonts", pdfOfReport(one(paragraph(md`$x$ *a* **b** \`c\``))));
    for (const name of ["SourceSans3", "STIXTwoText-Regular", "STIXTwoText-Italic", "STIXTwoMath", "SourceCodePro"]) {
      expect(fonts).toMatch(new RegExp(`\\+${name}\\S* .* yes yes yes `));
    }
  });

  it("takes PNG, at most as wide as the text", () => {
    const png = pngOfPixels(new Uint8Array(28 * 28).fill(128), { width: 28, height: 28 }, 40);
    expect(pdfOfReport(one(figure({ png }))).length).toBeGreaterThan(1000);
  });

  it.each<[string, Report, string]>([
    [
      "a formula",
      one(formula("sqrt(x")),
      'the formula "sqrt(x" in section "Section" is no maths in Typst\'s notation: unclosed',
    ],
    ["inline maths", one(paragraph(md`$nonsense$`)), 'the formula "nonsense" in section "Section"'],
    [
      "a reference",
      one(paragraph(md`[](#gone)`)),
      'section "Section" refers to "#gone", which nothing has; the ids are: none',
    ],
    ["an id given twice", one(formula("x", "a"), formula("y", "a")), 'id "a" comes twice'],
    ["an id with signs", one(formula("x", "a b")), 'id "a b" in section "Section", expected a letter'],
    [
      "a short row",
      one(table({ columns: ["a", "b"], rows: [[1]] })),
      'row 1 of a table in section "Section" has 1 cells, expected 2',
    ],
    ["an empty figure", one(figure({})), "neither an SVG nor a PNG, expected one"],
  ])("says what is wrong with %s", (_, report, words) => {
    expect(() => pdfOfReport(report)).toThrow(words);
  });

  it("does not read files for a formula", () => {
    expect(() => pdfOfReport(one(formula('#read("/etc/hostname")')))).toThrow("is no maths");
  });
});
