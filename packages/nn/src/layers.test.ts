// Every layer's cases against PyTorch, in the binary that this process runs; and every layer has one.

import { init } from "@lanewise/tensor";
import { checkLayer } from "@lanewise/testing";
import { beforeAll, expect, test } from "vitest";
import expected from "../fixtures/layers.json" with { type: "json" };
import * as nn from "./index.ts";
import { layerCases } from "./layers.cases.ts";

beforeAll(() => init({ threads: 2 }));

for (const layerCase of layerCases) test(layerCase.label, () => void checkLayer(layerCase));

test("every layer has a case, and every value that is kept belongs to one", () => {
  const layers = Object.entries(nn).flatMap(([name, value]) =>
    typeof value === "function" && value.prototype instanceof nn.Module ? [name] : [],
  );
  expect(layers.length).toBeGreaterThan(15);
  const covered = new Set(layerCases.map(({ label }) => label.split(",")[0]));
  expect(layers.filter((name) => !covered.has(name))).toEqual([]);
  expect(layerCases.map(({ label }) => label)).toEqual(Object.keys(expected));
});
