// Shape rules: each is one function whose type tells the compiler what its body checks at run time.
//
// A size of type `number`, and a shape of unknown rank (`Shape`), fit everywhere when compiling and are checked when run.

import { ShapeError, ShapeProblem } from "./errors.ts";
import { axisOf, formatShape, type Shape, sizeOf } from "./shape.ts";

/** What a shape is intersected with when it cannot fit; the compiler's message shows it. */
export interface Mismatch<Problem extends string, Expected, Got> {
  readonly "shapes do not fit": Problem;
  readonly expected: Expected;
  readonly got: Got;
}

type Unknown<S extends Shape> = number extends S["length"] ? true : false;

/** Whether two sizes may be equal. */
export type SameSize<A extends number, B extends number> = number extends A
  ? true
  : number extends B
    ? true
    : A extends B
      ? true
      : false;

// ---- one input, the same shape out

export function same<S extends Shape>(x: S): S {
  return x;
}

// ---- broadcasting, as NumPy and PyTorch do it

type BroadcastSize<A extends number, B extends number> = A extends 1
  ? B
  : B extends 1
    ? A
    : number extends A
      ? B
      : number extends B
        ? A
        : A extends B
          ? A
          : never;

type BroadcastTuple<A extends Shape, B extends Shape, Done extends Shape = []> = A extends readonly [
  ...infer AH extends Shape,
  infer AL extends number,
]
  ? B extends readonly [...infer BH extends Shape, infer BL extends number]
    ? BroadcastTuple<AH, BH, [BroadcastSize<AL, BL>, ...Done]>
    : [...A, ...Done]
  : [...B, ...Done];

export type Broadcast<A extends Shape, B extends Shape> =
  Unknown<A> extends true ? Shape : Unknown<B> extends true ? Shape : BroadcastTuple<A, B>;

type HasNever<S extends Shape> = S extends readonly [infer H, ...infer T extends Shape]
  ? [H] extends [never]
    ? true
    : HasNever<T>
  : false;

export type Broadcastable<A extends Shape, B extends Shape> =
  HasNever<Broadcast<A, B>> extends true ? Mismatch<"sizes must be equal, or one of them 1", A, B> : unknown;

/** The shape that both sides are broadcast to: sizes equal from the right, or 1, or missing. */
export function broadcast<A extends Shape, B extends Shape>(a: A, b: B & Broadcastable<A, B>): Broadcast<A, B> {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 1; axis <= rank; axis++) {
    const left = a[a.length - axis] ?? 1;
    const right = b[b.length - axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeProblem(
        `shapes ${formatShape(a)} and ${formatShape(b)} came; counted from the right, sizes must be equal or one of them 1, ` +
          `but ${left} meets ${right}`,
      );
    }
    shape[rank - axis] = left === 1 ? right : left;
  }
  return shape as Shape as Broadcast<A, B>;
}

// ---- matrix product

type InnerFits<A extends Shape, B extends Shape> =
  Unknown<A> extends true
    ? unknown
    : Unknown<B> extends true
      ? unknown
      : A extends readonly [number, infer K extends number]
        ? B extends readonly [infer L extends number, number]
          ? SameSize<K, L> extends true
            ? unknown
            : Mismatch<"inner sizes must be equal", K, L>
          : Mismatch<"a matrix", readonly [K, number], B>
        : Mismatch<"two matrices", readonly [number, number], A>;

export type Product<A extends Shape, B extends Shape> = A extends readonly [infer M extends number, number]
  ? B extends readonly [number, infer N extends number]
    ? [M, N]
    : [M, number]
  : B extends readonly [number, infer N extends number]
    ? [number, N]
    : [number, number];

/** [m, k] and [k, n] give [m, n]. */
export function innerProduct<A extends Shape, B extends Shape>(a: A, b: B & InnerFits<A, B>): Product<A, B> {
  if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) {
    throw new ShapeProblem(
      `shapes ${formatShape(a)} and ${formatShape(b)} came, expected [m, k] and [k, n] with one k`,
    );
  }
  return [a[0], b[1]] as unknown as Product<A, B>;
}

/** [m, k] and [n, k] give [m, n]: the second factor is taken transposed. */
export function innerProductNT<M extends number, N extends number, K extends number>(
  a: readonly [M, K],
  b: readonly [N, NoInfer<K>],
): [M, N] {
  if (a.length !== 2 || b.length !== 2 || a[1] !== b[1]) {
    throw new ShapeProblem(
      `shapes ${formatShape(a)} and ${formatShape(b)} came, expected [m, k] and [n, k] with one k`,
    );
  }
  return [a[0], b[0]];
}

/** [k, m] and [k, n] give [m, n]: the first factor is taken transposed. */
export function innerProductTN<M extends number, N extends number, K extends number>(
  a: readonly [K, M],
  b: readonly [NoInfer<K>, N],
): [M, N] {
  if (a.length !== 2 || b.length !== 2 || a[0] !== b[0]) {
    throw new ShapeProblem(
      `shapes ${formatShape(a)} and ${formatShape(b)} came, expected [k, m] and [k, n] with one k`,
    );
  }
  return [a[1], b[1]];
}

// ---- the last axis through a weight: x[..., in] W[in, out] + bias[out]

/** A shape with its last size replaced. */
export type WithLast<S extends Shape, Out extends number> = S extends readonly [...infer H extends Shape, number]
  ? [...H, Out]
  : Shape;

export function affine(op: string, x: Shape, weight: Shape, bias: Shape | null): Shape {
  const [inputs, outputs] = weight as readonly [number, number];
  if (x.length === 0 || weight.length !== 2 || x.at(-1) !== inputs) {
    throw new ShapeError(
      op,
      `an input of shape ${formatShape(x)} came, expected [..., ${inputs ?? "in"}] for a weight of shape ${formatShape(weight)}` +
        (x.length > 2 && sizeOf(x.slice(1)) === inputs
          ? `; put a Flatten before it: ${formatShape(x)} holds ${inputs} values a row`
          : ""),
    );
  }
  if (bias !== null && (bias.length !== 1 || bias[0] !== outputs)) {
    throw new ShapeError(op, `a bias of shape ${formatShape(bias)} came, expected [${outputs}]`);
  }
  return [...x.slice(0, -1), outputs!];
}

// ---- reductions

export interface ReduceOptions {
  /** The axis, or axes, to reduce; counted from the end where negative. All of them where not given. */
  readonly axis?: number | readonly number[];
  /** Keeps reduced axes with size 1, so that the result broadcasts against the input. */
  readonly keepDim?: boolean;
}

type DropAt<S extends Shape, Axis extends number, Keep extends boolean, Done extends Shape = []> = S extends readonly [
  infer H extends number,
  ...infer T extends Shape,
]
  ? Done["length"] extends Axis
    ? Keep extends true
      ? [...Done, 1, ...T]
      : [...Done, ...T]
    : DropAt<T, Axis, Keep, [...Done, H]>
  : Shape;

type AllOnes<S extends Shape> = { [K in keyof S]: 1 };
type Keeps<O> = O extends { readonly keepDim: true } ? true : false;

/** The shape that `ReduceOptions` of type `O` leave of `S`; unknown where the axis is computed, negative or a list. */
export type Reduced<S extends Shape, O> = O extends { readonly axis: infer Axis }
  ? Axis extends number
    ? number extends Axis
      ? Shape
      : `${Axis}` extends `-1`
        ? S extends readonly [...infer H extends Shape, number]
          ? Keeps<O> extends true
            ? [...H, 1]
            : H
          : Shape
        : `${Axis}` extends `-${string}`
          ? Shape
          : Unknown<S> extends true
            ? Shape
            : DropAt<S, Axis, Keeps<O>>
    : Shape
  : Keeps<O> extends true
    ? AllOnes<S>
    : [];

/** The axes that a reduction goes over, ascending, without repetition. */
export function reducedAxes(op: string, shape: Shape, options: ReduceOptions): number[] {
  if (options.axis === undefined) return shape.map((_, axis) => axis);
  const axes = (typeof options.axis === "number" ? [options.axis] : options.axis).map((axis) =>
    axisOf(op, shape, axis),
  );
  if (new Set(axes).size !== axes.length)
    throw new ShapeError(op, `axes ${formatShape(axes)} came, expected each once`);
  return axes.sort((a, b) => a - b);
}

export function reducedShape(shape: Shape, axes: readonly number[], keepDim: boolean): Shape {
  if (keepDim) return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return shape.filter((_, axis) => !axes.includes(axis));
}

// ---- reshaping

/** The sizes of a reshape, with the one −1 worked out from the rest. */
export function reshaped(shape: Shape, to: Shape): Shape {
  const open = to.filter((length) => length === -1).length;
  const known = sizeOf(to.filter((length) => length !== -1));
  const size = sizeOf(shape);
  const problem = (why: string): ShapeError =>
    new ShapeError("reshape", `${formatShape(shape)} (${size} elements) to ${formatShape(to)}: ${why}`);
  if (open > 1) throw problem("only one size can be -1");
  if (open === 1 && (known === 0 || size % known !== 0)) throw problem(`${size} is no multiple of ${known}`);
  const result = to.map((length) => (length === -1 ? size / known : length));
  if (sizeOf(result) !== size) throw problem("the number of elements must stay the same");
  return result;
}

/** What `reshape` makes of literal sizes: a −1 is only known when run. */
export type Reshaped<To extends Shape> = { -readonly [K in keyof To]: To[K] extends -1 ? number : To[K] };
