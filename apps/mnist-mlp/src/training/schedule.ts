// How the learning rate changes over a run: a factor for each step, by the schedules that the program offers.
import { constant, cosine, type Schedule as Factor, linear } from "lanewise/optim";

export const SCHEDULES = ["cosine", "linear", "constant"] as const;
export type Schedule = (typeof SCHEDULES)[number];

const FACTORS: { readonly [S in Schedule]: Factor } = { cosine: cosine(), linear: linear(), constant: constant() };

/** What the learning rate is multiplied by in step `step` of `steps`, counted from 0. */
export function rateFactor(schedule: Schedule, step: number, steps: number): number {
  return FACTORS[schedule](step / steps);
}
