// Problem 3 solved: the formulas' gradients on random networks, beside Lanewise's tape and finite differences in f64.
import { Generator } from "lanewise";
import { byTape, randomNetwork, randomSizes, type Sizes } from "./in-lanewise.ts";
import { differences, flat, forward, gradients, type Parameter, parameters } from "./network.ts";

export interface BackpropOptions extends Partial<Sizes> {
  readonly trials: number;
  readonly seed: number;
}

/** How far two others are from the formula for one gradient of a trial: the largest difference of an element. */
export interface Comparison {
  readonly of: Parameter | "f2";
  readonly elements: number;
  /** The largest element of the gradient, for scale. */
  readonly largest: number;
  readonly tape: number;
  /** ∂E/∂f2 is compared with differences by b2, which is added to it. */
  readonly differences: number;
}

export interface Trial {
  readonly sizes: Sizes;
  readonly loss: number;
  readonly float32Loss: number;
  readonly comparisons: readonly Comparison[];
}

/** One network with all its numbers, small enough to follow with a pencil. */
export interface Example {
  readonly sizes: Sizes;
  readonly arrays: Readonly<Record<"x" | "W1" | "b1" | "W2" | "b2" | "y", readonly number[]>>;
  readonly forward: Readonly<Record<"f1" | "a" | "f2" | "o", readonly number[]>>;
  readonly loss: number;
  readonly gradients: Readonly<Record<"f2" | "W2" | "b2" | "a" | "f1" | "W1" | "b1" | "x", readonly number[]>>;
}

export interface BackpropAnswer {
  readonly options: BackpropOptions;
  readonly trials: readonly Trial[];
  readonly example: Example;
  /** Over all trials. */
  readonly worst: { readonly tape: number; readonly differences: number };
}

export function solveBackprop(options: BackpropOptions): BackpropAnswer {
  const generator = new Generator(options.seed);
  const trials = Array.from({ length: options.trials }, () => trial(randomSizes(options, generator), generator));
  const all = trials.flatMap(({ comparisons }) => comparisons);
  return {
    options,
    trials,
    example: example(),
    worst: {
      tape: Math.max(...all.map(({ tape }) => tape)),
      differences: Math.max(...all.map(({ differences }) => differences)),
    },
  };
}

function trial(sizes: Sizes, generator: Generator): Trial {
  const network = randomNetwork(sizes, generator);
  const formula = gradients(network);
  const tape = byTape(network);
  const compare = (of: Parameter | "f2"): Comparison => {
    const expected = flat(formula[of]);
    const numeric = differences(network, of === "f2" ? "b2" : of);
    return {
      of,
      elements: expected.length,
      largest: Math.max(...expected.map(Math.abs)),
      tape: furthest(expected, tape[of]),
      differences: furthest(expected, numeric),
    };
  };
  return {
    sizes,
    loss: forward(network).loss,
    float32Loss: tape.loss,
    comparisons: (["f2", ...parameters] as const).map(compare),
  };
}

function furthest(expected: Float64Array, came: ArrayLike<number>): number {
  return expected.reduce((most, value, at) => Math.max(most, Math.abs(value - came[at]!)), 0);
}

/** Numbers chosen for the report, no part of the coursework. */
function example(): Example {
  const row = (...values: number[]) => Float64Array.from(values);
  const network = {
    x: row(1, -2),
    W1: [row(0.5, -1, 0.25), row(0.75, 0.5, -0.5)],
    b1: row(0, 0.5, -1),
    W2: [row(1, -1), row(-0.5, 0.5), row(0.25, 2)],
    b2: row(0.1, -0.1),
    y: row(1, 0),
  };
  const { f1, a, f2, o, loss } = forward(network);
  const list = (array: Float64Array | readonly Float64Array[]) => [...flat(array)];
  const lists = <N extends string>(arrays: Record<N, Float64Array | readonly Float64Array[]>) =>
    Object.fromEntries(
      Object.entries<Float64Array | readonly Float64Array[]>(arrays).map(([name, array]) => [name, list(array)]),
    ) as unknown as Record<N, readonly number[]>;
  return {
    sizes: { inputs: 2, hidden: 3, classes: 2 },
    arrays: lists(network),
    forward: lists({ f1, a, f2, o }),
    loss,
    gradients: lists({ ...gradients(network) }),
  };
}
