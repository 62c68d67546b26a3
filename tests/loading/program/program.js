// What every project of these tests runs: a small network, trained for ten steps from weights that a formula gives.
import { explainBackend, init, scope, tensor } from "lanewise";
import { crossEntropy, Linear, ReLU, Sequential } from "lanewise/nn";
import { SGD } from "lanewise/optim";

/** Multiples of 1/64 from -1/2 to 1/2, exact in every arithmetic; fixtures/mlp.py has the same. */
const numbers = (shape, factor) => ({
  dtype: "f32",
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (((i + 1) * factor) % 65) / 64 - 0.5),
});

/** The losses before each step, and how the kernels run. */
export async function train(options) {
  await init(options);
  const model = new Sequential(new Linear(6, 16), new ReLU(), new Linear(16, 3));
  model.loadStateDict(
    new Map([
      ["0.weight", numbers([16, 6], 29)],
      ["0.bias", numbers([16], 7)],
      ["2.weight", numbers([3, 16], 43)],
      ["2.bias", numbers([3], 11)],
    ]),
  );
  const optimizer = new SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
  const { data } = numbers([8, 6], 37);
  const losses = [];
  for (let step = 0; step < 10; step++) {
    scope(() => {
      const x = tensor(data).reshape([8, 6]);
      const y = tensor(Int32Array.from({ length: 8 }, (_, i) => (i * i) % 3));
      const loss = crossEntropy(model.forward(x), y);
      losses.push(loss.item());
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
    });
  }
  const { binary, threads, reasons, advice } = explainBackend();
  return { losses, binary, threads, reasons, advice };
}
