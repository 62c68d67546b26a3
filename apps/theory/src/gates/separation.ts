// Can one line part a gate's ones from its zeros? A linear program finds weights or the reason why not; both are then
// checked in exact rationals, so that nothing rests on the program's floating point.
import Fraction from "fraction.js";
import { type Constraint, type Model, solve } from "yalps";
import { type Gate, rowsOf } from "./gate.ts";

/** Weights of one unit; every one reads w·x + b ≥ margin, every zero w·x + b ≤ −margin. */
export interface Separation {
  readonly weights: readonly Fraction[];
  readonly bias: Fraction;
  readonly margin: Fraction;
}

/**
 * Multipliers λ ≥ 0 of the rows, some λ of a zero above 0, with Σ s λ x = 0 and Σ s λ = 0, where s is +1 for ones and −1 for
 * zeros. They make Σ s λ (w·x + b) = 0 for all w and b. But if w and b worked, each term of a one would be ≥ 0 and each of a
 * zero > 0: the sum would be positive. So no w and b work (J. Farkas, 1902).
 */
export interface Impossibility {
  readonly multipliers: readonly Fraction[];
}

const sign = (output: 0 | 1): number => (output === 1 ? 1 : -1);
/** Bounds of weights and bias: where they lie is a matter of scale. */
const LARGEST = { weight: 1, bias: 2 };

/** The exact number that a linear program's solution means: the simplest fraction next to it. */
const exact = (value: number): Fraction => new Fraction(value).simplify(1e-9);

/** The widest separation with weights from −1 to 1; null if there is none. */
export function separate(gate: Gate): Separation | null {
  const variables: Record<string, Record<string, number>> = { margin: { margin: 1 } };
  const constraints: Record<string, Constraint> = {};
  const names = [...Array.from({ length: gate.inputs }, (_, input) => `w${input + 1}`), "b"];
  // The solver's variables are not negative: each of ours is a difference of two.
  for (const name of names) {
    for (const part of ["+", "-"]) variables[name + part] = { [`size of ${name}`]: 1 };
    constraints[`size of ${name}`] = { max: name === "b" ? LARGEST.bias : LARGEST.weight };
  }
  for (const [row, inputs] of rowsOf(gate).entries()) {
    const side = sign(gate.outputs[row]!);
    constraints[`row ${row}`] = { min: 0 };
    variables.margin![`row ${row}`] = -1;
    for (const [at, factor] of [...inputs, 1].entries()) {
      variables[`${names[at]}+`]![`row ${row}`] = side * factor;
      variables[`${names[at]}-`]![`row ${row}`] = -side * factor;
    }
  }
  const found = variablesOf({ direction: "maximize", objective: "margin", constraints, variables });
  if (found === null) return null;
  const value = (name: string) => exact((found.get(`${name}+`) ?? 0) - (found.get(`${name}-`) ?? 0));
  const weights = names.slice(0, -1).map(value);
  const bias = value("b");
  const margin = marginOf(gate, weights, bias);
  return margin.compare(0) > 0 ? { weights, bias, margin } : null;
}

/** The least s (w·x + b) over the rows, exactly: above 0 where the weights part ones from zeros. */
export function marginOf(gate: Gate, weights: readonly Fraction[], bias: Fraction): Fraction {
  const margins = rowsOf(gate).map((inputs, row) =>
    inputs.reduce((sum, input, at) => sum.add(weights[at]!.mul(input)), bias).mul(sign(gate.outputs[row]!)),
  );
  return margins.reduce((least, one) => (one.compare(least) < 0 ? one : least));
}

/** The multipliers that prove that no line separates; null if there are none. */
export function refute(gate: Gate): Impossibility | null {
  const rows = rowsOf(gate);
  const sums = [...Array.from({ length: gate.inputs }, (_, input) => `x${input + 1}`), "1"];
  const constraints: Record<string, Constraint> = { all: { equal: 1 } };
  for (const sum of sums) constraints[sum] = { equal: 0 };
  const variables = Object.fromEntries(
    rows.map((inputs, row) => {
      const side = sign(gate.outputs[row]!);
      return [
        `row ${row}`,
        { all: 1, ...Object.fromEntries(sums.map((sum, at) => [sum, side * [...inputs, 1][at]!])) },
      ];
    }),
  );
  const found = variablesOf({ constraints, variables });
  if (found === null) return null;
  const impossibility = { multipliers: rows.map((_, row) => exact(found.get(`row ${row}`) ?? 0)) };
  return isProof(gate, impossibility) ? impossibility : null;
}

/** The sums Σ s λ x1, Σ s λ x2, Σ s λ in exact rationals: all 0 in a proof. */
export function sumsOf(gate: Gate, { multipliers }: Impossibility): readonly Fraction[] {
  const rows = rowsOf(gate).map((inputs) => [...inputs, 1]);
  return Array.from({ length: gate.inputs + 1 }, (_, at) =>
    rows.reduce(
      (sum, factors, row) => sum.add(multipliers[row]!.mul(sign(gate.outputs[row]!) * factors[at]!)),
      new Fraction(0),
    ),
  );
}

/** Whether the multipliers prove that no line separates, decided in exact rationals alone. */
export function isProof(gate: Gate, impossibility: Impossibility): boolean {
  const { multipliers } = impossibility;
  return (
    multipliers.length === gate.outputs.length &&
    multipliers.every((multiplier) => multiplier.compare(0) >= 0) &&
    multipliers.some((multiplier, row) => gate.outputs[row] === 0 && multiplier.compare(0) > 0) &&
    sumsOf(gate, impossibility).every((sum) => sum.equals(0))
  );
}

function variablesOf(model: Model): Map<string, number> | null {
  const { status, variables } = solve(model, { includeZeroVariables: true });
  return status === "optimal" ? new Map(variables) : null;
}
