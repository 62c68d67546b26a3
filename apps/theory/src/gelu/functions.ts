// GELU in its logistic form, ReLU and ELU, in f64, with their derivatives. GELU's coefficient is 1.702 in the coursework.
import { sigmoid } from "../sigmoid.ts";

/** x σ(cx). Far to the left it is 0, even where x is infinite. */
export function gelu(x: number, c: number): number {
  return x === Number.NEGATIVE_INFINITY ? 0 : x * sigmoid(c * x);
}

/** d/dx x σ(cx) = σ(cx) + cx σ(cx) (1 − σ(cx)). */
export function geluSlope(x: number, c: number): number {
  const z = c * x;
  const s = sigmoid(z);
  return s + product(z, s * sigmoid(-z));
}

/** The second derivative: c σ (1 − σ) (2 + cx (1 − 2σ)). */
export function geluCurvature(x: number, c: number): number {
  const z = c * x;
  const s = sigmoid(z);
  const bell = s * sigmoid(-z);
  return c * (2 * bell + product(z * (1 - 2 * s), bell));
}

/** max(x, 0). */
export function relu(x: number): number {
  return Math.max(x, 0);
}

/** x from 0 on, α (eˣ − 1) below. */
export function elu(x: number, alpha: number): number {
  return x >= 0 ? x : alpha * Math.expm1(x);
}

/** What decays exponentially wins: ∞ · 0 is 0 here. */
function product(large: number, small: number): number {
  return small === 0 ? 0 : large * small;
}
