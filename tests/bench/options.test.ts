// The bench's command line: families first, then options; what is wrong is named.
import { expect, it } from "vitest";
import { readBenchOptions } from "./options.ts";

it("runs every family unless some are named", () => {
  const all = readBenchOptions([]);
  expect(all.families.map(({ name }) => name)).toEqual([
    "matmul",
    "mlp",
    "conv",
    "cifar",
    "pool",
    "denormals",
    "page-speed",
    "page-inference",
    "page-training",
  ]);
  expect(all).toMatchObject({ quick: false, profile: false });
  const some = readBenchOptions(["mlp", "pool", "--torch", "python3", "--json", "a.json", "--quick"]);
  expect(some.families.map(({ name }) => name)).toEqual(["mlp", "pool"]);
  expect(some).toMatchObject({ torch: "python3", json: "a.json", quick: true });
});

it("takes the first word of several families for all of them", () => {
  const { families } = readBenchOptions(["page", "--quick"]);
  expect(families.map(({ name }) => name)).toEqual(["page-speed", "page-inference", "page-training"]);
});

it("names the families where another word came", () => {
  expect(() => readBenchOptions(["lstm"])).toThrow(
    "no family is called 'lstm'; expected some of matmul, mlp, conv, cifar, pool",
  );
});
