// The tape, the losses, broadcasting and SGD against the real PyTorch, from the same weights and data.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedArrays, PlainArray } from "@lanewise/io";
import { loadArrays, saveArrays } from "@lanewise/io/node";
import { Linear, ReLU, Sequential, type StateArray, Tanh } from "@lanewise/nn";
import { SGD, type SGDOptions } from "@lanewise/optim";
import {
  add,
  crossEntropy,
  div,
  Generator,
  init,
  logSoftmax,
  maximum,
  minimum,
  mul,
  pow,
  type Shape,
  scope,
  softmax,
  sub,
  sum,
  type Tensor,
  tensor,
} from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const STEPS = 20;
const BATCH = 16;
const script = fileURLToPath(new URL("torch_training.py", import.meta.url));

/** As in torch_training.py. */
const settings: Record<string, SGDOptions> = {
  plain: { lr: 0.1 },
  momentum: { lr: 0.05, momentum: 0.9 },
  decay: { lr: 0.05, momentum: 0.9, weightDecay: 0.01 },
  nesterov: { lr: 0.05, momentum: 0.9, weightDecay: 0.01, nesterov: true },
  dampening: { lr: 0.1, momentum: 0.8, dampening: 0.3 },
};

/** The shapes of two sides for each kind of broadcasting. */
const pairs: Record<string, readonly [Shape, Shape]> = {
  vector: [[4, 5], [5]],
  column: [
    [4, 1],
    [4, 5],
  ],
  both: [
    [2, 1, 3, 1],
    [4, 1, 2],
  ],
  scalar: [[], [3, 2]],
};

const newModel = () => new Sequential(new Linear(12, 16), new ReLU(), new Linear(16, 8), new Tanh(), new Linear(8, 5));

/** Every array that both sides start from. */
function startingArrays(): NamedArrays {
  return scope(() => {
    const random = new Generator(3);
    const arrays: NamedArrays = new Map();
    const put = (name: string, x: Tensor): void => {
      arrays.set(name, { dtype: "f32", shape: x.shape, data: x.data() });
    };
    const integers = (name: string, count: number, classes: number): void => {
      const data = Int32Array.from(random.permutation(count), (index) => index % classes);
      arrays.set(name, { dtype: "i32", shape: [count], data });
    };
    for (const [name, array] of newModel().stateDict()) arrays.set(name, array);
    put("x", random.normal([4 * BATCH, 12]) as Tensor);
    integers("y", 4 * BATCH, 5);
    put("logits", random.normal([6, 7], 0, 3) as Tensor);
    integers("labels", 6, 7);
    put("weights", random.uniform([6], 0.5, 2) as Tensor);
    // Above 0 on both sides: powers and their gradients exist.
    for (const [name, [a, b]] of Object.entries(pairs)) {
      put(`${name}.a`, random.uniform(a, 0.5, 2) as Tensor);
      put(`${name}.b`, random.uniform(b, 0.5, 2) as Tensor);
    }
    return arrays;
  });
}

const floats = (array: PlainArray | undefined): Float32Array => {
  if (array?.dtype !== "f32") throw new Error(`an array of ${array?.dtype ?? "nothing"} came, expected f32`);
  return array.data;
};

/** Largest difference, relative to the largest number of what is expected. */
function expectClose(got: Float32Array, want: PlainArray | undefined, within = 1e-5): void {
  const expected = floats(want);
  expect(got.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  const worst = got.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
  expect(worst / largest).toBeLessThan(within);
}

describe.runIf(hasPython("numpy, torch", "training, losses and broadcasting against PyTorch"))("PyTorch", () => {
  const { folder, remove } = temporaryFolder();
  let start: NamedArrays;
  let torch: NamedArrays;

  beforeAll(async () => {
    await init({ threads: 2 });
    start = startingArrays();
    await saveArrays(join(folder, "start.npz"), start);
    python("import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')", folder, [
      script,
      "start.npz",
      "out.npz",
    ]);
    torch = await loadArrays(join(folder, "out.npz"));
  });
  afterAll(remove);

  const input = (name: string): Tensor => {
    const array = start.get(name)!;
    return tensor(floats(array), { shape: array.shape as Shape });
  };
  const labelsOf = (name: string): Tensor<[number], "i32"> =>
    tensor(start.get(name)!.data as Int32Array, { dtype: "i32" });

  test.each(Object.entries(settings))(
    "SGD, %s: 20 steps give the same losses, weights and buffers",
    (name, options) => {
      const model = newModel();
      const state = [...model.stateDict().keys()].map((key) => [key, start.get(key) as StateArray] as const);
      // The layout is PyTorch's [out, in]: its arrays go in as they are.
      expect(state.map(([key, { shape }]) => [key, shape]).slice(0, 2)).toEqual([
        ["0.weight", [16, 12]],
        ["0.bias", [16]],
      ]);
      model.loadStateDict(new Map(state));
      const optimizer = new SGD(model.parameters(), options);
      const losses = Float32Array.from({ length: STEPS }, (_, step) =>
        scope(() => {
          const from = (step % 4) * BATCH;
          const x = tensor(floats(start.get("x")).subarray(from * 12, (from + BATCH) * 12), { shape: [BATCH, 12] });
          const y = tensor((start.get("y")!.data as Int32Array).subarray(from, from + BATCH), { dtype: "i32" });
          const loss = crossEntropy(model.forward(x), y, { labelSmoothing: 0.1 });
          optimizer.zeroGrad();
          loss.backward();
          optimizer.step();
          return loss.item();
        }),
      );
      expectClose(losses, torch.get(`${name}.losses`));
      expect(losses[STEPS - 1]!).toBeLessThan(losses[0]!);
      for (const [key, array] of model.stateDict()) {
        expect(array.shape).toEqual(torch.get(`${name}.${key}`)!.shape);
        expectClose(floats(array), torch.get(`${name}.${key}`));
      }
      // Buffers lie as the parameters do: the biases', of one axis, can be compared as they are.
      const { arrays } = optimizer.state();
      for (const index of [1, 3, 5]) {
        const buffer = arrays.get(`${index}.momentumBuffer`);
        expect(buffer === undefined).toBe((options.momentum ?? 0) === 0);
        if (buffer !== undefined) expectClose(buffer.data, torch.get(`${name}.buffer.${index}`), 1e-4);
      }
      optimizer.zeroGrad();
    },
  );

  const reductions = ["mean", "sum", "none"] as const;
  test.each(reductions.flatMap((reduction) => [0, 0.1, 1].map((smoothing) => ({ reduction, smoothing }))))(
    "cross entropy, $reduction, label smoothing $smoothing: loss and gradient",
    ({ reduction, smoothing }) =>
      scope(() => {
        const logits = input("logits");
        logits.requiresGrad = true;
        const loss = crossEntropy(logits, labelsOf("labels"), { reduction, labelSmoothing: smoothing }) as Tensor;
        const total = reduction === "none" ? sum(mul(loss, input("weights"))) : loss;
        (total as Tensor).backward();
        expectClose(loss.data(), torch.get(`loss.${reduction}.${smoothing}`), 1e-6);
        expectClose(logits.grad!.data(), torch.get(`gradient.${reduction}.${smoothing}`), 1e-6);
        logits.zeroGrad();
      }),
  );

  test.each([
    ["softmax", softmax],
    ["logSoftmax", logSoftmax],
  ] as const)("%s: value and gradient", (name, f) =>
    scope(() => {
      const logits = input("logits");
      logits.requiresGrad = true;
      const value = f(logits) as Tensor;
      sum(mul(value, input("logits"))).backward();
      expectClose(value.data(), torch.get(`${name}.value`), 1e-6);
      expectClose(logits.grad!.data(), torch.get(`${name}.gradient`), 1e-6);
      logits.zeroGrad();
    }),
  );

  const ops = { add, sub, mul, div, pow, maximum, minimum } as Record<string, (a: Tensor, b: Tensor) => Tensor>;
  test.each(Object.keys(pairs).flatMap((pair) => Object.keys(ops).map((op) => ({ op, pair }))))(
    "A01 $op, broadcast ($pair): value and both gradients",
    ({ op, pair }) =>
      scope(() => {
        const [a, b] = [input(`${pair}.a`), input(`${pair}.b`)];
        a.requiresGrad = true;
        b.requiresGrad = true;
        const value = ops[op]!(a, b);
        expect(value.shape).toEqual(torch.get(`${op}.${pair}.value`)!.shape);
        (sum(mul(value, value)) as Tensor).backward();
        expectClose(value.data(), torch.get(`${op}.${pair}.value`), 1e-6);
        expect(a.grad!.shape).toEqual(torch.get(`${op}.${pair}.a`)!.shape);
        expectClose(a.grad!.data(), torch.get(`${op}.${pair}.a`), 1e-6);
        expectClose(b.grad!.data(), torch.get(`${op}.${pair}.b`), 1e-6);
        a.zeroGrad();
        b.zeroGrad();
      }),
  );
});
