// Every op reads what the one before has written, whatever the threads do: chains of dependent ops, a hundred times over.
import { cumsum, Generator, init, matmul, max, scope, softmax, sum, type Tensor, transpose } from "@lanewise/tensor";
import { beforeAll, expect, it } from "vitest";

beforeAll(() => init({ strict: true, threads: 3 }));

it("W12: a hundred runs of one chain on three threads give one result", () => {
  const random = new Generator(12);
  scope(() => {
    const a = random.normal([192, 256]);
    const b = random.normal([256, 160]);
    const chain = (): Float32Array =>
      scope(() => {
        const product = matmul(a, b);
        const gram = matmul(transpose(product), product);
        return max(cumsum(softmax(gram) as Tensor, 0), 1).data();
      });
    const first = chain();
    // The columns' running sums end in the sums of all rows of a softmax: 160 rows, each of sum 1.
    const total = scope(() => sum(softmax(matmul(a, b))).item());
    expect(Math.abs(total - 192)).toBeLessThan(1e-3);
    for (let run = 1; run < 100; run++)
      expect(Buffer.from(chain().buffer).equals(Buffer.from(first.buffer))).toBe(true);
  });
});
