// Activations that a kernel applies to its own result before writing it, and the way back through them.

import type { GradientRule } from "./op-record.ts";

/** The numbers are those of `Activation` in the crate. */
const CODES = { none: 0, relu: 1, sigmoid: 2, tanh: 3 } as const;

/** Those whose gradient can be told from the result: nothing else need be saved. */
export type FusedActivation = keyof typeof CODES;

export function activationCode(activation: FusedActivation): number {
  return CODES[activation];
}

/** An op's `incoming`: the gradient before the activation, from the result. */
export function throughActivation<Names extends string>(
  activation: FusedActivation,
): GradientRule<Names | "y", unknown> | null {
  if (activation === "none") return null;
  return {
    needs: ["y"],
    gradient: (k, { y, dy }, dz) => k[`${activation}_backward`](dy.size, y.handle, dy.handle, dz.handle),
  };
}
