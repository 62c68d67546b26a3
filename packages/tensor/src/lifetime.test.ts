// Who ends a tensor's life: each rule of scopes, turns, keep and the collector.

import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  add,
  asyncTurns,
  init,
  keep,
  memoryReport,
  mul,
  noGrad,
  scope,
  setUnscopedTensorLimit,
  sum,
  type Tensor,
  tensor,
  turns,
} from "./index.ts";

beforeAll(() => init({ threads: 1 }));

let before = 0;
beforeEach(() => {
  before = memoryReport().liveBuffers;
});

function alive(): number {
  return memoryReport().liveBuffers - before;
}

/** A loader of `count` batches: what iterating a dataset gives. */
function loader(count: number, name = "loader"): IterableIterator<Tensor> {
  return turns(
    name,
    (function* () {
      for (let index = 0; index < count; index++) yield tensor([index, index + 1]) as Tensor;
    })(),
  );
}

describe("scope", () => {
  test("ends what it makes, but for what it returns in any container", () => {
    const { one, list, map } = scope(() => {
      tensor([1, 2, 3]);
      return { one: tensor([1]), list: [tensor([2])], map: new Map([["x", tensor([3])]]) };
    });
    expect(alive()).toBe(3);
    expect([one.item(), list[0]!.item(), map.get("x")!.item()]).toEqual([1, 2, 3]);
    for (const each of [one, list[0]!, map.get("x")!]) each.release();
    expect(alive()).toBe(0);
  });

  test("M03: hands what it returns to the scope around it", () => {
    scope(() => {
      const inner = scope(() => tensor([1]));
      expect(inner.item()).toBe(1);
      expect(alive()).toBe(1);
    });
    expect(alive()).toBe(0);
  });

  test("leaves alone what is kept", () => {
    const kept = scope(() => keep(tensor([7])) && undefined);
    expect(kept).toBeUndefined();
    expect(alive()).toBe(1);
  });

  test("ends what it made when it throws", () => {
    expect(() =>
      scope(() => {
        tensor([1]);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(alive()).toBe(0);
  });

  test("refuses a function that returns a promise", () => {
    expect(() => scope(async () => tensor([1]))).toThrow(
      /scope: the function returned a promise.*synchronous code only/,
    );
    expect(alive()).toBe(0);
  });
});

describe("use after the end", () => {
  test("names the op that made it and the scope that ended it, and keep", () => {
    let escaped: Tensor | undefined;
    scope(() => {
      escaped = add(tensor([1]), tensor([2])) as Tensor;
    });
    expect(() => escaped!.data()).toThrow(
      /data\(\): this tensor was made by add and released at the end of scope\(\) \(lifetime\.test\.ts:\d+\).*keep\(tensor\)/,
    );
    expect(() => mul(escaped!, escaped!)).toThrow(/^mul: this tensor was made by add/);
  });

  test("after so many scopes that their places are no longer looked up", () => {
    let escaped: Tensor | undefined;
    for (let turn = 0; turn < 1_001; turn++) {
      scope(() => {
        escaped = tensor([1]);
      });
    }
    expect(() => escaped!.data()).toThrow(/made by tensor\(\) and released at the end of scope\(\)\. To use/);
  });

  test("after release() and `using`", () => {
    const gone = tensor([1]);
    gone.release();
    gone.release();
    expect(() => gone.item()).toThrow(/made by tensor\(\) and released by release\(\)/);
    {
      using short = tensor([1]);
      expect(short.item()).toBe(1);
      expect(alive()).toBe(1);
    }
    expect(alive()).toBe(0);
  });
});

describe("a turn of a synchronous loop", () => {
  test("ends its batch and all that the body makes from it", () => {
    const counts: number[] = [];
    for (const x of loader(3)) {
      mul(add(x, x), x);
      counts.push(alive());
    }
    expect(counts).toEqual([3, 3, 3]);
    expect(alive()).toBe(0);
  });

  test("nested evaluation loop: the outer turn's tensors live on", () => {
    for (const x of loader(2, "training")) {
      const doubled = add(x, x);
      let total = 0;
      for (const v of loader(2, "validation")) total += add(v, v).data()[1]!;
      expect(total).toBe(6);
      expect(doubled.data()[0]).toBe(2 * x.data()[0]!);
    }
    expect(alive()).toBe(0);
  });

  test("break and throw end it", () => {
    for (const x of loader(3)) {
      add(x, x);
      break;
    }
    expect(alive()).toBe(0);
    expect(() => {
      for (const x of loader(3)) {
        add(x, x);
        throw new Error("stop");
      }
    }).toThrow("stop");
    expect(alive()).toBe(0);
  });

  test("spread: a past batch is an error that names keep", () => {
    const batches = [...loader(3)];
    expect(() => batches[0]!.data()).toThrow(/released at the end of turn 1 of the loop over loader.*keep\(tensor\)/);
    expect(alive()).toBe(0);
  });

  test("a moving average kept across turns", () => {
    let average = keep(tensor([0, 0])) as Tensor;
    for (const x of loader(3)) {
      const next = keep(average.mul(0.5).add(x.mul(0.5)));
      average.release();
      average = next;
    }
    // 0 → (0 + 0)/2, (0 + 1)/2 = 0, 0.5 → 0.5, 1.25 → 1.25, 2.125
    expect([...average.data()]).toEqual([1.25, 2.125]);
    expect(alive()).toBe(1);
    average.release();
  });

  test("a moving average that nobody keeps is an error that names keep", () => {
    expect(() => {
      let average = tensor([0, 0]) as Tensor;
      for (const x of loader(3)) average = add(average, x) as Tensor;
    }).toThrow(/add: this tensor was made by add and released at the end of turn 1 .*keep\(tensor\)/);
  });

  test("two interleaved loops", () => {
    const [a, b] = [loader(3, "a"), loader(3, "b")];
    for (let turn = 0; turn < 3; turn++) {
      const x = a.next().value!;
      const y = b.next().value!;
      expect(add(x, y).data()[1]).toBe(2 * turn + 2);
    }
    a.next();
    b.next();
    expect(alive()).toBe(0);
  });

  test("await in its body is noticed before the next turn, and the error names `for await`", async () => {
    await expect(
      (async () => {
        for (const x of loader(3)) {
          add(x, x);
          await Promise.resolve();
        }
      })(),
    ).rejects.toThrow(/the loop over loader .* awaited something in turn 1.*for await/s);
    expect(alive()).toBe(0);
  });

  test("`for await` owns its batch alone", async () => {
    const source = (function* () {
      for (let index = 0; index < 2; index++) yield tensor([index]) as Tensor;
    })();
    const made: Tensor[] = [];
    for await (const x of asyncTurns("loader", source)) {
      await Promise.resolve();
      made.push(add(x, x) as Tensor);
    }
    expect(made.map((each) => each.item())).toEqual([0, 2]);
    expect(alive()).toBe(2);
    for (const each of made) each.release();
  });
});

describe("outside every scope", () => {
  test("past the limit one warning names what made them, and where", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const held: Tensor[] = [];
    try {
      setUnscopedTensorLimit(100);
      for (let count = 0; count < 300; count++) held.push(tensor([count]) as Tensor);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.mock.calls[0]![0]).toMatch(
        /more than 100 tensors are alive outside every scope.*made by tensor\(\).*lifetime\.test\.ts/s,
      );
    } finally {
      for (const each of held) each.release();
      setUnscopedTensorLimit(10_000);
      warn.mockRestore();
    }
  });

  test("noGrad changes nothing about lifetime and refuses a promise", () => {
    const sum = noGrad(() => add(tensor([1]), tensor([2])));
    expect(sum.item()).toBe(3);
    expect(() => noGrad(async () => undefined)).toThrow(/noGrad: the function returned a promise/);
  });
});

test("a leaf made in a scope takes its gradient along when the scope ends", () => {
  const before = memoryReport().liveBuffers;
  const leaf = () => tensor([1, 2], { requiresGrad: true });
  for (let turn = 0; turn < 3; turn++) scope(() => sum(leaf()).backward());
  expect(memoryReport().liveBuffers).toBe(before);
  const [kept, returned] = scope(() => {
    const [first, second] = [leaf(), leaf()];
    sum(first.mul(second)).backward();
    keep(first);
    return [first, second] as const;
  });
  expect([[...kept.grad!.data()], [...returned.grad!.data()]]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  for (const each of [kept, returned]) {
    each.zeroGrad();
    each.release();
  }
  expect(memoryReport().liveBuffers).toBe(before);
});

test("what is refused leaves no buffer", () => {
  const before = memoryReport().liveBuffers;
  expect(() => tensor([1.5], { dtype: "i32" })).toThrow("element 0 is 1.5");
  expect(memoryReport().liveBuffers).toBe(before);
});
