// Files of models: what the apps kept is opened, and says what it is; hostile cards are refused by what is wrong with them.
import { readFile } from "node:fs/promises";
import { init, noGrad, scope, softmax, type Tensor, tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { type ModelCard, mlp, modelCard, openModel, writeModel } from "./index.ts";

beforeAll(() => init());

const card: ModelCard = {
  network: { kind: "mlp", sizes: [2, 3, 2] },
  input: { kind: "digit", side: 2, box: 1 },
  classes: ["no", "yes"],
  about: "",
};

test("a model comes back from its file, its weights rounded to 16 bits", () => {
  const model = mlp([2, 3, 2]);
  const opened = openModel(writeModel(new Map(model.stateDict()), card), "net.pt");
  expect(opened.card).toEqual(card);
  expect(opened.model.training).toBe(false);
  for (const [name, { data }] of opened.model.stateDict()) {
    const before = model.stateDict().get(name)!.data as Float32Array;
    // Half precision keeps 11 bits.
    for (const [at, value] of (data as Float32Array).entries()) {
      expect(Math.abs(value - before[at]!)).toBeLessThanOrEqual(Math.abs(before[at]!) * 2 ** -11);
    }
  }
});

test.each([
  { what: "no card", metadata: null, message: "does not say what network" },
  { what: "a network of no kind", metadata: { ...card, network: { kind: "lstm" } }, message: '{"kind":"lstm"}' },
  {
    what: "widths beyond all bounds",
    metadata: { ...card, network: { kind: "mlp", sizes: [1e9, 10] } },
    message: "expected an mlp",
  },
  { what: "an input that is none", metadata: { ...card, input: { kind: "digit" } }, message: "its input is" },
  { what: "classes without names", metadata: { ...card, classes: [1] }, message: "its classes are [1]" },
])("$what is refused", ({ metadata, message }) => {
  expect(() => modelCard(metadata as never, "net.pt")).toThrow(message);
});

test.each([
  { app: "mnist-mlp", file: "small-seed-1.pt", shape: [1, 784] as const },
  { app: "cifar-cnn", file: "fast-seed-1.pt", shape: [1, 32, 32, 3] as const },
])("what $app kept opens, and tells one of ten", async ({ app, file, shape }) => {
  const bytes = await readFile(new URL(`../../../apps/${app}/results/${file}`, import.meta.url));
  const { model, card } = openModel(bytes, file);
  expect(card.classes).toHaveLength(10);
  scope(() => {
    const x = tensor(
      new Float32Array((shape as readonly number[]).reduce((product, size) => product * size, 1)),
    ).reshape(shape as never);
    const chances = noGrad(() => softmax(model.forward(x as Tensor) as Tensor).data());
    expect(chances.reduce((sum, each) => sum + each)).toBeCloseTo(1, 5);
  });
});
