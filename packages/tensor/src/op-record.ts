// What an op is: one record with its shape rule, its kernels and what its gradients need.

import type { Kernels } from "@lanewise/kernels";
import type { DType } from "./dtype.ts";
import type { Shape } from "./shape.ts";
import type { Value } from "./value.ts";

/** What the functions of a record see: inputs, result and extra results by name, and the options. */
export type Context<Names extends string, Options> = { readonly [N in Names]: Value } & { readonly options: Options };

/** One input's gradient. */
export interface GradientRule<Names extends string, Options> {
  /** The inputs and results that it reads besides `dy`: these are saved by the forward pass, nothing else is. */
  readonly needs: readonly Names[];
  /** Writes the gradient to `dx`, whose contents are unspecified before. */
  gradient(k: Kernels, context: Context<Names | "dy", Options>, dx: Value): void;
}

/** All gradients of an op that share their work. */
export interface JointRule<Inputs extends string, Names extends string, Options> {
  /** As in a `GradientRule`; an optional input that did not come is passed over. */
  readonly needs: readonly Names[];
  /** Writes the gradients that are wanted, each to its place in `wanted`. */
  gradients(
    k: Kernels,
    context: Context<Names | "dy", Options>,
    wanted: { readonly [I in Inputs]?: Value | undefined },
  ): void;
}

export interface OpRecord<Inputs extends string, Extras extends string, Options> {
  readonly name: string;
  readonly inputs: readonly Inputs[];
  /** Element types of the inputs; f32 where not given. */
  readonly dtypes?: readonly DType[];
  /** Element type of the result; f32 where not given. */
  readonly dtype?: DType;
  /** Results beside y that gradients need (probabilities, indices), with their shapes. */
  readonly extras?: { readonly [E in Extras]: (shapes: readonly Shape[], options: Options) => Shape } | undefined;
  readonly extraDtypes?: { readonly [E in Extras]?: DType } | undefined;
  forward(k: Kernels, context: Context<Inputs | Extras | "y", Options>): void;
  /**
   * Where the op ends in a fused activation: writes the gradient before it, once for all inputs, which then see that as
   * `dy`. Null where these options have none.
   */
  incoming?(options: Options): GradientRule<Inputs | Extras | "y", Options> | null;
  /** The gradients that are worked out together, in one call for all that are wanted. */
  together?(options: Options): JointRule<Inputs, Inputs | Extras | "y", Options>;
  /**
   * By input. "dy": the gradient passes unchanged; "together": it is one of those that `together` writes. An input without
   * an entry has no gradient.
   */
  readonly backward: {
    readonly [I in Inputs]?: GradientRule<Inputs | Extras | "y", Options> | "dy" | "together" | undefined;
  };
}

/** A record of any op: what it is called with was checked where it was defined. */
export interface AnyOpRecord {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly dtypes?: readonly DType[] | undefined;
  readonly dtype?: DType | undefined;
  readonly extras?: { readonly [name: string]: (shapes: readonly Shape[], options: never) => Shape } | undefined;
  readonly extraDtypes?: { readonly [name: string]: DType | undefined } | undefined;
  forward(k: Kernels, context: never): void;
  incoming?(options: never): AnyGradientRule | null;
  together?(options: never): {
    readonly needs: readonly string[];
    gradients(k: Kernels, context: never, wanted: never): void;
  };
  readonly backward: {
    readonly [name: string]: AnyGradientRule | "dy" | "together" | undefined;
  };
}

interface AnyGradientRule {
  readonly needs: readonly string[];
  gradient(k: Kernels, context: never, dx: Value): void;
}
