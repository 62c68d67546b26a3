// Convolution: what its gradients cost, what they need, what is refused.

import { beforeAll, expect, test } from "vitest";
import {
  conv2d,
  conv2dMaxPool,
  Generator,
  init,
  memoryReport,
  mul,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "../../index.ts";

beforeAll(() => init({ threads: 2 }));

const PIXELS = 2 * 16 * 16 * 4;

/** y = conv2d(2x, w), where 2x ends at once: what stays alive is what the tape saved. */
function savedBytes(trained: { x: boolean; weight: boolean }): number {
  return scope(() => {
    const random = new Generator(1);
    const x = random.normal([2, 16, 16, 4]) as Tensor<[2, 16, 16, 4]>;
    const weight = random.normal([3, 3, 4, 8]) as Tensor<[3, 3, 4, 8]>;
    x.requiresGrad = trained.x;
    weight.requiresGrad = trained.weight;
    const two = tensor(2);
    const before = memoryReport().liveBytes;
    const doubled = mul(x, two) as Tensor<[2, 16, 16, 4]>;
    const y = conv2d(doubled, weight, null, { padding: 1 }) as Tensor;
    doubled.release();
    return memoryReport().liveBytes - before - 4 * y.size;
  });
}

test("A15: a frozen weight costs nothing: the input is not saved for it", () => {
  expect(savedBytes({ x: true, weight: false })).toBe(0);
  expect(savedBytes({ x: false, weight: true })).toBe(4 * PIXELS);
  expect(savedBytes({ x: true, weight: true })).toBe(4 * PIXELS);
  expect(savedBytes({ x: false, weight: false })).toBe(0);
});

test("a convolution with its max-pool saves its input, its weight and a byte for each result", () =>
  scope(() => {
    const x = zeros([2, 16, 16, 4]);
    const weight = zeros([3, 3, 4, 8]) as Tensor<[3, 3, 4, 8]>;
    weight.requiresGrad = true;
    const before = memoryReport().liveBytes;
    const y = conv2dMaxPool(x, weight, null, { padding: 1 }) as Tensor;
    expect(memoryReport().liveBytes - before).toBe((4 + 1) * y.size);
  }));

test("A15: with a frozen weight the gradient of the input is right, and the weight has none", () =>
  scope(() => {
    // Ones through [1, 2, 3] with padding 1: each place is read by three windows, those at the ends by two.
    const x = tensor([0, 0, 0, 0], { shape: [1, 1, 4, 1], requiresGrad: true });
    const weight = tensor([1, 2, 3], { shape: [1, 3, 1, 1] });
    conv2d(x, weight, null, { padding: [0, 1] }).backward({ gradient: tensor([1, 1, 1, 1], { shape: [1, 1, 4, 1] }) });
    expect([...x.grad!.data()]).toEqual([3, 6, 6, 5]);
    expect(weight.grad).toBeNull();
    x.zeroGrad();
  }));

test.each([
  [3, 192, 16, 16, 0, [1, 224, 224, 3], [1, 14, 14, 192]],
  [3, 8, 7, 2, 3, [2, 33, 30, 3], [2, 17, 15, 8]],
] as const)(
  "A16: %i to %i channels, kernel %i, stride %i, padding %i: gradients have their shapes",
  (channels, out, kernel, stride, padding, images, result) =>
    scope(() => {
      const x = zeros(images as readonly [number, number, number, 3]);
      const weight = zeros([kernel, kernel, channels, out]) as Tensor<[number, number, 3, number]>;
      x.requiresGrad = true;
      weight.requiresGrad = true;
      const y = conv2d(x, weight, null, { stride, padding }) as Tensor;
      expect(y.shape).toEqual(result);
      y.backward({ gradient: zeros(y.shape) });
      expect(x.grad!.shape).toEqual(images);
      expect(weight.grad!.shape).toEqual([kernel, kernel, channels, out]);
      x.zeroGrad();
      weight.zeroGrad();
    }),
);

const refusals: readonly [what: string, run: () => unknown, message: RegExp][] = [
  [
    "C12: a kernel larger than the image",
    () => conv2d(zeros([1, 4, 4, 1]), zeros([10, 10, 1, 1]), null, { padding: "valid" }),
    /conv2d: an input of shape \[1, 4, 4, 1\] came: a kernel of 10 x 10 does not fit on 4 x 4, padded to 4 x 4/,
  ],
  [
    "C12: a kernel that dilation makes larger than the image",
    () => conv2d(zeros([1, 6, 6, 1]), zeros([3, 3, 1, 1]), null, { dilation: 3 }),
    /a kernel of 3 x 3 with dilation \[3, 3\], which spans 7 x 7, does not fit on 6 x 6/,
  ],
  [
    "C03: 'same' with a stride",
    () => conv2d(zeros([1, 4, 4, 1]), zeros([3, 3, 1, 1]), null, { padding: "same", stride: 2 }),
    /conv2d: padding "same" came with stride \[2, 2\].*"same-tf" is TensorFlow's rule/,
  ],
  [
    "C13: a stride of 0",
    () => conv2d(zeros([1, 4, 4, 1]), zeros([3, 3, 1, 1]), null, { stride: 0 }),
    /conv2d: stride 0 came, expected a whole number from 1/,
  ],
  [
    "a padding that is none",
    () => conv2d(zeros([1, 4, 4, 1]), zeros([3, 3, 1, 1]), null, { padding: "full" as never }),
    /padding "full" came, expected .* "valid", "same" or "same-tf"/,
  ],
  [
    "a side that is missing",
    () => conv2d(zeros([1, 4, 4, 1]), zeros([3, 3, 1, 1]), null, { padding: { top: 1 } as never }),
    /padding \{"top":1\} came/,
  ],
  [
    "groups that do not divide the filters",
    () => conv2d(zeros([1, 4, 4, 4]), zeros([3, 3, 2, 3]), null, { groups: 2 }),
    /expected a number of out channels that 2 groups divide/,
  ],
  [
    "images in PyTorch's order",
    () => conv2d(zeros([1, 3, 8, 8]) as Tensor as Tensor<[number, number, number, number]>, zeros([3, 3, 3, 1])),
    /expected an input of 3 channels; images are \[N, H, W, C\] here/,
  ],
  [
    "an algorithm that is none",
    () => conv2d(zeros([1, 4, 4, 1]), zeros([3, 3, 1, 1]), null, { algorithm: "fft" as never }),
    /algorithm "fft" came, expected "auto" or "direct"/,
  ],
  [
    "a result larger than memory",
    () => conv2d(zeros([1, 4, 4, 1]), zeros([1, 1, 1, 8]), null, { padding: 2 ** 13 }),
    /conv2d: shape \[1, 16388, 16388, 8\] has 2148\d+ elements, expected fewer than 2\^30/,
  ],
];

test.each(refusals)("%s is refused before anything is allocated", (_, run, message) =>
  scope(() => {
    expect(run).toThrow(message);
  }),
);
