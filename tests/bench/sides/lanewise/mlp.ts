// A training step of the MLP by the public API, from data in memory.
import { scope, tensor } from "lanewise";
import { crossEntropy, Linear, ReLU, Sequential } from "lanewise/nn";
import { SGD } from "lanewise/optim";
import { batchAt, images, learningRate, momentum, stepsInARepetition } from "../inputs.ts";
import type { KernelTimes } from "../kernel-times.ts";
import type { Request, Task } from "../tasks.ts";

export function mlpTask(kernelTimes: KernelTimes | undefined): (request: Request) => Task {
  return ({ batch }) => {
    const size = Number(batch);
    const data = images();
    const model = new Sequential(
      new Linear(784, 256),
      new ReLU(),
      new Linear(256, 128),
      new ReLU(),
      new Linear(128, 10),
    );
    const optimizer = new SGD(model.parameters(), { lr: learningRate, momentum });
    let steps = 0;
    const step = () => {
      const { pixels, labels } = batchAt(data, steps++, size);
      const x = tensor(pixels, { shape: [size, 784] });
      const y = tensor(labels, { shape: [size] });
      const loss = crossEntropy(model.forward(x), y);
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      return loss;
    };
    return {
      calls: stepsInARepetition,
      value: () => scope(() => step().item()),
      run: () => scope(() => void step()),
      ...(kernelTimes && { reset: kernelTimes.begin, details: kernelTimes.read }),
    };
  };
}
