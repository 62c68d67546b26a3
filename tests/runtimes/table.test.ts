// The table of runtimes: ops, layers, training, optimizers, seeds and files in every cell; strict ones equal to the bit.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closeBrowsers, installedBrowsers, missingBrowsers } from "./browser.ts";
import { type CellResult, COLUMNS } from "./everywhere/cell.ts";
import { startCells } from "./table/cells.ts";
import { problems, type Row, tableText } from "./table/text.ts";

/** Where `npm test` finds the table that it prints at its end. */
const file = fileURLToPath(new URL("../../out/tests/runtimes.txt", import.meta.url));

const cells = startCells(installedBrowsers);
const reference = cells[0]!.result;

afterAll(async () => {
  await closeBrowsers();
  const rows: Row[] = [];
  for (const { name, strict, result } of cells)
    rows.push({ name, strict, result: await result.catch((error: Error) => error) });
  const first = rows[0]!.result;
  const text =
    first instanceof Error
      ? `${rows[0]!.name}: ${first.message}`
      : tableText(
          rows,
          first,
          missingBrowsers.map((browser) => `pages in ${browser}, which is not installed here`),
        );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
  console.log("The table: out/tests/runtimes.txt");
});

const timeout = 300_000;

it.runIf(process.env.CI)("in CI, every browser is installed", () => {
  expect(missingBrowsers).toEqual([]);
});

describe("W07 W10 W13 R04", () => {
  it.each(cells)("$name", { timeout }, async ({ name, strict, ...cell }) => {
    const result = await cell.result;
    expect(problems({ name, strict, result }, await reference)).toEqual([]);
    const { binary, threads, turbo } = result;
    expect({ strict: binary === "strict", threads, turbo }).toEqual({
      strict,
      threads: cell.threads,
      turbo: cell.turbo,
    });
  });
});

/** Trained numbers differ between the binaries by what rounding makes of 200 steps. */
it("the fast binary: the optimizers and the coursework's network as in strict mode, within a tolerance", {
  timeout,
}, async () => {
  const { columns } = await reference;
  for (const { strict, result } of cells) {
    if (strict) continue;
    for (const column of ["optim", "p1"] as const) compare((await result).columns[column], columns[column]);
  }
});

function compare(got: CellResult["columns"]["ops"], expected: CellResult["columns"]["ops"]): void {
  expect(Object.keys(got.samples)).toEqual(Object.keys(expected.samples));
  for (const [name, values] of Object.entries(expected.samples)) {
    const largest = Math.max(...values.map(Math.abs));
    for (const [at, value] of values.entries())
      expect(Math.abs(got.samples[name]![at]! - value), name).toBeLessThan(1e-3 * largest);
  }
}

it("the fast binary, too, does not depend on the number of threads", { timeout }, async () => {
  const [one, three] = cells.filter(({ name }) => /^Node, fast, (1 thread|3 threads)$/.test(name));
  const [a, b] = await Promise.all([one!.result, three!.result]);
  for (const column of COLUMNS) expect([column, b.columns[column].parts]).toEqual([column, a.columns[column].parts]);
});
