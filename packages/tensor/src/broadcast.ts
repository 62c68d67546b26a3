// How a broadcast is run: as a matrix against a whole, a row, a column or one number; by copies where that is not enough.

import type { Kernels } from "@lanewise/kernels";
import { type Shape, sameShape, sizeOf } from "./shape.ts";
import { type Value, withTemporary } from "./value.ts";

/** How a side covers the result; the numbers are those of `Spread` in the crate. */
export const Spread = { whole: 0, row: 1, column: 2, one: 3 } as const;
export type SpreadCode = (typeof Spread)[keyof typeof Spread];

export interface Plan {
  readonly rows: number;
  readonly cols: number;
  readonly a: SpreadCode;
  readonly b: SpreadCode;
}

/** Which axes of the result a side covers: runs of axes, from the right; false where it has size 1. */
function covered(side: Shape, result: Shape): boolean[] {
  return result.map((length, axis) => {
    const own = side[axis - result.length + side.length] ?? 1;
    return own === length;
  });
}

/** The rows and columns under which both sides are simple, or null where there are none. */
export function plan(a: Shape, b: Shape, result: Shape): Plan | null {
  const coveredByA = covered(a, result);
  const coveredByB = covered(b, result);
  for (let split = 0; split <= result.length; split++) {
    const left = spreadAt(coveredByA, split);
    const right = spreadAt(coveredByB, split);
    if (left === null || right === null) continue;
    return { rows: sizeOf(result.slice(0, split)), cols: sizeOf(result.slice(split)), a: left, b: right };
  }
  return null;
}

/** As `plan`, for any number of sides. */
export function planSides(
  sides: readonly Shape[],
  result: Shape,
): { readonly rows: number; readonly cols: number; readonly spreads: readonly SpreadCode[] } | null {
  const coverages = sides.map((side) => covered(side, result));
  for (let split = 0; split <= result.length; split++) {
    const spreads = coverages.map((axes) => spreadAt(axes, split)).filter((spread) => spread !== null);
    if (spreads.length < sides.length) continue;
    return { rows: sizeOf(result.slice(0, split)), cols: sizeOf(result.slice(split)), spreads };
  }
  return null;
}

/** The spread of a side when axes before `split` are rows and those from it on are columns. */
function spreadAt(axes: readonly boolean[], split: number): SpreadCode | null {
  const rows = uniform(axes.slice(0, split));
  const cols = uniform(axes.slice(split));
  if (rows === null || cols === null) return null;
  if (rows && cols) return Spread.whole;
  if (cols) return Spread.row;
  return rows ? Spread.column : Spread.one;
}

/** Whether all of the axes are covered, or none is; no axes at all count as covered. */
function uniform(axes: readonly boolean[]): boolean | null {
  const first = axes[0] ?? true;
  return axes.every((axis) => axis === first) ? first : null;
}

/** Runs `use` with `value` copied out to `shape`, or with itself where it has that shape. */
export function withBroadcast<R>(k: Kernels, value: Value, shape: Shape, use: (whole: Value) => R): R {
  if (sameShape(value.shape, shape)) return use(value);
  return withTemporary(
    shape,
    (whole) => {
      broadcastTo(k, value, whole);
      return use(whole);
    },
    value.dtype,
  );
}

const copies = {
  f32: "strided_copy",
  i32: "strided_copy_i32",
  u8: "strided_copy_u8",
  bool: "strided_copy_u8",
} as const;

/** Copies `x` to the larger `y` of its type, repeated along the axes in which it has size 1 or none. */
export function broadcastTo(k: Kernels, x: Value, y: Value): void {
  const offset = y.shape.length - x.shape.length;
  let stride = 1;
  const strides = new Array<number>(y.shape.length).fill(0);
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    if (x.shape[axis] !== 1) strides[axis + offset] = stride;
    stride *= x.shape[axis]!;
  }
  k[copies[x.dtype]](Uint32Array.from(y.shape), Int32Array.from(strides), 0, x.size, x.handle, y.handle);
}

/** The adjoint of a broadcast: `dx` = `dy` summed over the axes along which `dx`'s shape was repeated. */
export function sumTo(k: Kernels, dy: Value, dx: Value): void {
  const offset = dy.shape.length - dx.shape.length;
  const axes = dy.shape.map((_, axis) => axis).filter((axis) => (dx.shape[axis - offset] ?? 1) !== dy.shape[axis]);
  sumAxes(k, dy, axes, dx);
}

/** `y` = `x` summed over `axes` (ascending), neighbouring axes in one pass. */
export function sumAxes(k: Kernels, x: Value, axes: readonly number[], y: Value): void {
  if (axes.length === 0) {
    k.copy(x.size, x.handle, y.handle);
    return;
  }
  let first = axes.length - 1;
  while (first > 0 && axes[first - 1] === axes[first]! - 1) first -= 1;
  const from = axes[first]!;
  const to = axes.at(-1)! + 1;
  const outer = sizeOf(x.shape.slice(0, from));
  const length = sizeOf(x.shape.slice(from, to));
  const inner = sizeOf(x.shape.slice(to));
  if (first === 0) {
    k.sum_forward(outer, length, inner, x.handle, y.handle);
    return;
  }
  const shape = x.shape.map((size, axis) => (axis >= from && axis < to ? 1 : size));
  withTemporary(shape, (partial) => {
    k.sum_forward(outer, length, inner, x.handle, partial.handle);
    sumAxes(k, partial, axes.slice(0, first), y);
  });
}
