// Networks recognized in arrays of files: the page's own, the MNIST program's, and what is refused, in words.
import { init, manualSeed, type Tensor, tensor } from "lanewise";
import type { NamedArrays, PlainArray } from "lanewise/io";
import { beforeAll, expect, test } from "vitest";
import { buildNetwork, recognizeNetwork } from "./network.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

const arraysOf = (...shape: Parameters<typeof buildNetwork>): Map<string, PlainArray> => {
  manualSeed(3);
  return new Map<string, PlainArray>(buildNetwork(...shape).stateDict());
};
const float = (shape: readonly number[], data: readonly number[]): PlainArray => ({
  dtype: "f32",
  shape,
  data: Float32Array.from(data),
});
const filled = (...shape: number[]): PlainArray =>
  float(shape, new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0.5));

test.each([
  { network: "mlp", widths: [] },
  { network: "mlp", widths: [5, 4, 3] },
  { network: "cnn", widths: [2, 3] },
] as const)("its own $network of $widths", (shape) => {
  const arrays = arraysOf(shape);
  const found = recognizeNetwork(arrays, "digits.npz");
  expect(found).toMatchObject(shape);
  const again = buildNetwork(found);
  again.loadStateDict(found.state);
  expect(again.stateDict()).toEqual(arrays);
});

test("the MNIST program's weights lie the other way", () => {
  // One input that counts, pixel 2: 7 to the first hidden unit, -5 to the second; output k is k + 1 times the first.
  const first = new Array<number>(784 * 2).fill(0);
  [first[4], first[5]] = [7, -5];
  const second = Array.from({ length: 20 }, (_, at) => (at < 10 ? at + 1 : 1000));
  const config = new TextEncoder().encode(JSON.stringify({ activation: "relu", divisor: 255 }));
  const arrays: NamedArrays = new Map([
    ["W1", float([784, 2], first)],
    ["b1", float([2], [0, 0])],
    ["W2", float([2, 10], second)],
    ["b2", float([10], new Array<number>(10).fill(0.25))],
    ["config", { dtype: "u8", shape: [config.length], data: config }],
  ]);
  const found = recognizeNetwork(arrays, "p1_model.npz");
  expect(found).toMatchObject({ network: "mlp", widths: [2] });
  const network = buildNetwork(found);
  network.loadStateDict(found.state);
  const x = tensor(
    Float32Array.from({ length: 784 }, (_, at) => (at === 2 ? 1 : 0)),
    { shape: [1, 784] },
  );
  // relu(7) (k + 1) + relu(-5) 1000 + 0.25
  const expected = Array.from({ length: 10 }, (_, k) => 7 * (k + 1) + 0.25);
  expect([...(network.forward(x as unknown as Tensor) as Tensor).data()]).toEqual(expected);
});

const config = (text: string): PlainArray => {
  const data = new TextEncoder().encode(text);
  return { dtype: "u8", shape: [data.length], data };
};

test.each([
  [[], "a.npz holds nothing. Expected a network of this page"],
  [[["x", filled(2)]], "a.npz holds x. Expected"],
  [[["0.weight", filled(4, 783)]], "a.npz: 0.weight has shape [4, 783], expected [outputs, 784]."],
  [[["0.weight", filled(9, 784)]], "a.npz: its last layer has 9 outputs, expected 10"],
  [
    [
      ["0.weight", filled(4, 784)],
      ["3.weight", filled(10, 4)],
    ],
    "a.npz: an MLP's weights are 0, 2, 4, …; 2.weight is missing.",
  ],
  [
    [["0.weight", filled(4, 3, 3, 3)]],
    "a.npz: its convolutions have filters [4, 3, 3, 3] and [], expected [a, 1, 3, 3] and [b, a, 3, 3]",
  ],
  [[["0.weight", { dtype: "i32", shape: [1], data: Int32Array.of(1) }]], "a.npz: 0.weight holds i32, expected"],
  [[["0.weight", float([1], [Number.NaN])]], "a.npz: 0.weight holds NaN or infinity"],
  [
    [
      ["W1", filled(784, 10)],
      ["config", config('{"activation": "tanh"}')],
    ],
    "a.npz: its network has tanh and pixels over 255; this page knows ReLU and 255 only.",
  ],
  [[["W1", filled(784, 10)]], "a.npz: b1 is missing."],
] as [[string, PlainArray][], string][])("%#: what is none is refused in words", (arrays, words) => {
  expect(() => recognizeNetwork(new Map(arrays), "a.npz")).toThrow(words);
});
