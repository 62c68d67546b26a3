// A network of 20 layers: its types must stay cheap.
import { Linear, ReLU, Sequential } from "@lanewise/nn";
import type { Tensor } from "@lanewise/tensor";

const deep = new Sequential(
  new Linear(8, 16),
  new ReLU(),
  new Linear(16, 8),
  new ReLU(),
  new Linear(8, 16),
  new ReLU(),
  new Linear(16, 8),
  new ReLU(),
  new Linear(8, 16),
  new ReLU(),
  new Linear(16, 8),
  new ReLU(),
  new Linear(8, 16),
  new ReLU(),
  new Linear(16, 8),
  new ReLU(),
  new Linear(8, 16),
  new ReLU(),
  new Linear(16, 8),
  new Linear(8, 5),
);
export const output = (x: Tensor<[number, 8]>): Tensor<[number, 5]> => deep.forward(x);
