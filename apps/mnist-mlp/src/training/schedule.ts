// How the learning rate changes over a run: a factor for each step, from the share of the run that is done.

export const SCHEDULES = ["cosine", "linear", "constant"] as const;
export type Schedule = (typeof SCHEDULES)[number];

const FACTORS: { readonly [S in Schedule]: (done: number) => number } = {
  /** Half a cosine from 1 to 0 (I. Loshchilov and F. Hutter, arXiv 1608.03983). */
  cosine: (done) => (1 + Math.cos(Math.PI * done)) / 2,
  linear: (done) => 1 - done,
  constant: () => 1,
};

/** What the learning rate is multiplied by in step `step` of `steps`, counted from 0. */
export function rateFactor(schedule: Schedule, step: number, steps: number): number {
  return FACTORS[schedule](step / steps);
}
