// Two hundred steps of a small convolutional network: convolutions, a pool, batch norm and GELU, fused as a Sequential does it.

import { BatchNorm2d, Conv2d, crossEntropy, Flatten, GELU, Linear, MaxPool2d, Sequential } from "@lanewise/nn";
import { SGD } from "@lanewise/optim";
import { manualSeed, scope, tensor } from "@lanewise/tensor";

const BATCH = 24;
const SIDE = 15;

/** Images of noise with a gradient of brightness along one of four directions, which is the class. */
function imagesOf(labels: Int32Array<ArrayBuffer>, noise: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(noise, (value, at) => {
    const [row, col] = [Math.floor(at / 3 / SIDE) % SIDE, Math.floor(at / 3) % SIDE];
    const label = labels[Math.floor(at / (3 * SIDE * SIDE))]!;
    return value + ([row, -row, col, -col][label]! * 2) / SIDE;
  });
}

export interface TrainedImages {
  /** Weights, biases and running statistics, one after the other. */
  readonly state: Float32Array<ArrayBuffer>;
  /** The mean loss of the last ten steps. */
  readonly loss: number;
}

export function trainOnImages(): TrainedImages {
  const generator = manualSeed(11);
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
  const optimizer = new SGD(model.parameters(), { lr: 0.02, momentum: 0.9, nesterov: true });
  const data = generator.stream(1);
  const losses = Array.from({ length: 200 }, () =>
    scope(() => {
      const labels = Int32Array.from(data.permutation(BATCH), (index) => index % 4);
      const noise = data.normal([BATCH, SIDE, SIDE, 3]);
      const x = tensor(imagesOf(labels, noise.data()), { shape: [BATCH, SIDE, SIDE, 3] });
      const loss = crossEntropy(model.forward(x), tensor(labels), { labelSmoothing: 0.1 });
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      return loss.item();
    }),
  );
  const numbers = [...model.stateDict().values()].flatMap(({ dtype, data }) => (dtype === "f32" ? [...data] : []));
  return { state: Float32Array.from(numbers), loss: losses.slice(-10).reduce((sum, loss) => sum + loss, 0) / 10 };
}
