// A product of square matrices by the public API; as the peers, each result is disposed of at once.
import { matmul as product, scope, tensor } from "lanewise";
import { factors } from "../inputs.ts";
import type { Request, Task } from "../tasks.ts";

export function matmul({ size }: Request): Task {
  const n = Number(size);
  const { a, b } = factors(n);
  const left = tensor(a, { shape: [n, n] });
  const right = tensor(b, { shape: [n, n] });
  return {
    value: () => scope(() => product(left, right).data()[(n - 1) * n + n - 1]!),
    run: () => product(left, right).release(),
  };
}
