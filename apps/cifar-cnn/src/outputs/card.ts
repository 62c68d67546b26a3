// What the network's file says beside its weights: which network it is, what it takes, what its classes are called.
import type { ModelCard } from "@lanewise/models";
import { cifarClasses, cifarInput } from "lanewise/data";
import type { Settings } from "../settings.ts";

/** Null for a network that no other program builds. */
export function cardOf({ network, widths }: Pick<Settings, "network" | "widths">, about: string): ModelCard | null {
  if (network !== "whitened") return null;
  return { network: { kind: network, widths }, input: cifarInput, classes: cifarClasses, about };
}
