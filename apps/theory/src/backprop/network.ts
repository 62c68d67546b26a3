// The two-layer network in f64: its loss, and every gradient by the formulas that the report derives.
import { sigmoid } from "../sigmoid.ts";

export type Matrix = readonly Float64Array[];

/** x is 1×N, W1 N×M, b1 1×M, W2 M×K, b2 1×K; y is the target, 1×K, with sum 1. */
export interface Network {
  readonly x: Float64Array;
  readonly W1: Matrix;
  readonly b1: Float64Array;
  readonly W2: Matrix;
  readonly b2: Float64Array;
  readonly y: Float64Array;
}

export interface Forward {
  readonly f1: Float64Array;
  readonly a: Float64Array;
  readonly f2: Float64Array;
  readonly o: Float64Array;
  /** E = −Σ y ln o. */
  readonly loss: number;
}

/** f1 = x W1 + b1, a = σ(f1), f2 = a W2 + b2, o = softmax(f2). */
export function forward({ x, W1, b1, W2, b2, y }: Network): Forward {
  const f1 = plus(rowTimes(x, W1), b1);
  const a = f1.map(sigmoid);
  const f2 = plus(rowTimes(a, W2), b2);
  const largest = Math.max(...f2);
  const sum = f2.reduce((so, logit) => so + Math.exp(logit - largest), 0);
  const o = f2.map((logit) => Math.exp(logit - largest) / sum);
  // ln o by the logits themselves: exact where o underflows.
  const loss = -y.reduce((so, target, k) => so + target * (f2[k]! - largest - Math.log(sum)), 0);
  return { f1, a, f2, o, loss };
}

/** ∂E by each quantity, of the shape that the quantity has. */
export interface Gradients {
  readonly f2: Float64Array;
  readonly W2: Matrix;
  readonly b2: Float64Array;
  readonly a: Float64Array;
  readonly f1: Float64Array;
  readonly W1: Matrix;
  readonly b1: Float64Array;
  readonly x: Float64Array;
}

/** The formulas, from the loss back to the input. */
export function gradients(network: Network): Gradients {
  const { a, o } = forward(network);
  const f2 = o.map((probability, k) => probability - network.y[k]!);
  const toA = rowTimesTransposed(f2, network.W2);
  const f1 = toA.map((value, m) => value * a[m]! * (1 - a[m]!));
  return {
    f2,
    W2: outer(a, f2),
    b2: f2,
    a: toA,
    f1,
    W1: outer(network.x, f1),
    b1: f1,
    x: rowTimesTransposed(f1, network.W1),
  };
}

/** The arrays of a network that a gradient is taken by. */
export const parameters = ["W1", "b1", "W2", "b2", "x"] as const;
export type Parameter = (typeof parameters)[number];

/** A matrix or a row as the one list of its numbers, row by row. */
export function flat(array: Matrix | Float64Array): Float64Array {
  return array instanceof Float64Array ? array : Float64Array.from(array.flatMap((row) => [...row]));
}

/** Central differences (E(p + h) − E(p − h)) / 2h by each number of an array of the network. */
export function differences(network: Network, name: Parameter, h = 1e-5): Float64Array {
  const array = network[name];
  const rows = array instanceof Float64Array ? [array] : array;
  return Float64Array.from(
    rows.flatMap((row) =>
      [...row].map((value, at) => {
        const lossAt = (moved: number) => {
          row[at] = moved;
          return forward(network).loss;
        };
        const slope = (lossAt(value + h) - lossAt(value - h)) / (2 * h);
        row[at] = value;
        return slope;
      }),
    ),
  );
}

function rowTimes(row: Float64Array, matrix: Matrix): Float64Array {
  const result = new Float64Array(matrix[0]!.length);
  for (const [from, value] of row.entries())
    for (const [to, weight] of matrix[from]!.entries()) result[to]! += value * weight;
  return result;
}

function rowTimesTransposed(row: Float64Array, matrix: Matrix): Float64Array {
  return Float64Array.from(matrix, (weights) => weights.reduce((sum, weight, at) => sum + weight * row[at]!, 0));
}

function outer(column: Float64Array, row: Float64Array): Float64Array[] {
  return Array.from(column, (value) => row.map((other) => value * other));
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value + b[at]!);
}
