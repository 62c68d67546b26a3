// The text of generated modules; that the real PyTorch runs them is tested in tests/parity.
import {
  BatchNorm2d,
  Conv2d,
  Flatten,
  GELU,
  Linear,
  MaxPool2d,
  Module,
  type Rule,
  Scale,
  Sequential,
  type StateEntry,
} from "@lanewise/nn";
import { init, type Tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { torchModule } from "./module.ts";
import { loadTorchState, torchState } from "./state.ts";

beforeAll(() => init());

const sequence = (...layers: Module[]): Sequential<readonly Module[]> =>
  new Sequential(...(layers as readonly Module[]));

test("a network as people would write it in PyTorch: defaults left out, fixed parameters fixed", () => {
  const first = new Conv2d(3, 8, 2);
  first.weight.requiresGrad = false;
  const model = sequence(
    first,
    new GELU(),
    sequence(new Conv2d(8, 4, 3, { padding: 1, bias: false }), new BatchNorm2d(4, { momentum: 0.4, eps: 1e-12 })),
    new Flatten(),
    new Linear(4 * 9, 10, { bias: false }),
    new Scale(1 / 9),
  );
  expect(
    torchModule(model, { className: "Small" }),
  ).toBe(`# A network in PyTorch, generated from its description in Lanewise; its state dict has the same keys.
#
#     model = Small()
#     model.load_state_dict(torch.load(path, weights_only=True))
#     model.eval()
import torch
from torch import nn


class Scale(nn.Module):
    """x times a fixed number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor


class Small(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(3, 8, 2),
            nn.GELU(),
            nn.Sequential(
                nn.Conv2d(8, 4, 3, padding=1, bias=False),
                nn.BatchNorm2d(4, eps=1e-12, momentum=0.4),
            ),
            nn.Flatten(),
            nn.Linear(36, 10, bias=False),
            Scale(0.1111111111111111),
        )
        self.get_parameter("0.weight").requires_grad_(False)
`);
});

test("what means another axis there, or is not known there, is refused by the layer's path", () => {
  expect(() => torchModule(sequence(new Conv2d(3, 4, 1), sequence(new Linear(4, 2))))).toThrow(
    "torchModule: layer 1.0: Linear works on the last axis of images, their channels",
  );
  expect(() => torchModule(sequence(new Linear(4, 2)), { input: "images" })).toThrow("put Flatten before it");
  expect(() => torchModule(sequence(new MaxPool2d(2, { padding: "same-tf" })))).toThrow(
    'layer 0: padding "same-tf" is TensorFlow\'s',
  );
  class Odd extends Module<Rule> {
    readonly kind = "Odd";
    forward(x: Tensor): never {
      return x as never;
    }
    override ownState(): readonly (readonly [string, StateEntry])[] {
      return [];
    }
  }
  expect(() => torchModule(sequence(new Odd()))).toThrow("torchModule: layer 0 (Odd) has no counterpart in PyTorch");
});

test.each(["", "2x", "a-b", "class", "None", "Scale", "x; import os"])("className '%s' is refused", (className) => {
  expect(() => torchModule(sequence(new GELU()), { className })).toThrow(`className '${className}' came`);
});

test("a state goes out and comes back, and names what is no state", () => {
  const [a, b] = [sequence(new Conv2d(2, 3, 2), new BatchNorm2d(3)), sequence(new Conv2d(2, 3, 2), new BatchNorm2d(3))];
  loadTorchState(b, torchState(a));
  expect(b.stateDict()).toEqual(a.stateDict());
  expect(() => loadTorchState(b, new Uint8Array(8), { label: "m.pt" })).toThrow("m.pt is no PyTorch file");
});
