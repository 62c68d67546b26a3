// The settings of a run: the recipe with what the options change of it.
import type { Widths } from "./network/index.ts";
import type { GivenOptions } from "./options.ts";
import { RECIPES, type Recipe, type RecipeName, SGD_RATES } from "./recipes.ts";

export interface Settings extends Recipe {
  readonly recipe: RecipeName;
  readonly seed: number;
  /** Tested on 5,000 training images that training does not see, instead of on the test set. */
  readonly heldOut: boolean;
}

type Given = Pick<
  GivenOptions,
  "recipe" | "widths" | "epochs" | "batchSize" | "optimizer" | "lr" | "labelSmoothing" | "seed" | "heldOut"
>;

export function settingsOf(given: Given): Settings {
  const recipe: Recipe = RECIPES[given.recipe];
  const { widths, epochs, batchSize, optimizer, lr, labelSmoothing } = given;
  if (widths !== undefined && (widths.length !== 3 || recipe.network !== "whitened")) {
    throw new RangeError(
      `--widths ${widths.join(",")} came, expected three numbers, with a recipe of the whitened network (fast, full)`,
    );
  }
  if (optimizer === "muon" && recipe.network === "tutorial") {
    throw new RangeError("--optimizer muon came with the tutorial's recipe, which has one learning rate for all");
  }
  const rates = optimizer === "sgd" && recipe.optimizer === "muon" ? SGD_RATES : {};
  const changed = { widths: widths as Widths | undefined, epochs, batchSize, lr, labelSmoothing };
  const said = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
  return { ...recipe, ...rates, ...said, recipe: given.recipe, seed: given.seed, heldOut: given.heldOut };
}
