// The network of a recipe, its weights drawn from the default generator; the whitening filters come from training images.
import type { CifarDataset } from "lanewise/data";
import type { Module, Sequential } from "lanewise/nn";
import { tutorialNetwork, whitenedNetwork, whiteningFilters } from "../network/index.ts";
import type { Settings } from "../settings.ts";
import { NORMALIZATION } from "./views.ts";

/** Images whose patches are whitened. */
const WHITENING_IMAGES = 5000;

export function buildNetwork(
  { network, widths, whitening, dirac }: Pick<Settings, "network" | "widths" | "whitening" | "dirac">,
  train: CifarDataset,
): Sequential<readonly Module[]> {
  if (network === "tutorial") return tutorialNetwork();
  return whitenedNetwork({ widths, dirac, filters: whitening ? filtersFor(train) : null });
}

function filtersFor({ raw, shape, length }: CifarDataset): Float32Array {
  const count = Math.min(WHITENING_IMAGES, length);
  return whiteningFilters({ pixels: raw as Uint8Array, side: shape[0], count }, NORMALIZATION);
}
