// The cross entropy's refusals, and what it gives where other tools give infinities.

import { beforeAll, expect, test } from "vitest";
import { crossEntropy, init, scope, tensor } from "../index.ts";

beforeAll(() => init({ threads: 1 }));

const labels = (...of: number[]) => tensor(Int32Array.from(of));

test("X03: a reduction that does not exist: the error lists those that do", () =>
  scope(() => {
    const unknown = { reduction: "average" as "mean" };
    expect(() => crossEntropy(tensor([[1, 2]]), labels(0), unknown)).toThrow(
      'crossEntropy: reduction "average" came, expected "mean", "sum" or "none"',
    );
  }));

test("a label that is no class names its row, and the classes that there are", () =>
  scope(() => {
    expect(() =>
      crossEntropy(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        labels(0, 2),
      ),
    ).toThrow(/label 2 in row 1 came, expected a class number from 0 to 1 \(2 classes\)/);
  }));

test("N04: probabilities in place of logits give a finite loss and gradient", () =>
  scope(() => {
    // By hand: ln(e⁰ + e¹) − 0 = 1.3132617; softmax is [0.2689414, 0.7310586], less the target [1, 0].
    const p = tensor([[0, 1]], { requiresGrad: true });
    const loss = crossEntropy(p, labels(0));
    loss.backward();
    expect(loss.item()).toBeCloseTo(1.3132617, 6);
    expect(p.grad!.data()[0]).toBeCloseTo(-0.7310586, 6);
    expect(p.grad!.data()[1]).toBeCloseTo(0.7310586, 6);
    p.zeroGrad();
  }));
