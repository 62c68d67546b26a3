// Layers: errors with the layer's path, state in PyTorch's layout, memory of a training loop.

import { SGD } from "@lanewise/optim";
import {
  crossEntropy,
  init,
  manualSeed,
  memoryReport,
  noGrad,
  scope,
  sigmoid,
  type Tensor,
  tensor,
  zeros,
} from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { Flatten, Identity, Linear, Module, ReLU, Sequential, Sigmoid, type StateArray } from "./index.ts";
import type { SameRule } from "./rule.ts";

beforeAll(() => init({ threads: 2 }));

test("an error names the op, the layer's path and both shapes", () => {
  const layers: (Linear<number, number> | ReLU)[] = [new Linear(784, 16), new ReLU(), new Linear(8, 10)];
  const model = new Sequential(new Identity(), new Sequential(...layers));
  expect(() => scope(() => model.forward(zeros([2, 784])))).toThrow(
    "linear in layer 1 (Sequential).2 (Linear): an input of shape [2, 16] came, expected [..., 8] for a weight of shape [8, 10]",
  );
});

test("X01: images into a network of rows: the error names Flatten", () => {
  const model = new Sequential(new Linear(784, 10)) as Sequential<readonly Linear<number, number>[]>;
  expect(() => scope(() => model.forward(zeros([32, 28, 28])))).toThrow(
    /linear in layer 0 \(Linear\): an input of shape \[32, 28, 28\] came.*put a Flatten before it/,
  );
});

test("Flatten orders channels first, as PyTorch's NCHW networks expect", () => {
  // [1, 2, 1, 2] in NHWC holds h0: (c0, c1), h1: (c0, c1); channels first that is c0 h0, c0 h1, c1 h0, c1 h1.
  const values = scope(() => new Flatten().forward(tensor([1, 2, 3, 4], { shape: [1, 2, 1, 2] })).data());
  expect([...values]).toEqual([1, 3, 2, 4]);
  const kept = scope(() =>
    new Flatten({ order: "channels-last" }).forward(tensor([1, 2, 3, 4], { shape: [1, 2, 1, 2] })).data(),
  );
  expect([...kept]).toEqual([1, 2, 3, 4]);
});

test("a state dict has PyTorch's names and layout, and goes back in", () => {
  const model = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1, { bias: false }));
  const state = model.stateDict();
  expect([...state].map(([name, { shape }]) => [name, shape])).toEqual([
    ["0.weight", [3, 2]],
    ["0.bias", [3]],
    ["2.weight", [1, 3]],
  ]);
  // [out, in] of w[in, out]: w[0, 1] is the first of the second row.
  model.layers[0].weight.assign(Float32Array.of(1, 2, 3, 4, 5, 6));
  expect([...model.stateDict().get("0.weight")!.data]).toEqual([1, 4, 2, 5, 3, 6]);
  model.loadStateDict(state);
  expect(model.stateDict()).toEqual(state);
});

test("a state that does not fit names each entry, and changes nothing", () => {
  const model = new Sequential(new Linear(2, 3));
  const before = model.stateDict();
  const wrong = new Map([
    ["0.weight", { dtype: "f32" as const, shape: [2, 3], data: new Float32Array(6) }],
    ["0.biass", { dtype: "f32" as const, shape: [3], data: new Float32Array(3) }],
  ]);
  expect(() => model.loadStateDict(wrong)).toThrow(
    /missing: 0\.bias; unexpected: 0\.biass; 0\.weight: \[2, 3\] came, expected \[3, 2\]/,
  );
  expect(model.stateDict()).toEqual(before);
});

test("R04: one seed, one model; another seed, another model", () => {
  const weights = (seed: number): Float32Array => {
    manualSeed(seed);
    return new Linear(5, 7).weight.data();
  };
  expect(weights(1)).toEqual(weights(1));
  expect(weights(1)).not.toEqual(weights(2));
});

test("M01: live bytes and buffers are equal at step 10 and step 2,000", () => {
  manualSeed(1);
  const model = new Sequential(new Linear(20, 16), new ReLU(), new Linear(16, 4));
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const report = (): number[] => {
    const { liveBuffers, liveBytes, pooledBytes } = memoryReport();
    return [liveBuffers, liveBytes, pooledBytes];
  };
  const step = (): void =>
    scope(() => {
      const x = tensor(new Float32Array(8 * 20).fill(0.5), { shape: [8, 20] });
      const loss = crossEntropy(model.forward(x), tensor(Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3)));
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      noGrad(() => model.forward(x));
    });
  for (let count = 0; count < 10; count++) step();
  const early = report();
  for (let count = 10; count < 2000; count++) step();
  expect(report()).toEqual(early);
});

/** A layer that somebody derived from one of ours. */
class Doubled extends Linear<2, 2> {
  override forward(x: never): never {
    return (super.forward(x) as Tensor).mul(2) as never;
  }
}

/** A layer of somebody's own that is called as one of ours. */
class Hundredfold extends Module<SameRule> {
  readonly kind: string;
  constructor(kind: string) {
    super();
    this.kind = kind;
  }

  forward(x: never): never {
    return (x as Tensor).mul(100) as never;
  }
}

test("layers derived from ours, or called like them, run as they are written", () => {
  scope(() => {
    const doubled = new Doubled(2, 2);
    const x = tensor([[1, -2]]) as Tensor;
    const expected = sigmoid(doubled.forward(x as never) as Tensor).data();
    const model = new Sequential(doubled as Linear<2, 2>, new Sigmoid()) as unknown as Sequential<readonly Module[]>;
    expect(model.forward(x as never)).toSatisfy((y: Tensor) => String(y.data()) === String(expected));
    for (const kind of ["Tanh", "constructor", "GELU"]) {
      const linear = new Linear(2, 2);
      const own = new Sequential(linear, new Hundredfold(kind)) as unknown as Sequential<readonly Module[]>;
      const y = (own.forward(x as never) as Tensor).data();
      const apart = (linear.forward(x as never) as Tensor).data();
      expect([...y]).toEqual([...apart].map((value) => Math.fround(100 * value)));
    }
  });
});

test("X04: an array of a state whose elements are too few, or of another kind, is refused before anything changes", () => {
  const layer = new Linear(2, 2);
  const before = layer.stateDict();
  const state = (data: unknown) =>
    new Map([...before, ["weight", { dtype: "f32", shape: [2, 2], data } as StateArray]]);
  expect(() => layer.loadStateDict(state(Float32Array.of(1, 2)))).toThrow("weight: 2 elements came, expected 4");
  expect(() => layer.loadStateDict(state(Float64Array.of(1, 2, 3, 4)))).toThrow(
    "weight: a Float64Array came, expected a Float32Array",
  );
  expect(layer.stateDict()).toEqual(before);
});
