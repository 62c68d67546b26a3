// Gradients by hand against central differences of an f64 reference and against the tape; steps against their formula.
import { crossEntropy, init, linear, manualSeed, relu, scope, sigmoid, type Tensor, tanh, tensor } from "lanewise";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Activation,
  Identity,
  type Matrix,
  MLP,
  ReLU,
  randomNormalWeightInit,
  Sigmoid,
  SoftmaxCrossEntropy,
  Tanh,
  xavierNormalWeightInit,
  zerosBiasInit,
} from "./index.ts";
import { differences, type Reference, referenceLoss } from "./reference.fixture.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

const IMAGES = [
  [0.5, -1, 0.25, 0.8],
  [1, 0.3, -0.7, 0.1],
  [-0.2, 0.9, 0.4, -0.6],
] as const;
const LABELS = [2, 0, 1] as const;

const kinds: readonly [string, () => Activation, (z: number) => number, (x: Matrix) => Tensor][] = [
  ["ReLU", () => new ReLU(), (z) => Math.max(z, 0), relu as never],
  ["Tanh", () => new Tanh(), Math.tanh, tanh as never],
  ["Sigmoid", () => new Sigmoid(), (z) => 1 / (1 + Math.exp(-z)), sigmoid as never],
  ["Identity", () => new Identity(), (z) => z, (x) => x as never],
];

const batch = () => ({
  x: tensor(IMAGES.flat(), { shape: [3, 4] }),
  y: tensor([...LABELS], { shape: [3], dtype: "i32" }),
});

function network(make: () => Activation, momentum = 0, weightDecay = 0, labelSmoothing = 0): MLP {
  manualSeed(5);
  return new MLP({
    inputSize: 4,
    outputSize: 3,
    hiddens: [5, 4],
    activations: [make(), make(), new Identity()],
    weightInitFn: xavierNormalWeightInit,
    biasInitFn: (size) =>
      tensor(
        Array.from({ length: size }, (_, i) => 0.1 * (i - 1)),
        { shape: [size] },
      ),
    criterion: new SoftmaxCrossEntropy({ labelSmoothing }),
    lr: 0.1,
    momentum,
    weightDecay,
  });
}

const parametersOf = (mlp: MLP): readonly Tensor[] => [...mlp.weights, ...mlp.biases] as unknown as readonly Tensor[];

function referenceOf(mlp: MLP, activation: (z: number) => number): Reference {
  return {
    sizes: [4, 5, 4, 3],
    activations: [activation, activation, (z) => z],
    weights: mlp.weights.map((weight) => Float64Array.from(weight.data())),
    biases: mlp.biases.map((bias) => Float64Array.from(bias.data())),
  };
}

describe.each(kinds)("%s", (_, make, plain, op) => {
  test.each([0, 0.1])("with label smoothing %d, loss and every gradient agree with differences in f64", (smoothing) => {
    scope(() => {
      const mlp = network(make, 0, 0, smoothing);
      const { x, y } = batch();
      mlp.forward(x);
      mlp.backward(y);
      const reference = referenceOf(mlp, plain);
      const loss = () => referenceLoss(reference, IMAGES, LABELS, smoothing);
      expect(mlp.getLoss(y)).toBeCloseTo(loss(), 6);
      for (const [at, values] of [...reference.weights, ...reference.biases].entries()) {
        const expected = differences(loss, values);
        const got = parametersOf(mlp)[at]!.grad!.data();
        for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
      }
    });
  });

  test("every gradient is the tape's", () => {
    scope(() => {
      const mlp = network(make);
      const { x, y } = batch();
      mlp.forward(x);
      mlp.backward(y);
      const byHand = parametersOf(mlp).map((parameter) => Array.from(parameter.grad!.data()));
      mlp.zeroGrads();
      for (const parameter of parametersOf(mlp)) parameter.requiresGrad = true;
      let value = x as Matrix;
      for (const [layer, weight] of mlp.weights.entries()) {
        const z = linear(value, weight, mlp.biases[layer]!) as Matrix;
        value = (layer < 2 ? op(z) : z) as unknown as Matrix;
      }
      (crossEntropy(value, y as never) as unknown as Tensor<[]>).backward();
      for (const [at, parameter] of parametersOf(mlp).entries()) {
        for (const [i, gradient] of parameter.grad!.data().entries()) expect(byHand[at]![i]).toBeCloseTo(gradient, 6);
      }
    });
  });

  test("the derivative is that of central differences", () => {
    scope(() => {
      const points = [-3, -0.9, -0.1, 0.2, 0.7, 2.5];
      const activation = make();
      activation.forward(tensor([points]) as Matrix);
      const got = Array.from(activation.derivative().data());
      for (const [i, z] of points.entries()) {
        expect(got[i]).toBeCloseTo((plain(z + 1e-6) - plain(z - 1e-6)) / 2e-6, 5);
      }
    });
  });
});

test("the derivative of ReLU at 0 is 0", () => {
  const activation = new ReLU();
  activation.forward(tensor([[0, -0, 1]]) as Matrix);
  expect(Array.from(activation.derivative().data())).toEqual([0, 0, 1]);
});

test("two steps with momentum and weight decay, by the formula in f64", () => {
  scope(() => {
    const mlp = network(() => new Tanh(), 0.9, 0.01);
    const { x, y } = batch();
    const expected = parametersOf(mlp).map((parameter) => Float64Array.from(parameter.data()));
    const velocity = expected.map((values) => new Float64Array(values.length));
    for (let step = 0; step < 2; step++) {
      mlp.zeroGrads();
      mlp.forward(x);
      mlp.backward(y);
      for (const [at, values] of expected.entries()) {
        const decay = at < mlp.weights.length ? 0.01 : 0;
        for (const [i, gradient] of parametersOf(mlp)[at]!.grad!.data().entries()) {
          velocity[at]![i] = 0.9 * velocity[at]![i]! + gradient + decay * values[i]!;
          values[i]! -= 0.1 * velocity[at]![i]!;
        }
      }
      mlp.step();
    }
    for (const [at, parameter] of parametersOf(mlp).entries()) {
      for (const [i, value] of parameter.data().entries()) expect(value).toBeCloseTo(expected[at]![i]!, 6);
    }
  });
});

test("gradients of two batches add up until zeroGrads", () => {
  scope(() => {
    const mlp = network(() => new Sigmoid());
    const { x, y } = batch();
    const gradient = () => Array.from(mlp.weights[0]!.grad!.data());
    mlp.forward(x);
    mlp.backward(y);
    const once = gradient();
    mlp.backward(y);
    for (const [i, value] of gradient().entries()) expect(value).toBeCloseTo(2 * once[i]!, 6);
    mlp.zeroGrads();
    expect(mlp.weights[0]!.grad).toBeNull();
  });
});

test("getError counts wrong predictions", () => {
  const mlp = new MLP({
    inputSize: 2,
    outputSize: 2,
    hiddens: [],
    activations: [new Identity()],
    weightInitFn: () =>
      tensor(
        [
          [1, 0],
          [0, 1],
        ],
        { shape: [2, 2] },
      ),
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy(),
    lr: 1,
  });
  mlp.forward(
    tensor([
      [3, 1],
      [0, 2],
      [5, 4],
    ]) as Matrix,
  );
  // Predicted: 0, 1, 0.
  expect(mlp.getError(tensor([0, 0, 1], { dtype: "i32" }))).toBe(2);
});

test("the plain standard normal initializer has mean 0 and deviation 1, whatever the width", () => {
  manualSeed(3);
  const values = randomNormalWeightInit(400, 100).data();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // Four standard errors of 40,000 draws: 4 / 200 and 4 √2 / 200.
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.0283);
});

test("what does not fit is an error that says so", () => {
  const shared = new ReLU();
  const options = {
    inputSize: 4,
    outputSize: 3,
    hiddens: [5],
    weightInitFn: randomNormalWeightInit,
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy(),
    lr: 0.1,
  };
  expect(() => new MLP({ ...options, activations: [shared, shared] })).toThrow(
    /expected one object for each of the 2 layers 4-5-3/,
  );
  const mlp = new MLP({ ...options, activations: [shared, new Identity()] });
  const { y } = batch();
  expect(() => mlp.getLoss(y)).toThrow(/getLoss came before any forward/);
  mlp.eval();
  expect(() => mlp.backward(y)).toThrow(/call train\(\)/);
  expect(() => new Tanh().derivative()).toThrow(/Tanh: a derivative was asked for before any forward/);
});
