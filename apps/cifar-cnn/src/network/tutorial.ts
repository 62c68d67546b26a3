// The network of PyTorch's first CIFAR-10 tutorial ("Training a classifier"), for comparison.
import { Conv2d, Flatten, Linear, MaxPool2d, type Module, ReLU, Sequential } from "lanewise/nn";

/** [N, 32, 32, 3] to logits [N, classes]: two 5x5 convolutions with pooling and three linear layers, as PyTorch begins. */
export function tutorialNetwork(classes = 10): Sequential<readonly Module[]> {
  return new Sequential(
    ...([
      new Conv2d(3, 6, 5),
      new ReLU(),
      new MaxPool2d(2),
      new Conv2d(6, 16, 5),
      new ReLU(),
      new MaxPool2d(2),
      new Flatten(),
      new Linear(16 * 5 * 5, 120),
      new ReLU(),
      new Linear(120, 84),
      new ReLU(),
      new Linear(84, classes),
    ] as readonly Module[]),
  );
}
