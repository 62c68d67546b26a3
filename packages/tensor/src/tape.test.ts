// The tape: what flows, what is freed, what is refused.

import { beforeAll, expect, test } from "vitest";
import {
  add,
  init,
  keep,
  matmul,
  memoryReport,
  mul,
  noGrad,
  relu,
  scope,
  square,
  sum,
  tensor,
  zeros,
} from "./index.ts";

beforeAll(() => init({ threads: 1 }));

/** Runs in a scope and checks that nothing is left. */
function clean(run: () => void): void {
  const before = memoryReport().liveBuffers;
  scope(() => run());
  expect(memoryReport().liveBuffers).toBe(before);
}

test("A01: a column plus a row: each gradient is summed over the axes along which it was repeated", () =>
  clean(() => {
    const a = tensor([[1], [2]], { requiresGrad: true });
    const b = tensor([[1, 2, 3]], { requiresGrad: true });
    sum(add(a, b)).backward();
    expect([a.grad!.shape, [...a.grad!.data()]]).toEqual([
      [2, 1],
      [3, 3],
    ]);
    expect([b.grad!.shape, [...b.grad!.data()]]).toEqual([
      [1, 3],
      [2, 2, 2],
    ]);
    a.zeroGrad();
    b.zeroGrad();
  }));

test("a tensor used twice, and two backward passes, add up", () =>
  clean(() => {
    const x = tensor([2, 3], { requiresGrad: true });
    // d/dx (x² + 3x) = 2x + 3
    const run = (): void => sum(add(mul(x, x), mul(x, tensor(3)))).backward();
    run();
    expect([...x.grad!.data()]).toEqual([7, 9]);
    run();
    expect([...x.grad!.data()]).toEqual([14, 18]);
    x.zeroGrad();
    expect(x.grad).toBeNull();
  }));

test("backward frees what was saved; twice needs retainGraph", () =>
  clean(() => {
    const x = tensor([2, 3], { requiresGrad: true });
    const loss = sum(square(x));
    loss.backward({ retainGraph: true });
    loss.backward();
    expect([...x.grad!.data()]).toEqual([8, 12]);
    expect(() => loss.backward()).toThrow(/freed by an earlier backward pass.*retainGraph: true/);
    x.zeroGrad();
  }));

test("a forward pass whose result is dropped leaves nothing", () =>
  clean(() => {
    const w = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const before = memoryReport().liveBuffers;
    scope(() => {
      relu(matmul(matmul(w, w), w));
    });
    expect(memoryReport().liveBuffers).toBe(before);
    // Returned, the result keeps what its gradient needs: itself for relu, the first product for the second.
    const result = scope(() => relu(matmul(matmul(w, w), w)));
    expect(memoryReport().liveBuffers).toBe(before + 2);
    result.release();
    expect(memoryReport().liveBuffers).toBe(before);
  }));

test("a change in place between forward and backward is refused", () =>
  clean(() => {
    const x = tensor([1, 2], { requiresGrad: true });
    const loss = sum(square(x));
    x.assign(Float32Array.of(5, 6));
    expect(() => loss.backward()).toThrow(/x of square \(shape \[2\]\) was changed in place after the forward pass/);
  }));

test("a frozen input costs nothing: what only its gradient needs is not saved (A15)", () =>
  clean(() => {
    const x = tensor([[1, 2]], { requiresGrad: true });
    const w = tensor([[3], [4]]);
    const before = memoryReport().liveBytes;
    const y = matmul(x, w);
    // The result, and nothing of x: dx needs w alone, which is alive anyway.
    expect(memoryReport().liveBytes - before).toBe(4);
    y.backward();
    expect([...x.grad!.data()]).toEqual([3, 4]);
    expect(w.grad).toBeNull();
    x.zeroGrad();
  }));

test("no gradient under noGrad, after detach, or where nothing asks for one", () =>
  clean(() => {
    const x = tensor([1], { requiresGrad: true });
    expect(noGrad(() => square(x)).requiresGrad).toBe(false);
    expect(square(x.detach()).requiresGrad).toBe(false);
    expect(() => square(tensor([1])).backward()).toThrow(/no gradient can flow from this tensor, made by square/);
    expect(() => square(tensor([1, 2], { requiresGrad: true })).backward()).toThrow(
      /shape \[2\] came, expected one element/,
    );
  }));

test("gradients reach leaves that outlive the scope", () => {
  const w = keep(zeros([2]));
  w.requiresGrad = true;
  scope(() => sum(add(w, tensor([1, 2]))).backward());
  expect([...w.grad!.data()]).toEqual([1, 1]);
  w.zeroGrad();
  w.release();
});

test("A12: the gradients of a 512 by 512 product need a few megabytes, not 512³ numbers", () =>
  clean(() => {
    const a = zeros([512, 512]);
    const b = zeros([512, 512]);
    a.requiresGrad = true;
    b.requiresGrad = true;
    const before = memoryReport();
    sum(matmul(a, b)).backward();
    expect(memoryReport().peakBytes - before.liveBytes).toBeLessThan(16 * 2 ** 20);
    a.zeroGrad();
    b.zeroGrad();
  }));
