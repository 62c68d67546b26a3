// Files of models: what the apps kept is opened, and says what it is; hostile cards are refused by what is wrong with them.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { init, noGrad, scope, type Tensor, tensor } from "@lanewise/tensor";
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

/** The first `count` pictures of an app's sample, as bytes, and their labels. */
async function sampleOf(app: string, count: number): Promise<{ pixels: Uint8Array; labels: number[] }> {
  const read = async (file: string) =>
    gunzipSync(await readFile(new URL(`../../../apps/${app}/sample/${file}.gz`, import.meta.url)));
  if (app === "mnist-mlp") {
    const [images, labels] = await Promise.all([read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte")]);
    return { pixels: images.subarray(16, 16 + count * 784), labels: [...labels.subarray(8, 8 + count)] };
  }
  // Records of a label and three planes.
  const records = await read("test_sample.bin");
  const record = (at: number) => records.subarray(at * 3073, (at + 1) * 3073);
  const all = Array.from({ length: count }, (_, at) => record(at));
  const pixels = all.flatMap((each) =>
    Array.from({ length: 3072 }, (_, at) => each[1 + (at % 3) * 1024 + Math.floor(at / 3)]!),
  );
  return { pixels: Uint8Array.from(pixels), labels: all.map((each) => each[0]!) };
}

// Told right of 10,000: 98.58 %, 91.14 % and 93.58 %; of 200 a few more may be wrong by chance, hardly as many as here.
test.each([
  { app: "mnist-mlp", file: "small-seed-1.pt", shape: [200, 784] as const, atLeast: 190 },
  { app: "cifar-cnn", file: "fast-seed-1.pt", shape: [200, 32, 32, 3] as const, atLeast: 165 },
  { app: "cifar-cnn", file: "full-seed-1.pt", shape: [200, 32, 32, 3] as const, atLeast: 170 },
])("$file of $app opens, and tells test images right", async ({ app, file, shape, atLeast }) => {
  const bytes = await readFile(new URL(`../../../apps/${app}/results/${file}`, import.meta.url));
  const { model, card } = openModel(bytes, file);
  expect(card.classes).toHaveLength(10);
  const { pixels, labels } = await sampleOf(app, 200);
  const { mean, std } = card.input.kind === "photo" ? card.input : { mean: [0], std: [1] };
  const x = Float32Array.from(pixels, (byte, at) => (byte / 255 - mean[at % mean.length]!) / std[at % std.length]!);
  const logits = scope(() =>
    noGrad(() => (model.forward(tensor(x).reshape(shape as never) as Tensor) as Tensor).data()),
  );
  const right = labels.filter((label, at) => {
    const row = logits.subarray(10 * at, 10 * at + 10);
    return row.indexOf(Math.max(...row)) === label;
  });
  expect(right.length).toBeGreaterThanOrEqual(atLeast);
});
