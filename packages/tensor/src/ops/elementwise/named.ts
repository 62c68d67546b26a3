// The kernels by their names: an op whose kernels the binary does not have fails to compile.

import type { Kernels } from "@lanewise/kernels";

/** The kernels called `<name>_forward` whose parameters are those of `K`. */
export type Named<Suffix extends string, Signature> = {
  [N in keyof Kernels]: Kernels[N] extends Signature ? (N extends `${infer Base}${Suffix}` ? Base : never) : never;
}[keyof Kernels];
