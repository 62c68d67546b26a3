// @lanewise/models: the networks that the apps share, and files that say which of them their weights are for.
export { type ModelCard, modelCard } from "./card.ts";
export { type KnownModel, openModel, writeModel } from "./file.ts";
export { mlp } from "./mlp.ts";
export { buildNetwork, type NetworkDescription } from "./network.ts";
export { PATCH, WHITENED, type WhitenedOptions, type Widths, whitenedNetwork } from "./whitened.ts";
