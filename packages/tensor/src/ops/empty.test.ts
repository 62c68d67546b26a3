// Arrays of no elements go through every kind of op as they do in NumPy and PyTorch.

import { beforeAll, expect, test } from "vitest";
import {
  add,
  crossEntropy,
  cumsum,
  eq,
  init,
  matmul,
  max,
  mean,
  prod,
  relu,
  scope,
  softmax,
  sum,
  sumSquares,
  type Tensor,
  tensor,
  transpose,
  where,
  zeros,
} from "../index.ts";

beforeAll(() => init({ threads: 2 }));

const { NaN: nan } = Number;

/** Each op on arrays without elements, the shape that comes, and the values: NumPy's, where the reduced axis is empty. */
const cases: readonly [name: string, run: () => Tensor, shape: number[], values: number[]][] = [
  ["relu of [0, 3]", () => relu(zeros([0, 3])) as Tensor, [0, 3], []],
  ["add, [0, 1] and [1, 3]", () => add(zeros([0, 1]), zeros([1, 3])) as Tensor, [0, 3], []],
  ["where of [2, 0]", () => where(eq(zeros([2, 0]), zeros([])), zeros([2, 1]), zeros([])) as Tensor, [2, 0], []],
  ["sum of [0, 2] over its rows", () => sum(zeros([0, 2]), { axis: 0 }) as Tensor, [2], [0, 0]],
  ["sum of [2, 0] over its rows", () => sum(zeros([2, 0]), { axis: 0 }) as Tensor, [0], []],
  ["sum of [2, 0, 3] over the outer axes", () => sum(zeros([2, 0, 3]), { axis: [0, 2] }) as Tensor, [0], []],
  ["mean of [0, 2] over its rows", () => mean(zeros([0, 2]), { axis: 0 }) as Tensor, [2], [nan, nan]],
  ["mean of [3, 0] over its rows", () => mean(zeros([3, 0]), { axis: 0 }) as Tensor, [0], []],
  ["mean of [0]", () => mean(zeros([0])) as Tensor, [], [nan]],
  [
    "mean of [2, 3, 0] over the outer axes",
    () => mean(zeros([2, 3, 0]), { axis: [0, 2] }) as Tensor,
    [3],
    [nan, nan, nan],
  ],
  ["sumSquares of [0, 2] over its rows", () => sumSquares(zeros([0, 2]), { axis: 0 }) as Tensor, [2], [0, 0]],
  ["prod of [2, 0] over its columns", () => prod(zeros([2, 0]), 1) as Tensor, [2], [1, 1]],
  ["prod of [3, 0] over its rows", () => prod(zeros([3, 0]), 0) as Tensor, [0], []],
  ["max of [3, 0] over its rows", () => max(zeros([3, 0]), 0) as Tensor, [0], []],
  ["cumsum of [3, 0]", () => cumsum(zeros([3, 0]), 0) as Tensor, [3, 0], []],
  ["softmax of [0, 5]", () => softmax(zeros([0, 5])) as Tensor, [0, 5], []],
  ["softmax of [5, 0]", () => softmax(zeros([5, 0])) as Tensor, [5, 0], []],
  ["transpose of [0, 4]", () => transpose(zeros([0, 4])) as Tensor, [4, 0], []],
  ["[2, 0] times [0, 3]", () => matmul(zeros([2, 0]), zeros([0, 3])) as Tensor, [2, 3], [0, 0, 0, 0, 0, 0]],
  ["[0, 2] times [2, 3]", () => matmul(zeros([0, 2]), zeros([2, 3])) as Tensor, [0, 3], []],
  ["the loss of no rows", () => crossEntropy(zeros([0, 4]), tensor(new Int32Array(0))) as Tensor, [], [nan]],
];

test.each(cases)("T01: %s", (_, run, shape, values) =>
  scope(() => {
    const result = run();
    expect([result.shape, [...result.data()]]).toEqual([shape, values]);
  }),
);

test("T01: gradients of arrays without elements have their shapes", () =>
  scope(() => {
    const x = zeros([0, 3]) as Tensor;
    const bias = zeros([3]) as Tensor;
    x.requiresGrad = true;
    bias.requiresGrad = true;
    (sum(relu(add(x, bias) as Tensor)) as Tensor).backward();
    expect([x.grad!.shape, [...bias.grad!.data()]]).toEqual([
      [0, 3],
      [0, 0, 0],
    ]);
    x.zeroGrad();
    bias.zeroGrad();
  }));
