// Index arithmetic: a thousand random shapes and ranges against a plain loop.

import { beforeAll, expect, test } from "vitest";
import { flip, Generator, init, permute, type Shape, scope, slice, type Tensor, tensor } from "../index.ts";
import type { Range } from "./layout.ts";

beforeAll(() => init({ threads: 1 }));

const random = new Generator(6);

/** A whole number from `low` to `high`, both included. */
function whole(low: number, high: number): number {
  return low + Math.min(high - low, Math.floor(scope(() => random.uniform([]).item()) * (high - low + 1)));
}

function some<T>(value: () => T): T | undefined {
  return whole(0, 2) === 0 ? undefined : value();
}

/** The places that Python's slice(start, stop, step) takes on an axis, counted one by one. */
function places(length: number, { start, stop, step = 1 }: Range): number[] {
  const wrapped = (at: number): number => (at < 0 ? at + length : at);
  const taken: number[] = [];
  if (step > 0) {
    const from = Math.max(0, start === undefined ? 0 : wrapped(start));
    const to = Math.min(length, stop === undefined ? length : wrapped(stop));
    for (let at = from; at < to; at += step) taken.push(at);
  } else {
    const from = Math.min(length - 1, start === undefined ? length - 1 : wrapped(start));
    const to = Math.max(-1, stop === undefined ? -1 : wrapped(stop));
    for (let at = from; at > to; at += step) taken.push(at);
  }
  return taken;
}

/** The elements 0, 1, 2, ... of an array of `shape` at every combination of places, one list an axis. */
function pick(shape: Shape, lists: readonly (readonly number[])[]): number[] {
  return lists.reduce<number[]>(
    (bases, list, axis) => bases.flatMap((base) => list.map((place) => base * shape[axis]! + place)),
    [0],
  );
}

function counting(shape: Shape): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, at) => at),
    { shape },
  );
}

test("T06: slice and flip of a thousand random shapes, steps forward and backward", () => {
  for (let round = 0; round < 1000; round++) {
    const shape = Array.from({ length: whole(1, 4) }, () => whole(0, 5));
    const ranges = shape.map((length): Range => {
      const start = some(() => whole(-length - 2, length + 2));
      const stop = some(() => whole(-length - 2, length + 2));
      const step = some(() => whole(1, 3) * (whole(0, 1) === 0 ? 1 : -1));
      return {
        ...(start === undefined ? {} : { start }),
        ...(stop === undefined ? {} : { stop }),
        ...(step === undefined ? {} : { step }),
      };
    });
    const lists = shape.map((length, axis) => places(length, ranges[axis]!));
    const turned = shape.map(() => whole(0, 1) === 1);
    const axes = turned.flatMap((is, axis) => (is ? [axis] : []));
    const flippedLists = shape.map((length, axis) => places(length, turned[axis] ? { step: -1 } : {}));
    const said = JSON.stringify({ shape, ranges, axes });
    scope(() => {
      const x = counting(shape);
      const part = slice(x, ranges);
      expect([part.shape, [...part.data()]], said).toEqual([lists.map((list) => list.length), pick(shape, lists)]);
      expect([...flip(x, axes).data()], said).toEqual(pick(shape, flippedLists));
    });
  }
});

test("T06: permute of random shapes: element [i, j, k] moves to its places in the new order", () => {
  for (let round = 0; round < 200; round++) {
    const shape = Array.from({ length: whole(1, 4) }, () => whole(1, 4));
    const order = [...random.permutation(shape.length)];
    scope(() => {
      const moved = permute(counting(shape), order);
      const sizes = order.map((axis) => shape[axis]!);
      const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
      // The places of the result counted up, each looked up in x by the axes that it came from.
      const want = pick(
        sizes,
        sizes.map((length) => places(length, {})),
      ).map((_, at) => {
        let rest = at;
        return order.toReversed().reduce((from, axis) => {
          const place = rest % shape[axis]!;
          rest = Math.floor(rest / shape[axis]!);
          return from + place * strides[axis]!;
        }, 0);
      });
      expect([moved.shape, [...moved.data()]], JSON.stringify({ shape, order })).toEqual([sizes, want]);
    });
  }
});
