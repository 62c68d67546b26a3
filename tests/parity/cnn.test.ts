// A small convolutional network, trained by PyTorch and by us from the same state dict and images.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedArrays } from "@lanewise/io";
import { loadArrays, saveArrays } from "@lanewise/io/node";
import {
  BatchNorm2d,
  Conv2d,
  crossEntropy,
  Flatten,
  GELU,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
  type StateArray,
  Tanh,
} from "@lanewise/nn";
import { SGD } from "@lanewise/optim";
import { Generator, init, manualSeed, noGrad, scope, tensor } from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const STEPS = 20;
const BATCH = 16;
const SIDE = 15;
const script = fileURLToPath(new URL("torch_cnn.py", import.meta.url));

/** As in torch_cnn.py. Pools and activations run inside the layers before them, here. */
const newModel = () =>
  new Sequential(
    new Conv2d(3, 8, 3, { padding: 1 }),
    new MaxPool2d(2),
    new BatchNorm2d(8),
    new GELU(),
    new Conv2d(8, 12, 3, { padding: "same", bias: false }),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(12, 12, [3, 2], { stride: 2, padding: [0, 1], groups: 3 }),
    new Tanh(),
    new Flatten(),
    new Linear(12 * 1 * 2, 5),
  );

const floats = (arrays: NamedArrays, name: string): Float32Array => {
  const array = arrays.get(name);
  if (array?.dtype !== "f32") throw new Error(`${name}: ${array?.dtype ?? "nothing"} came, expected f32`);
  return array.data;
};

describe.runIf(hasPython("numpy, torch", "a convolutional network against PyTorch"))("PyTorch", () => {
  const { folder, remove } = temporaryFolder();
  let torch: NamedArrays;
  let model: ReturnType<typeof newModel>;
  let images: Float32Array<ArrayBuffer>;
  let labels: Int32Array<ArrayBuffer>;

  beforeAll(async () => {
    await init({ threads: 2 });
    manualSeed(5);
    model = newModel();
    // Of this seed no two in a pool's window come within rounding of each other; where they do, either may win.
    const random = new Generator(7);
    images = scope(() => random.normal([4 * BATCH, SIDE, SIDE, 3]).data());
    labels = Int32Array.from(random.permutation(4 * BATCH), (index) => index % 5);
    const start: NamedArrays = new Map();
    for (const [name, array] of model.stateDict()) if (array.dtype === "f32") start.set(name, array);
    for (const name of ["2.num_batches_tracked"]) start.set(name, { dtype: "i32", shape: [], data: Int32Array.of(0) });
    start.set("x", { dtype: "f32", shape: [4 * BATCH, SIDE, SIDE, 3], data: images });
    start.set("y", { dtype: "i32", shape: [4 * BATCH], data: labels });
    await saveArrays(join(folder, "start.npz"), start);
    const run = "import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')";
    python(run, folder, [script, "start.npz", "out.npz"]);
    torch = await loadArrays(join(folder, "out.npz"));
  });
  afterAll(remove);

  /** Largest difference, relative to the largest number of what is expected. */
  function expectClose(got: Float32Array, name: string, within: number): void {
    const expected = floats(torch, name);
    expect(got.length).toBe(expected.length);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    const worst = got.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
    expect(worst / largest, name).toBeLessThan(within);
  }

  test("B06: 20 steps give the same losses, weights, statistics and predictions", () => {
    const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 1e-3 });
    const size = BATCH * SIDE * SIDE * 3;
    const losses = Float32Array.from({ length: STEPS }, (_, step) =>
      scope(() => {
        const part = step % 4;
        const x = tensor(images.slice(part * size, (part + 1) * size), { shape: [BATCH, SIDE, SIDE, 3] });
        const y = tensor(labels.slice(part * BATCH, (part + 1) * BATCH));
        const loss = crossEntropy(model.forward(x), y, { labelSmoothing: 0.1 });
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        return loss.item();
      }),
    );
    expectClose(losses, "losses", 1e-5);
    expect(losses[STEPS - 1]!).toBeLessThan(losses[0]!);
    for (const [name, { dtype, shape, data }] of model.stateDict() as Map<string, StateArray>) {
      if (dtype !== "f32") continue;
      expect(shape).toEqual(torch.get(name)!.shape);
      expectClose(data, name, 1e-5);
    }
    model.eval();
    const logits = scope(() =>
      noGrad(() => model.forward(tensor(images, { shape: [4 * BATCH, SIDE, SIDE, 3] })).data()),
    );
    expectClose(logits, "logits", 1e-5);
    optimizer.zeroGrad();
  });
});
