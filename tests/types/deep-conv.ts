// A convolutional network of 20 layers: its types must stay cheap.
import { BatchNorm2d, Conv2d, Flatten, GELU, Linear, ReLU, Sequential } from "@lanewise/nn";
import type { Tensor } from "@lanewise/tensor";

const deep = new Sequential(
  new Conv2d(3, 16, 3, { padding: 1 }),
  new BatchNorm2d(16),
  new GELU(),
  new Conv2d(16, 16, 3, { padding: 1, bias: false }),
  new BatchNorm2d(16),
  new GELU(),
  new Conv2d(16, 32, 3, { stride: 2 }),
  new BatchNorm2d(32),
  new ReLU(),
  new Conv2d(32, 32, 3, { groups: 32 }),
  new BatchNorm2d(32),
  new ReLU(),
  new Conv2d(32, 64, 1),
  new BatchNorm2d(64),
  new ReLU(),
  new Conv2d(64, 64, 3, { stride: 2 }),
  new BatchNorm2d(64),
  new ReLU(),
  new Flatten(),
  new Linear(64 * 7 * 7, 10),
);
export const output = (x: Tensor<[number, 32, 32, 3]>): Tensor<[number, 10]> => deep.forward(x);
