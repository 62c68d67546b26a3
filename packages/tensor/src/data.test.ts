// What comes into tensors, and what is copied: elements of another type, gradients and results that somebody else holds.
import { beforeAll, expect, it } from "vitest";
import { concat, defaultGenerator, init, scope, sum, tensor } from "./index.ts";

beforeAll(() => init({ threads: 1 }));

it("D09: what is no number is refused by its place", () => {
  const made = (data: unknown) => () => tensor(data as number[]);
  expect(made([1, undefined])).toThrow("tensor: data[1] is undefined, expected a number or a boolean");
  expect(made([[1], ["abc"]])).toThrow("data[1][0] is abc, expected a number");
  expect(made([1, null])).toThrow("data[1] is null, expected a number");
  expect(made(null)).toThrow("data is null, expected a number");
});

it("X04: assign() takes the elements of the tensor's type alone", () => {
  scope(() => {
    const x = tensor([1, 2]);
    expect(() => x.assign(Int32Array.of(5, 6) as never)).toThrow(
      "assign(): Int32Array came, expected Float32Array for a tensor of f32",
    );
    expect(() => x.assign([5, 6] as never)).toThrow("Array came, expected Float32Array");
    expect(() => tensor([true, false]).assign(Uint8Array.of(7, 2))).toThrow("element 0 is 7, expected 0 or 1 for bool");
    expect([...x.data()]).toEqual([1, 2]);
  });
});

it("concat of one is a copy, and its gradient goes through", () => {
  scope(() => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = concat([x as never]);
    sum(y.mul(3)).backward();
    y.assign(Float32Array.of(9, 9));
    expect([[...x.data()], [...x.grad!.data()]]).toEqual([
      [1, 2],
      [3, 3],
    ]);
  });
});

it("a leaf's gradient is its own: writing to it leaves the one that was given to backward() as it was", () => {
  scope(() => {
    const x = tensor([1, 2, 3, 4], { requiresGrad: true });
    const gradient = tensor([1, 2, 3, 4], { shape: [2, 2] });
    x.reshape([2, 2]).backward({ gradient: gradient as never });
    x.grad!.assign(Float32Array.of(7, 7, 7, 7));
    expect([...gradient.data()]).toEqual([1, 2, 3, 4]);
  });
});

it("a generator refuses a state that is no place in its numbers, and keeps its own", () => {
  const generator = defaultGenerator();
  const before = generator.state;
  for (const wrong of [{ seed: "-5" }, { stream: 1.5 }, { position: Number.NaN }, { position: -1 }]) {
    expect(() => {
      generator.state = { ...before, ...wrong };
    }).toThrow(/Generator: (seed|stream|position) \S+ came/);
  }
  expect(generator.state).toEqual(before);
});
