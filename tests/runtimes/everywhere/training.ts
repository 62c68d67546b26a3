// Two hundred steps of an MLP, of a small CNN and of the coursework's network, whose gradients are written out by hand.
import {
  heNormalWeightInit,
  Identity,
  type Labels,
  type Matrix,
  MLP,
  Sigmoid,
  SoftmaxCrossEntropy,
  zerosBiasInit,
} from "@lanewise/mnist-mlp/network";
import {
  BatchNorm2d,
  Conv2d,
  crossEntropy,
  Flatten,
  GELU,
  Linear,
  MaxPool2d,
  type Module,
  ReLU,
  Sequential,
  type StateArray,
  Tanh,
} from "@lanewise/nn";
import { SGD, type SGDOptions } from "@lanewise/optim";
import { manualSeed, type Shape, scope, type Tensor, tensor } from "@lanewise/tensor";
import { noise } from "@lanewise/tensor/cases";
import kept from "../fixtures/training.json" with { type: "json" };
import { type Found, joined, offBy } from "./found.ts";

const STEPS = 200;
const [DATA_STREAM, PATTERN_STREAM, STATE_STREAM] = [0, 1, 2];

/** What PyTorch makes of the same network, numbers and steps in f64. */
interface Expected {
  /** Of every twentieth step. */
  readonly losses: readonly number[];
  /** The first six numbers of each entry of the state, and the entry's norm. */
  readonly first: Readonly<Record<string, readonly number[]>>;
  readonly norms: Readonly<Record<string, number>>;
}

interface Examples {
  readonly shape: Shape;
  readonly x: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
}

/** Noise with a pattern in it for each of ten classes. */
function rows(): Examples {
  const [count, size] = [512, 784];
  const labels = Int32Array.from({ length: count }, (_, at) => at % 10);
  const patterns = noise(10 * size, PATTERN_STREAM);
  const x = noise(count * size, DATA_STREAM);
  return {
    shape: [size],
    x: x.map((value, at) => value + 0.25 * patterns[labels[Math.floor(at / size)]! * size + (at % size)]!),
    labels,
  };
}

/** Noise, brighter along one of four directions, which is the class. */
function images(): Examples {
  const [count, side] = [96, 15];
  const labels = Int32Array.from({ length: count }, (_, at) => at % 4);
  const x = noise(count * side * side * 3, DATA_STREAM).map((value, at) => {
    const [row, col] = [(Math.floor(at / 3 / side) % side) - 7, (Math.floor(at / 3) % side) - 7];
    return value + [row, -row, col, -col][labels[Math.floor(at / (3 * side * side))]!]! / 16;
  });
  return { shape: [side, side, 3], x, labels };
}

/** Weights from noise, as wide as He's rule has it; biases 0; batch norms as they begin. */
function fill(model: Module): void {
  const state = [...model.stateDict()].map(([name, array], index): [string, StateArray] => {
    if (array.dtype !== "f32") return [name, array];
    const { shape } = array;
    const width = Math.sqrt(6 / shape.slice(1).reduce((product, length) => product * length, 1));
    const data =
      shape.length > 1
        ? noise(array.data.length, STATE_STREAM + index).map((value) => value * width)
        : array.data.map((value) => (name.endsWith(".bias") ? 0 : value));
    return [name, { ...array, data }];
  });
  model.loadStateDict(new Map(state));
}

/** Calls `step` with one batch after the other, from the beginning again at the end. */
function steps(
  { shape, x, labels }: Examples,
  batch: number,
  step: (x: Tensor, labels: Tensor<readonly [number], "i32">) => void,
): void {
  const size = x.length / labels.length;
  for (let at = 0; at < STEPS; at++) {
    scope(() => {
      const begin = (at * batch) % labels.length;
      const part = x.slice(begin * size, (begin + batch) * size);
      step(tensor(part, { shape: [batch, ...shape] }) as Tensor, tensor(labels.slice(begin, begin + batch)));
    });
  }
}

function train(model: Module, examples: Examples, batch: number, options: SGDOptions, expected: Expected): Found {
  fill(model);
  const optimizer = new SGD(model.parameters(), { momentum: 0.9, ...options });
  const losses: number[] = [];
  steps(examples, batch, (x, labels) => {
    const loss = crossEntropy(model.forward(x) as Tensor<readonly [number, number]>, labels, { labelSmoothing: 0.1 });
    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
    losses.push(loss.item());
  });
  const state = [...model.stateDict()].flatMap(([name, array]) =>
    array.dtype === "f32" ? [[name, array.data as Float32Array<ArrayBuffer>] as const] : [],
  );
  const failures = [
    ...offBy(
      "losses",
      losses.filter((_, at) => at % 20 === 19),
      expected.losses,
      1e-4,
    ),
    ...state.flatMap(([name, data]) => [
      ...offBy(name, data, expected.first[name]!, 2e-3),
      ...offBy(`the norm of ${name}`, [Math.hypot(...data.slice(0, 60_000))], [expected.norms[name]!], 2e-4),
    ]),
  ];
  for (const parameter of model.parameters()) parameter.release();
  return { parts: { ...Object.fromEntries(state), losses: Float32Array.from(losses) }, failures };
}

/** 784-64-32-10, large enough that every thread has its share. */
export function trainMlp(): Found {
  const model = new Sequential(new Linear(784, 64), new ReLU(), new Linear(64, 32), new Tanh(), new Linear(32, 10));
  return train(model, rows(), 64, { lr: 0.02, weightDecay: 1e-4 }, kept.mlp);
}

/** Convolutions, a pool, batch norm and GELU, fused as a Sequential does it. */
export function trainCnn(): Found {
  const model = new Sequential(
    new Conv2d(3, 8, 3, { padding: 1, bias: false }),
    new MaxPool2d(2),
    new BatchNorm2d(8),
    new GELU(),
    new Conv2d(8, 12, 3, { padding: 1 }),
    new BatchNorm2d(12),
    new GELU(),
    new Conv2d(12, 12, 3, { stride: 2, groups: 3 }),
    new Flatten(),
    new Linear(12 * 3 * 3, 4),
  );
  return train(model, images(), 24, { lr: 0.01, nesterov: true }, kept.cnn);
}

/** 784-64-10 by the coursework's own API. */
export function trainCoursework(): Found {
  manualSeed(7);
  const mlp = new MLP({
    inputSize: 784,
    outputSize: 10,
    hiddens: [64],
    activations: [new Sigmoid(), new Identity()],
    weightInitFn: heNormalWeightInit,
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy(),
    lr: 0.1,
    momentum: 0.9,
  });
  steps(rows(), 64, (x, labels) => {
    mlp.zeroGrads();
    mlp.forward(x as unknown as Matrix);
    mlp.backward(labels as unknown as Labels);
    mlp.step();
  });
  const all = [...mlp.weights, ...mlp.biases] as unknown as Tensor[];
  return { parts: { weights: joined(all.map((each) => each.data() as Float32Array)) }, failures: [] };
}
