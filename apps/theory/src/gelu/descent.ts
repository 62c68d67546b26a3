// Gradient descent, plain and with momentum in both readings of the rule, as one loop over any derivative.

/** Which v moves x: the one that the step has just made, the one from before it, or none at all. */
export type Velocity = "new" | "old" | "none";

export interface Descent {
  /** "none" is plain gradient descent. */
  readonly velocity: Velocity;
  readonly rate: number;
  /** The share of the last v that is kept; without meaning for plain gradient descent. */
  readonly beta: number;
}

/**
 * x after 0, 1, ..., `steps` steps from `start`.
 *
 * Plain: x ← x − η f′(x). Momentum: v₀ = f′(x₀), v′ = β v + (1 − β) f′(x), and x ← x − η v′ where the new v moves x,
 * x ← x − η v where the old one does.
 */
export function descend(slope: (x: number) => number, { velocity, rate, beta }: Descent, start: number, steps: number) {
  const path = new Float64Array(steps + 1);
  path[0] = start;
  let x = start;
  let v = slope(start);
  for (let step = 1; step <= steps; step++) {
    const gradient = slope(x);
    const next = velocity === "none" ? gradient : beta * v + (1 - beta) * gradient;
    x -= rate * (velocity === "old" ? v : next);
    v = next;
    path[step] = x;
  }
  return path;
}

/** The first step from which on x stays within `distance` of `target`, or null if it never does. */
export function settledAt(path: Float64Array, target: number, distance: number): number | null {
  let last = path.length;
  while (last > 0 && Math.abs(path[last - 1]! - target) <= distance) last--;
  return last < path.length ? last : null;
}

/**
 * Near a minimum of second derivative λ a step is linear in the distance d and in v; this is the largest size of its
 * eigenvalues. Plain: 1 − ηλ. New v: z² − (1 + β − η(1 − β)λ) z + β. Old v: z² − (1 + β) z + β + η(1 − β)λ.
 */
export function contraction({ velocity, rate, beta }: Descent, curvature: number): number {
  const pull = rate * curvature;
  if (velocity === "none") return Math.abs(1 - pull);
  const [sum, product] =
    velocity === "new" ? [1 + beta - (1 - beta) * pull, beta] : [1 + beta, beta + (1 - beta) * pull];
  const discriminant = sum * sum - 4 * product;
  return discriminant < 0 ? Math.sqrt(product) : (Math.abs(sum) + Math.sqrt(discriminant)) / 2;
}
