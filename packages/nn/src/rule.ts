// Layers in types: a rule tells which shapes a layer takes and which it gives, and rules chain through a Sequential.

import type { Filtered, ImagesFit, Mismatch, SameSize, Shape, WithLast } from "@lanewise/tensor";

/**
 * A function from shape to shape: intersect it with `{ in: S }` and read `out` and `fits`. `in` is `unknown` because the
 * intersection of `Shape` with a tuple no longer matches a pattern of tuples with a rest in it.
 */
export interface Rule {
  readonly in: unknown;
  readonly out: Shape;
  /** `unknown` where `in` fits, else the mismatch that the compiler shows. */
  readonly fits: unknown;
  /** The shape that the layer takes, as far as it is known without an input. */
  readonly domain: Shape;
}

export type Apply<R extends Rule, S extends Shape> = (R & { readonly in: S })["out"];
export type Fits<R extends Rule, S extends Shape> = (R & { readonly in: S })["fits"];

/** The shape stays as it is. */
export interface SameRule extends Rule {
  readonly out: this["in"] extends infer S extends Shape ? S : Shape;
  readonly fits: unknown;
}

/** The last size must be `In` and becomes `Out`. */
export interface LastSizeRule<In extends number, Out extends number> extends Rule {
  readonly out: this["in"] extends infer S extends Shape ? WithLast<S, Out> : Shape;
  readonly fits: number[] extends this["in"]
    ? unknown
    : this["in"] extends readonly [...Shape, infer Last extends number]
      ? SameSize<Last, In> extends true
        ? unknown
        : Mismatch<"the input's last size must be the layer's", In, Last>
      : Mismatch<"at least one axis", readonly [In], this["in"]>;
  readonly domain: readonly [number, In];
}

/** All axes but the first become one; its size is known only where nothing changes. */
export interface FlattenRule extends Rule {
  readonly out: this["in"] extends readonly [infer N extends number, infer K extends number]
    ? [N, K]
    : this["in"] extends readonly [infer N extends number, ...Shape]
      ? [N, number]
      : Shape;
  readonly fits: unknown;
}

/** Images [N, H, W, In] give images of other sizes with `Out` channels. */
export interface ImagesRule<In extends number, Out extends number> extends Rule {
  readonly out: this["in"] extends infer S extends Shape ? Filtered<S, Out> : Shape;
  readonly fits: this["in"] extends infer S extends Shape ? ImagesFit<S, In, 1> : unknown;
  readonly domain: readonly [number, number, number, In];
}
