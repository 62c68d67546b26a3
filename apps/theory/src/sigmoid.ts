// The logistic function in f64, which three of the problems need.

/** 1 / (1 + e⁻ᶻ), without overflow for any z. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const small = Math.exp(z);
  return small / (1 + small);
}
