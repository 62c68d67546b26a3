// The values of fixtures/reference.json, which fixtures/reference.py computed by mpmath, SymPy and PyTorch.
import { readFileSync } from "node:fs";

interface Reference {
  readonly gelu: {
    readonly runs: readonly {
      readonly start: number;
      readonly rate: number;
      readonly velocity: "new" | "old" | "none";
      /** x by the number of steps. */
      readonly x: Readonly<Record<string, number>>;
    }[];
    readonly torchMomentum: Readonly<Record<string, readonly number[]>>;
    readonly points: readonly Readonly<Record<"x" | "gelu" | "slope" | "curvature" | "elu" | "elu2", number>>[];
    readonly minimum: {
      readonly x: string;
      readonly value: string;
      readonly lambertW: string;
      readonly curvature: number;
      readonly inflection: number;
    };
    readonly contraction: readonly { readonly rate: number; readonly new: number; readonly old: number }[];
  };
  readonly gates: { readonly separable: readonly string[]; readonly xor: readonly number[] };
  readonly backprop: {
    readonly loss: number;
    readonly forward: Readonly<Record<"f1" | "a" | "f2" | "o", readonly number[]>>;
    readonly gradients: Readonly<Record<"x" | "W1" | "b1" | "W2" | "b2" | "f1" | "a" | "f2", readonly number[]>>;
  };
  readonly convolution: {
    readonly maps: readonly {
      readonly featureMap: readonly (readonly number[])[];
      readonly filter: readonly (readonly number[])[];
      readonly pool: number;
      readonly poolStride: number;
      readonly map: readonly (readonly number[])[];
      readonly turned: readonly (readonly number[])[];
      readonly pooled: readonly (readonly number[])[];
    }[];
    /** n, k, p, and the strides up to 20 that keep the length n. */
    readonly strides: readonly (readonly [number, number, number, readonly number[]])[];
  };
}

export const reference = JSON.parse(
  readFileSync(new URL("../fixtures/reference.json", import.meta.url), "utf8"),
) as Reference;
