// A network by its description, as a file's metadata has it.
import type { Module, Sequential } from "@lanewise/nn";
import { mlp } from "./mlp.ts";
import { type Widths, whitenedNetwork } from "./whitened.ts";

export type NetworkDescription =
  | { readonly kind: "mlp"; readonly sizes: readonly number[] }
  | { readonly kind: "whitened"; readonly widths: Widths };

/** The network with weights as it begins with; its file's state dict replaces them. */
export function buildNetwork(description: NetworkDescription): Sequential<readonly Module[]> {
  if (description.kind === "mlp") return mlp(description.sizes);
  return whitenedNetwork({ widths: description.widths, filters: null, dirac: false });
}

/** A description that was read from a file, checked. */
export function networkDescription(value: unknown, label: string): NetworkDescription {
  const { kind, sizes, widths } = (value ?? {}) as Record<string, unknown>;
  if (kind === "mlp" && areWidths(sizes) && sizes.length >= 2) return { kind, sizes };
  if (kind === "whitened" && areWidths(widths) && widths.length === 3) {
    return { kind, widths: widths as unknown as Widths };
  }
  throw new TypeError(
    `${label}: its network is ${JSON.stringify(value)?.slice(0, 200)}; expected an mlp with sizes, or whitened with three widths`,
  );
}

/** A file may say anything: layers of more are none of the apps'. */
const areWidths = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= 32 && value.every((n) => Number.isInteger(n) && n >= 1 && n <= 65_536);
