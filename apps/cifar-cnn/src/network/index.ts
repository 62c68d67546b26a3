// The networks of this program.

export { tutorialNetwork } from "./tutorial.ts";
export { type WhitenedOptions, type Widths, whitenedNetwork } from "./whitened.ts";
export { type ImageBytes, type Normalization, whiteningFilters } from "./whitening.ts";
