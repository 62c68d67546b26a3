// The minimum of x σ(cx) and its turning point: with u = cx both are zeros of functions of u alone.
import { sigmoid } from "../sigmoid.ts";
import { geluCurvature } from "./functions.ts";
import { rootBetween } from "./root.ts";

export interface Minimum {
  readonly x: number;
  readonly value: number;
  /** The second derivative there: how fast descent closes in. */
  readonly curvature: number;
  /** Left of the minimum: from here on leftwards the slope fades away. */
  readonly inflection: number;
  /** W(1/e), Lambert's function, for which the minimum is at −(1 + W)/c and has the value −W/c. */
  readonly lambertW: number;
}

/**
 * f′(x) = σ (1 + u (1 − σ)), so the minimum is where 1 + u (1 − σ(u)) = 0. With 1 − σ = 1/(1 + eᵘ) that is
 * −(1 + u) = eᵘ; w = −(1 + u) then solves w eʷ = 1/e.
 */
export function minimumOfGelu(c: number): Minimum {
  const u = rootBetween((z) => 1 + z * sigmoid(-z), -2, -1);
  const bend = rootBetween((z) => 2 + z * (1 - 2 * sigmoid(z)), -4, -1);
  // At the root σ(u) = 1 + 1/u, so that u σ(u) = u + 1 without a rounding error of σ.
  return { x: u / c, value: (u + 1) / c, curvature: geluCurvature(u / c, c), inflection: bend / c, lambertW: -(1 + u) };
}
