// Conv2d: state in PyTorch's layout, errors with the layer's path, memory of a training loop.

import { SGD } from "@lanewise/optim";
import {
  conv2d,
  crossEntropy,
  init,
  manualSeed,
  maxPool2d,
  memoryReport,
  noGrad,
  relu,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "./index.ts";

beforeAll(() => init({ threads: 2 }));

test("a state dict is [out, in / groups, KH, KW], and goes back in", () => {
  const layer = new Conv2d(4, 2, [1, 3], { groups: 2 });
  expect([...layer.stateDict()].map(([name, { shape }]) => [name, shape])).toEqual([
    ["weight", [2, 2, 1, 3]],
    ["bias", [2]],
  ]);
  // [KH, KW, in, out] holds 0, 1 at the first cell's first channel: filter 1 begins with 1 and goes on in steps of 2 · 2.
  layer.weight.assign(Float32Array.from({ length: 12 }, (_, at) => at));
  const state = layer.stateDict();
  expect([...state.get("weight")!.data]).toEqual([0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11]);
  layer.weight.assign(new Float32Array(12));
  layer.loadStateDict(state);
  expect([...layer.weight.data()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([...new Conv2d(4, 2, 3, { bias: false }).stateDict().keys()]).toEqual(["weight"]);
});

test("R04: weights and bias begin within ±1/√(in / groups · KH · KW), from the seed", () => {
  const weights = (seed: number): Float32Array => {
    manualSeed(seed);
    return new Conv2d(8, 32, [3, 5], { groups: 2 }).weight.data();
  };
  expect(weights(1)).toEqual(weights(1));
  expect(weights(1)).not.toEqual(weights(2));
  const bound = 1 / Math.sqrt(4 * 15);
  const largest = Math.max(...weights(1).map(Math.abs));
  expect(largest).toBeLessThanOrEqual(Math.fround(bound));
  // The largest of 1,920 uniform numbers is within half a percent of the bound, but for once in 10,000 seeds.
  expect(largest).toBeGreaterThan(0.995 * bound);
});

test("C12: a kernel larger than the image: the error names layer and numbers", () => {
  const model = new Sequential(new Conv2d(1, 2, 3, { padding: 1 }), new ReLU(), new Conv2d(2, 2, 10));
  expect(() => scope(() => model.forward(zeros([1, 4, 4, 1])))).toThrow(
    "conv2d in layer 2 (Conv2d): an input of shape [1, 4, 4, 2] came: a kernel of 10 x 10 does not fit on 4 x 4",
  );
});

test("C13: what no image could make right is refused when the layer is built", () => {
  expect(() => new Conv2d(1, 1, 2 ** 31)).toThrow(/Conv2d: kernelSize 2147483648 came/);
  expect(() => new Conv2d(64, 64, 2 ** 11)).toThrow(/Conv2d: kernelSize 2048 x 2048 came/);
  expect(() => new Conv2d(1, 1, 0)).toThrow(/Conv2d: kernelSize 0 came, expected a whole number from 1/);
  expect(() => new Conv2d(1, 1, 3, { stride: 0 })).toThrow(/Conv2d: stride 0 came, expected a whole number from 1/);
  expect(() => new Conv2d(1, 1, 3, { dilation: [1, 0.5] })).toThrow(/Conv2d: dilation \[1,0\.5\] came/);
  expect(() => new Conv2d(1, 1, 3, { padding: -1 })).toThrow(/Conv2d: padding -1 came, expected a whole number from 0/);
  expect(() => new Conv2d(4, 6, 3, { groups: 4 })).toThrow(
    /Conv2d: outChannels 6 came, expected a multiple of the groups, 4/,
  );
});

test("C03: 'same' with a stride: the error names 'same-tf'", () => {
  expect(() => new Conv2d(1, 1, 3, { padding: "same", stride: 2 })).toThrow(
    /Conv2d: padding "same" came with stride \[2, 2\].*needs stride 1\. "same-tf" is TensorFlow's rule/,
  );
});

test("a convolution and its activation are one kernel: the same result as apart", () =>
  scope(() => {
    const layer = new Conv2d(3, 5, 3, { stride: 2 });
    const x = tensor(
      Float32Array.from({ length: 2 * 7 * 7 * 3 }, (_, at) => Math.sin(at)),
      { shape: [2, 7, 7, 3] },
    );
    const fused = new Sequential(layer, new ReLU()).forward(x) as Tensor;
    const apart = relu(conv2d(x, layer.weight as Tensor<[3, 3, 3, 5]>, layer.bias, { stride: 2 }) as Tensor);
    expect(fused.cell.op).toBe("conv2d");
    expect(fused.data()).toEqual(apart.data());
  }));

test.each([1, 3])("a convolution, ReLU and a halving max-pool are one step, from %i channels: as apart", (channels) =>
  scope(() => {
    const values = Float32Array.from({ length: 2 * 9 * 9 * channels }, (_, at) => Math.sin(at * at));
    const x = tensor(values, { shape: [2, 9, 9, channels] });
    const layer = new Conv2d(channels, 8, 3, { padding: 1 });
    const fused = new Sequential(layer, new ReLU(), new MaxPool2d(2)).forward(x) as Tensor;
    const apart = maxPool2d(relu(layer.forward(x as never) as Tensor) as Tensor, 2);
    expect(fused.shape).toEqual([2, 4, 4, 8]);
    const expected = apart.data();
    for (const [at, value] of fused.data().entries()) expect(value).toBeCloseTo(expected[at]!, 5);
  }),
);

test.each([{ stride: 1 }, { padding: 1 }, { ceilMode: true }])("a pool with %o keeps its own step", (options) =>
  scope(() => {
    const model = new Sequential(new Conv2d(2, 3, 3), new MaxPool2d(2, options));
    expect((model.forward(zeros([1, 7, 7, 2])) as Tensor).cell.op).toBe("maxPool2d");
  }),
);

test("M01: a small convolutional network: live bytes are equal at step 2 and step 60", () => {
  manualSeed(1);
  const model = new Sequential(
    new Conv2d(3, 8, 3, { padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(8, 8, 3, { padding: 1 }),
    new MaxPool2d(2),
    new Conv2d(8, 4, 3, { stride: 2, padding: 1, bias: false }),
    new Flatten(),
    new Linear(4, 4),
  );
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const report = (): number[] => {
    const { liveBuffers, liveBytes, pooledBytes } = memoryReport();
    return [liveBuffers, liveBytes, pooledBytes];
  };
  const step = (): void =>
    scope(() => {
      const x = tensor(new Float32Array(4 * 8 * 8 * 3).fill(0.5), { shape: [4, 8, 8, 3] });
      const loss = crossEntropy(model.forward(x), tensor(Int32Array.of(0, 1, 2, 3)));
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      noGrad(() => model.forward(x));
    });
  step();
  step();
  const early = report();
  for (let count = 2; count < 60; count++) step();
  expect(report()).toEqual(early);
});
