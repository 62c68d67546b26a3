// The networks of this program.

export { type WhitenedOptions, type Widths, whitenedNetwork } from "@lanewise/models";
export { tutorialNetwork } from "./tutorial.ts";
export { type ImageBytes, type Normalization, whiteningFilters } from "./whitening.ts";
