// Completeness: every op has cases, every file of cases is in the list that the runtimes go through.
import { definedOps } from "@lanewise/tensor";
import { opCases } from "@lanewise/tensor/op-cases";
import { expect, it } from "vitest";
import { files, read } from "./sources.ts";

it("every op that is defined has a case", () => {
  const covered = new Set(opCases.map(({ op }) => op));
  expect([...definedOps.keys()].filter((op) => !covered.has(op))).toEqual([]);
});

it("every file of cases is listed", () => {
  const list = read("packages/tensor/src/ops/index.cases.ts");
  const cases = files().filter((path) => /ops\/(?!index)[a-z-]+\.cases\.ts$/.test(path));
  expect(cases.length).toBeGreaterThan(3);
  expect(cases.filter((path) => !list.includes(`./${path.split("/").at(-1)}`))).toEqual([]);
});
