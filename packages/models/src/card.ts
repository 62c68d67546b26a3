// The card of a model: what its file says beside the weights, all that is needed to use them.
import { type ImageInput, imageInput } from "@lanewise/data";
import type { PtMetadata } from "@lanewise/io";
import { type NetworkDescription, networkDescription } from "./network.ts";

export interface ModelCard {
  readonly network: NetworkDescription;
  /** How pictures become what the network takes. */
  readonly input: ImageInput;
  /** What the classes are called, by label. */
  readonly classes: readonly string[];
  /** What it was trained on, and how well it does, in a sentence. */
  readonly about: string;
}

/** The card in a file's metadata, checked. */
export function modelCard(metadata: PtMetadata | null, label: string): ModelCard {
  if (metadata === null) throw new Error(`${label} does not say what network it is for; write it by writeModel`);
  const { network, input, classes, about } = metadata;
  if (!(Array.isArray(classes) && classes.every((name) => typeof name === "string"))) {
    throw new TypeError(`${label}: its classes are ${JSON.stringify(classes)?.slice(0, 200)}; expected names`);
  }
  return {
    network: networkDescription(network, label),
    input: imageInput(input, `${label}: its input`),
    classes,
    about: typeof about === "string" ? about : "",
  };
}
