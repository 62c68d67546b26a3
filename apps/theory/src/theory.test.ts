// The whole program: what it prints and writes, one problem alone, JSON, mistakes by name, and a PDF within its margins.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "lanewise-theory-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = fileURLToPath(new URL("./theory.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, program, ...args], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return { status, stdout, stderr };
}

const hasPoppler = spawnSync("pdftotext", ["-v"]).error === undefined;

function pdftotext(path: string, ...options: string[]): string {
  return spawnSync("pdftotext", [...options, path, "-"], { encoding: "utf8", maxBuffer: 2 ** 26 }).stdout;
}

test("all four problems: tables, theory.json and theory.pdf", { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = run();
  expect([status, stderr]).toEqual([0, ""]);
  for (const part of [
    "Problem 1: Gradient descent on GELU",
    "Problem 2: Logic gates as smallest networks",
    "Problem 3: Back-propagation through a two-layer network",
    "Problem 4: Convolution by hand",
    // The minimum of x σ(1.702x) by mpmath: −(1 + W(1/e)) / 1.702.
    "−0.751154255441",
    "reads as 0 for both",
    "THESE NUMBERS ARE THE PROGRAM'S OWN",
    "out/theory: theory.json, theory.pdf",
  ]) {
    expect(stdout.replaceAll("\n", " ")).toContain(part);
  }
  const out = join(folder, "out", "theory");
  expect(readdirSync(out).toSorted()).toEqual(["theory.json", "theory.pdf"]);
  expect(readFileSync(join(out, "theory.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
  const json = JSON.parse(readFileSync(join(out, "theory.json"), "utf8"));
  expect(Object.keys(json)).toEqual(["problem1", "problem2", "problem3", "problem4"]);
  expect(json.problem1.a.steps[1].x).toBeCloseTo(-0.05, 15);
  expect(json.problem2.solutions.map(({ units }: { units: number }) => units)).toEqual([1, 1, 1, 3, 3]);
  expect(json.problem2.solutions.every(({ right }: { right: boolean }) => right)).toBe(true);

  if (!hasPoppler) return;
  const text = pdftotext(join(out, "theory.pdf"), "-layout");
  for (const part of [
    "The derivative",
    "One hidden unit does not help",
    "From the loss to f",
    "The answer",
    "equals it",
  ]) {
    expect(text).toContain(part);
  }
  // A4 is 595 points wide; the margins are 28 mm, 79 points. A word or two may hang over by its punctuation.
  const boxes = [...pdftotext(join(out, "theory.pdf"), "-bbox").matchAll(/<word xMin="([\d.]+)" .*?xMax="([\d.]+)"/g)];
  expect(boxes.length).toBeGreaterThan(2000);
  for (const [, left, right] of boxes) {
    expect(Number(left)).toBeGreaterThan(76);
    expect(Number(right)).toBeLessThan(595 - 76);
  }
});

test("one problem alone, as JSON and nothing else", { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = run(
    "--problem",
    "3",
    "--json",
    "--without-report",
    "--out",
    "three",
    "--trials",
    "1",
  );
  expect([status, stderr]).toEqual([0, "three: theory.json\n"]);
  expect(Object.keys(JSON.parse(stdout))).toEqual(["problem3"]);
  expect(readFileSync(join(folder, "three", "theory.json"), "utf8")).toBe(stdout);
});

test("other numbers: a start, gates, sizes, a file", { timeout: 120_000 }, () => {
  const maps = join(folder, "maps.json");
  writeFileSync(maps, JSON.stringify({ featureMap: [[1, 2, 3]], filters: [[[1, 1, 1]], [[1]]], pool: 1 }));
  const numbers = [
    "--plateau-start",
    "1",
    "--gates",
    "implies=1101",
    "--classes",
    "3",
    "--maps",
    maps,
    "--out",
    "other",
  ];
  const { status, stdout } = run(...numbers, "--compare-at", "10");
  expect(status).toBe(0);
  expect(stdout).toContain("IMPLIES: 1 layer, 1 neuron");
  // 0 + 1 + 2, 1 + 2 + 3, 2 + 3 + 0.
  expect(stdout).toMatch(/the new map.*\n {2}3 {2}6 {2}5\n/);
  expect(readdirSync(join(folder, "other")).toSorted()).toEqual(["theory.json", "theory.pdf"]);
});

test("a folder that another run holds is refused before anything is answered", { timeout: 60_000 }, () => {
  const out = join(folder, "held");
  mkdirSync(out);
  const note = { program: "theory", pid: process.pid, host: hostname(), began: null, since: "2026-01-01" };
  writeFileSync(join(out, ".in-use.json"), JSON.stringify(note));
  const { status, stdout, stderr } = run("--out", out);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`${out} is in use by a run of theory (process ${process.pid}, since 2026-01-01)`);
});

describe("mistakes are named, before anything is answered", () => {
  const ragged = join(folder, "ragged.json");
  writeFileSync(ragged, JSON.stringify({ featureMap: [[1, 2], [3]], filters: [[[1]], [[1]]] }));
  const large = join(folder, "large.json");
  const featureMap = Array.from({ length: 20 }, () => Array(20).fill(1));
  writeFileSync(large, JSON.stringify({ featureMap, filters: [[[1]], [[1]]], pool: 16 }));
  test.each([
    [["--rate", "NaN"], 2, /--rate <number>: 'NaN' came; expected a number above 0/],
    [["--pool-stride", "0"], 2, /--pool-stride <n>: '0' came; expected a whole number at least 1/],
    [["--maps", ragged], 1, /ragged\.json: featureMap, row 2 has 1 numbers, expected 2 as in row 1/],
    [["--problem", "5"], 2, /--problem: '5' came; expected some of 1, 2, 3, 4/],
    [["--gates", "nope"], 2, /--gates: 'nope' came/],
    [
      ["--channels", "3,400", "--maps", large],
      1,
      /--channels is 400, .* 16×16 cells as pool says; expected at most 181/,
    ],
    [["--cell", "7,7"], 1, /cell is \[7,7\], expected a row from 0 to 3/],
  ])("%s", { timeout: 60_000 }, (args, code, message) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([code, ""]);
    expect(stderr).toMatch(message);
  });
});
