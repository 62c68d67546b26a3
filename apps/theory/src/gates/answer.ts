// Problem 2 solved: for each gate the smallest network, its truth table by Lanewise, and why fewer units cannot do.
import Fraction from "fraction.js";
import { sigmoid } from "../sigmoid.ts";
import { type Gate, rowsOf } from "./gate.ts";
import { forward, forwardInLanewise, type Network, oneUnit, twoHiddenUnits, unitsOf } from "./network.ts";
import { type Search, search } from "./search.ts";
import { marginOf, refute, separate, sumsOf } from "./separation.ts";

export interface GateOptions {
  readonly gates: readonly Gate[];
  readonly searchStarts: number;
  readonly seed: number;
}

export interface Row {
  readonly inputs: readonly number[];
  readonly wanted: 0 | 1;
  /** The last unit's sum: f64, and Lanewise's f32. */
  readonly z: number;
  readonly float32: number;
  /** What Lanewise's z reads as: 1 from 0 on, else 0. */
  readonly output: 0 | 1;
  readonly activation: number;
  readonly hidden: readonly number[];
}

export interface GateSolution {
  readonly gate: Gate;
  readonly network: Network;
  readonly sizes: readonly number[];
  readonly units: number;
  readonly rows: readonly Row[];
  readonly right: boolean;
  /** Separable gates: the least distance of z from 0 over the rows, as an exact fraction. */
  readonly margin: string | null;
  /** The others: the multipliers of the rows that prove it, and the sums that they make 0, as exact fractions. */
  readonly certificate: { readonly multipliers: readonly string[]; readonly sums: readonly string[] } | null;
}

export interface GatesAnswer {
  readonly options: GateOptions;
  readonly solutions: readonly GateSolution[];
  /** The handout's NOT unit under the handout's own rule, and with the bias that works. */
  readonly handout: { readonly weight: number; readonly bias: number; readonly rows: readonly Row[] };
  /** Networks with one and with two hidden units trained on the first gate that has no separating line. */
  readonly searches: readonly Search[];
  readonly searched: string | null;
}

const HANDOUT = { weight: -1, bias: -0.5 };

export function solveGates(options: GateOptions): GatesAnswer {
  const solutions = options.gates.map(solveGate);
  const hard = solutions.find(({ certificate }) => certificate !== null);
  const not: Gate = { name: "NOT", inputs: 1, outputs: [1, 0] };
  const handout: Network = { layers: [{ weights: [[HANDOUT.weight]], biases: [HANDOUT.bias] }] };
  return {
    options,
    solutions,
    handout: { ...HANDOUT, rows: rowsBy(handout, not) },
    searches:
      hard === undefined ? [] : [1, 2].map((units) => search(hard.gate, units, options.searchStarts, options.seed)),
    searched: hard?.gate.name ?? null,
  };
}

function solveGate(gate: Gate): GateSolution {
  const separation = separate(gate);
  if (separation !== null) {
    const margin = marginOf(gate, separation.weights, separation.bias);
    return { ...built(gate, oneUnit(separation)), margin: margin.toFraction(), certificate: null };
  }
  const impossibility = refute(gate);
  if (impossibility === null) {
    throw new Error(
      `${gate.name}: neither a separating line was found nor a proof that there is none; report this table`,
    );
  }
  const certificate = {
    multipliers: impossibility.multipliers.map((multiplier) => multiplier.toFraction()),
    sums: sumsOf(gate, impossibility).map((sum) => sum.toFraction()),
  };
  // Of the 16 tables of two inputs two have no separating line: 1 where the inputs differ, and its opposite.
  return { ...built(gate, twoHiddenUnits(gate.outputs[1] === 1)), margin: null, certificate };
}

function built(gate: Gate, network: Network) {
  const rows = rowsBy(network, gate);
  return {
    gate,
    network,
    sizes: [gate.inputs, ...network.layers.map(({ biases }) => biases.length)],
    units: unitsOf(network),
    rows,
    right: rows.every(({ output, wanted }) => output === wanted),
  };
}

function rowsBy(network: Network, gate: Gate): Row[] {
  const float32 = forwardInLanewise(network, gate);
  return rowsOf(gate).map((inputs, row) => {
    const { z, hidden } = forward(network, inputs);
    return {
      inputs,
      wanted: gate.outputs[row]!,
      z,
      float32: float32[row]!,
      output: float32[row]! >= 0 ? 1 : 0,
      activation: sigmoid(z),
      hidden,
    };
  });
}

/** A fraction as text without a sign of its own being lost: `-1/2` as `−1/2`. */
export const shownFraction = (text: string) => new Fraction(text).toFraction().replace("-", "−");
