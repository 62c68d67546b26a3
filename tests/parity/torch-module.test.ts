// Generated modules in the real PyTorch: it loads our state with weights_only and computes what we compute, and back.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTorchState, torchModule, torchState } from "@lanewise/interop";
import type { PlainArray } from "@lanewise/io";
import { loadArrays, saveArrays, saveState, writeAside } from "@lanewise/io/node";
import {
  AdaptiveAvgPool2d,
  AdaptiveMaxPool2d,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Flatten,
  GELU,
  Identity,
  Linear,
  MaxPool2d,
  type Module,
  ReflectionPad2d,
  ReLU,
  Scale,
  Sequential,
  Sigmoid,
  Softmax,
  Tanh,
  ZeroPad2d,
} from "@lanewise/nn";
import { init, manualSeed, noGrad, randn, type Shape, scope, type Tensor } from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const script = readFileSync(fileURLToPath(new URL("torch_module.py", import.meta.url)), "utf8");
const WIDEN = `
m = torch.nn.Sequential(torch.nn.Linear(3, 2))
m.load_state_dict(torch.load("half.pt", weights_only=True))
print(m[0].weight.dtype)
`;
const sequence = (...layers: Module[]): Sequential<readonly Module[]> =>
  new Sequential(...(layers as readonly Module[]));

interface Network {
  name: string;
  input: Shape;
  make: () => Sequential<readonly Module[]>;
}

const networks: Network[] = [
  {
    name: "rows, every activation",
    input: [5, 6],
    make: () =>
      sequence(
        new Linear(6, 8),
        new ReLU(),
        new BatchNorm1d(8, { momentum: null }),
        new Linear(8, 8, { bias: false }),
        new Tanh(),
        new Linear(8, 7),
        new GELU(),
        new Identity(),
        new Linear(7, 4),
        new Sigmoid(),
        new Scale(1 / 9),
        new Softmax(),
      ),
  },
  {
    name: "images of one channel to rows",
    input: [3, 7, 5, 1],
    make: () => sequence(new Flatten(), new Linear(35, 4)),
  },
  {
    name: "convolutions, normalized, flattened as PyTorch flattens",
    input: [3, 9, 8, 3],
    make: () =>
      sequence(
        new Conv2d(3, 6, 2),
        new GELU(),
        new Conv2d(6, 8, 3, { padding: 1, bias: false }),
        new BatchNorm2d(8, { momentum: 0.4, eps: 1e-12 }),
        new GELU(),
        new Conv2d(8, 4, [3, 2], { stride: [2, 1], padding: [0, 1], dilation: [1, 2], groups: 2 }),
        new BatchNorm2d(4, { affine: false }),
        new Softmax(),
        new Flatten(),
        new Linear(3 * 7 * 4, 5, { bias: false }),
        new Scale(1 / 9),
      ),
  },
  {
    name: "paddings by name and by side, nested, flattened as it lies",
    input: [2, 8, 7, 2],
    make: () =>
      sequence(
        sequence(new Conv2d(2, 4, [4, 3], { padding: "same" }), new ReLU()),
        new Conv2d(4, 4, 3, { padding: "same-tf", stride: [2, 3] }),
        sequence(new Conv2d(4, 4, 2, { padding: { top: 0, bottom: 1, left: 2, right: 0 }, groups: 4 })),
        new Conv2d(4, 3, 1, { padding: "valid" }),
        new Flatten({ order: "channels-last" }),
        new Linear(4 * 4 * 3, 2),
      ),
  },
  {
    name: "pooling and padding",
    input: [2, 13, 12, 3],
    make: () =>
      sequence(
        new MaxPool2d([2, 3], { stride: [1, 2], padding: 1, dilation: [2, 1], ceilMode: true }),
        new ZeroPad2d([1, 0, 2, 3]),
        new AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false, ceilMode: true }),
        new ReflectionPad2d({ top: 1, bottom: 0, left: 2, right: 1 }),
        new AvgPool2d(2, { stride: 1, divisorOverride: 3 }),
        new MaxPool2d(2),
        new AdaptiveMaxPool2d([3, 2]),
        new Conv2d(3, 4, 1),
        new AdaptiveAvgPool2d(2),
        new Flatten(),
        new Linear(16, 3),
      ),
  },
  { name: "images to images", input: [2, 4, 4, 2], make: () => sequence(new Conv2d(2, 3, 3), new Tanh()) },
];

describe.runIf(hasPython("torch", "generated modules in PyTorch"))("PyTorch", () => {
  const { folder, remove } = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  afterAll(remove);

  const run = (model: Module, x: Tensor): Tensor => noGrad(() => model.forward(x as never) as Tensor);
  const plain = (tensor: Tensor): PlainArray => ({ dtype: "f32", shape: tensor.shape, data: tensor.data() });
  const prepared: { model: Module; x: Tensor }[] = [];
  let printed: string[];

  /** A trained network with a fixed parameter, its files under `name`. */
  async function prepare({ input, make }: Network, name: string): Promise<{ model: Module; x: Tensor }> {
    const model = make();
    // A training pass moves the running statistics away from where they begin.
    scope(() => void run(model, randn(input)));
    model.eval();
    for (const parameter of model.parameters().slice(0, 1)) parameter.requiresGrad = false;
    const x = randn(input);
    await saveArrays(path(`${name}-ours.npz`), new Map(Object.entries({ x: plain(x), y: plain(run(model, x)) })));
    await saveState(path(`${name}.pkl`), new Map(model.stateDict()));
    await writeAside(path(`${name}.py`), torchModule(model, { className: "Net" }));
    return { model, x };
  }

  beforeAll(async () => {
    await init();
    manualSeed(3);
    for (const [i, network] of networks.entries()) prepared.push(await prepare(network, String(i)));
    const half = torchState(sequence(new Linear(3, 2)), { floats: "f16" });
    writeFileSync(path("half.pt"), half);
    const names = networks.map((_, i) => String(i));
    printed = python(script + WIDEN, folder, names)
      .trim()
      .split("\n");
  });

  test.each(networks.map(({ name }, i) => ({ name, i })))("$name", async ({ i }) => {
    const { model, x } = prepared[i]!;
    expect(new Uint8Array(readFileSync(path(`${i}.pkl`)))).toEqual(torchState(model));
    const [difference, ...fixed] = printed[i]!.split(" ");
    expect(Number(difference)).toBeLessThan(1e-5);
    expect(fixed).toEqual(
      model
        .namedParameters()
        .slice(0, 1)
        .map(([name]) => name),
    );

    loadTorchState(model, readFileSync(path(`${i}-theirs.pt`)));
    const theirs = (await loadArrays(path(`${i}-theirs.npz`))).get("y")!.data as Float32Array;
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    for (const [at, value] of run(model, x).data().entries()) {
      expect(Math.abs(value - theirs[at]!)).toBeLessThan(1e-5 * largest);
    }
  });

  test("halves are widened by load_state_dict; what does not fit is named, and nothing changes", () => {
    expect(printed.at(-1)).toBe("torch.float32");
    const other = torchState(sequence(new Linear(3, 3)));
    expect(() => loadTorchState(sequence(new Linear(3, 2)), other)).toThrow("0.weight: ");
  });
});
