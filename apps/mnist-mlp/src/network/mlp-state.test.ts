// The state of a network: five steps, a state, five more in another network are ten steps, to the bit.
import { init, manualSeed, scope, tensor } from "lanewise";
import { beforeAll, expect, test } from "vitest";
import {
  Identity,
  type Matrix,
  MLP,
  ReLU,
  SoftmaxCrossEntropy,
  xavierNormalWeightInit,
  zerosBiasInit,
} from "./index.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

function network(seed: number, hidden = 5): MLP {
  manualSeed(seed);
  return new MLP({
    inputSize: 4,
    outputSize: 3,
    hiddens: [hidden],
    activations: [new ReLU(), new Identity()],
    weightInitFn: xavierNormalWeightInit,
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy(),
    lr: 0.1,
    momentum: 0.9,
    weightDecay: 1e-3,
  });
}

function train(mlp: MLP, steps: number): void {
  for (let step = 0; step < steps; step++) {
    scope(() => {
      mlp.forward(tensor([0.5, -1, 0.25, 0.8, 1, 0.3, -0.7, 0.1], { shape: [2, 4] }) as Matrix);
      mlp.zeroGrads();
      mlp.backward(tensor([2, 0], { dtype: "i32" }));
      mlp.step();
    });
  }
}

test("R01 R03: ten steps are five, a state, and five in another network, equal to the bit", () => {
  const whole = network(1);
  train(whole, 10);
  const first = network(1);
  train(first, 5);
  const state = first.state();
  // The state is a copy: what the network does afterwards is not in it.
  train(first, 1);
  const second = network(2);
  train(second, 3);
  second.loadState(state);
  train(second, 5);
  expect(second.state()).toEqual(whole.state());
});

test("a state of other layers is refused, and nothing changes", () => {
  const mlp = network(1);
  train(mlp, 2);
  const before = mlp.state();
  expect(() => mlp.loadState(network(1, 6).state())).toThrow(
    "MLP: a state of [4,6] [6,3] [6] [3] came, expected [4,5] [5,3] [5] [3]",
  );
  expect(mlp.state()).toEqual(before);
});
