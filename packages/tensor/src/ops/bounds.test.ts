// Sizes at the edge of what 32 bits count: refused by name, or exact.
import { beforeAll, expect, it } from "vitest";
import { adaptiveAvgPool2d, gt, init, matmul, maxPool2d, ones, pad2d, scope, tensor } from "../index.ts";

beforeAll(() => init({ threads: 2 }));

it("a result of 2^30 elements or more is refused by name before anything is computed", () => {
  scope(() => {
    // 65,537 squared is 2^32 + 131,073: in 32 bits a small buffer would seem to do.
    const tall = ones([65_537, 1]);
    const flat = ones([1, 65_537]);
    expect(() => matmul(tall, flat)).toThrow(
      new RangeError("matmul: shape [65537, 65537] has 4295098369 elements, expected fewer than 2^30"),
    );
    expect(() => tall.add(flat)).toThrow("add: shape [65537, 65537] has 4295098369 elements");
    expect(() => gt(tall, flat)).toThrow("gt: shape [65537, 65537] has 4295098369 elements");
    expect(() => pad2d(ones([1, 1, 1, 1]), 16_384)).toThrow(/pad.*elements, expected fewer than 2\^30/);
  });
});

it("adaptive windows are where they belong when the products of their lengths pass 2^32", () => {
  scope(() => {
    const ramp = tensor(
      Float32Array.from({ length: 100_000 }, (_, i) => i % 1000),
      { shape: [1, 1, 100_000, 1] },
    );
    const means = adaptiveAvgPool2d(ramp, [1, 50_000]).data();
    // Cells 2i and 2i + 1: their mean is 2i + 1/2, of the remainders by 1,000.
    expect(means.every((mean, i) => mean === ((2 * i) % 1000) + 0.5)).toBe(true);
  });
});

it("a window in the padding alone has the gradient of no pixel", () => {
  scope(() => {
    const x = tensor([1, 2, 3, 4], { shape: [1, 2, 2, 1], requiresGrad: true });
    // Cells 5 apart, 2 to the left and 3 to the right of a column: none of the two columns is met.
    const y = maxPool2d(x, [1, 2], { stride: 1, dilation: [1, 5], padding: "same-tf" });
    expect([...y.data()]).toEqual([-Infinity, -Infinity, -Infinity, -Infinity]);
    y.backward({ gradient: tensor([1, 10, 100, 1000], { shape: [1, 2, 2, 1] }) });
    expect([...x.grad!.data()]).toEqual([0, 0, 0, 0]);
  });
});
