// The expected values that are kept are what PyTorch gives: their generators run again, on whichever PyTorch is here.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../architecture/sources.ts";
import { hasPython, python } from "./python.ts";

/** All numbers in a value of JSON, with the path to each. */
function numbers(value: unknown, path = ""): [path: string, value: number][] {
  if (typeof value === "number") return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) => numbers(inner, `${path}.${key}`));
}

describe.runIf(hasPython("torch", "that kept expected values are PyTorch's"))("kept values", () => {
  it.each(["packages/nn/fixtures/layers", "tests/runtimes/fixtures/training"])("%s", { timeout: 240_000 }, (name) => {
    const script = `import runpy, sys; sys.dont_write_bytecode = True; runpy.run_path("${name}.py", run_name="__main__")`;
    const again = new Map(numbers(JSON.parse(python(script, root))));
    const kept = numbers(JSON.parse(readFileSync(join(root, `${name}.json`), "utf8")));
    expect(kept.length).toBeGreaterThan(100);
    expect([...again.keys()]).toEqual(kept.map(([path]) => path));
    // f64 on both sides, written with nine digits; sums may run in another order.
    const off = kept.filter(([path, value]) => !(Math.abs(again.get(path)! - value) <= 1e-7 * (1 + Math.abs(value))));
    expect(off).toEqual([]);
  });
});
