// Each known fault of other tools that concerns what is built here keeps its test: the ids below must stand in test names.
import { expect, it } from "vitest";
import { files, isTest, read } from "./sources.ts";

/** By area; a new area of the library brings its ids along. */
const ids = {
  numbers: ["N01", "N03", "N04", "N06", "N07", "N09", "N10", "N12", "N13", "N16", "N18", "N19"],
  gradients: ["A01", "A03", "A04", "A06", "A07", "A09", "A10", "A12"],
  convolution: ["A13", "A15", "A16", "C01", "C03", "C04", "C06", "C07", "C09", "C10", "C12", "C13"],
  batchNorm: ["B01", "B03", "B04", "B06", "B07"],
  shapesAndSizes: ["T01", "T03", "T04", "T06", "T07"],
  arrayFiles: ["F01", "F03", "F04", "F06", "F07", "F09", "F10", "F12", "F13", "F28", "F36", "F39", "F40"],
  torchFiles: ["F21", "F22", "F24", "F25", "F27", "F30", "F31", "F33", "F37"],
  data: ["D01", "D03", "D04", "D06", "D07", "D09"],
  memory: ["M01", "M03", "M04", "M06", "M07"],
  threads: ["W01", "W03", "W04", "W06", "W07", "W09", "W10", "W12", "W13"],
  loading: ["P01", "P03", "P04"],
  resuming: ["R01", "R03", "R04"],
  pages: ["U01", "U03", "U04", "U06", "U07"],
  errors: ["X01", "X03", "X04"],
};

const ID = /\b[A-Z]\d{2}\b/g;
/** What stands between the quotes of a test's name, of a case's label, or of a row's name. */
const NAME = /(?:\b(?:test|it|describe)(?:\.\w+(?:\([^"`]*?\))?)*\(\s*|\b(?:label|name):\s*)(["`])(.*?)\1/gs;

/** The names of tests in a file: of vitest's calls and of what they are given by tables, and of Rust's test functions. */
function testNames(path: string): string[] {
  const text = read(path);
  if (path.endsWith(".rs")) {
    // Ids stand first there (n03_n06_the_loss_…), so that the f32 of a name is none.
    const functions = [...text.matchAll(/#\[test\]\s*fn ((?:[a-z]\d{2}_)+)/g)];
    return functions.map((match) => match[1]!.toUpperCase().replaceAll("_", " "));
  }
  return [...text.matchAll(NAME)].map((match) => match[2]!);
}

const named = new Set(
  files()
    .filter((path) => isTest(path) || (path.startsWith("kernels-rs/src/") && path.endsWith(".rs")))
    .flatMap((path) => testNames(path).flatMap((name) => name.match(ID) ?? [])),
);

it.each(Object.entries(ids))("%s: every id stands in a test's name", (_, area) => {
  expect(area.filter((id) => !named.has(id))).toEqual([]);
});

it("no id in a test's name is missing here", () => {
  const listed = new Set(Object.values(ids).flat());
  expect([...named].filter((id) => !listed.has(id)).toSorted()).toEqual([]);
});
