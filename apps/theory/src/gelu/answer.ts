// Problem 1 solved: the trajectories asked for, the minimum, the methods compared, and Lanewise's f32 beside f64.
import { contraction, type Descent, descend, settledAt, type Velocity } from "./descent.ts";
import { elu, gelu, geluCurvature, geluSlope, relu } from "./functions.ts";
import { curves, descendBySgd, descendLanes, type Lane } from "./in-lanewise.ts";
import { type Minimum, minimumOfGelu } from "./minimum.ts";

export interface GeluOptions {
  /** c of x σ(cx). */
  readonly coefficient: number;
  /** α of ELU. */
  readonly alpha: number;
  /** x₀ of (a) and (b). */
  readonly start: number;
  /** η of (a). */
  readonly rate: number;
  /** η of (b). */
  readonly secondRate: number;
  /** x₀ of (c). */
  readonly plateauStart: number;
  readonly beta: number;
  /** After how many steps the methods are compared. */
  readonly compareAt: readonly number[];
}

export interface Step {
  readonly step: number;
  readonly x: number;
  readonly value: number;
  readonly slope: number;
  /** x as Lanewise computes it in f32. */
  readonly float32: number;
}

export interface Run extends Descent {
  readonly start: number;
  /** x₀ to x₃. */
  readonly steps: readonly Step[];
  /** Where it is after each of the numbers of steps to compare. */
  readonly later: readonly { readonly steps: number; readonly x: number; readonly toMinimum: number }[];
  /** The first step from which on x stays within 10⁻⁶ of the minimum; null if none of those computed is. */
  readonly settled: number | null;
  /** By what a step multiplies the distance near the minimum, in the long run. */
  readonly contraction: number;
}

export interface Point {
  readonly x: number;
  readonly gelu: number;
  readonly slope: number;
  readonly relu: number;
  readonly elu: number;
  /** The central difference of f64 GELU, to compare with the slope. */
  readonly difference: number;
  /** GELU's slope by Lanewise's tape, in f32. */
  readonly tape: number;
}

export interface GeluAnswer {
  readonly options: GeluOptions;
  readonly points: readonly Point[];
  readonly a: Run;
  readonly b: Run;
  /** Both rates times: plain descent, momentum whose new v moves x, momentum whose old v does. */
  readonly c: readonly Run[];
  /** Which of them are the answer to (c), and why. */
  readonly used: { readonly rate: number; readonly velocity: Velocity; readonly why: string };
  readonly minimum: Minimum;
  /** Slope and curvature where (c) begins. */
  readonly plateau: { readonly slope: number; readonly curvature: number };
  readonly float32: {
    /** The largest |f32 − f64| of x over x₁ to x₃ of all runs, and after each number of steps to compare. */
    readonly firstSteps: number;
    readonly later: readonly { readonly steps: number; readonly difference: number }[];
    /** The same for Lanewise's SGD with momentum β and dampening β, x₁ to x₃. */
    readonly sgd: number;
    readonly slopes: number;
  };
}

const FIRST = [1, 2, 3];
const SETTLED = 1e-6;

export function solveGelu(options: GeluOptions): GeluAnswer {
  const { coefficient: c, start, rate, secondRate, plateauStart, beta } = options;
  const minimum = minimumOfGelu(c);
  const plain = { velocity: "none", beta } as const;
  const onPlateau = [rate, secondRate].flatMap((eta) =>
    (["none", "new", "old"] as const).map((velocity): Lane => ({ velocity, beta, rate: eta, start: plateauStart })),
  );
  const lanes: Lane[] = [{ ...plain, rate, start }, { ...plain, rate: secondRate, start }, ...onPlateau];
  const marks = [...new Set([...FIRST, ...options.compareAt])].toSorted((a, b) => a - b);
  const float32 = descendLanes(lanes, c, marks);
  const slope = (x: number) => geluSlope(x, c);
  const paths = lanes.map((lane) => descend(slope, lane, lane.start, marks.at(-1)!));
  const runs = lanes.map((lane, at): Run => {
    const path = paths[at]!;
    return {
      ...lane,
      steps: [0, ...FIRST].map((step) => {
        const x = path[step]!;
        return { step, x, value: gelu(x, c), slope: slope(x), float32: float32.get(step)![at]! };
      }),
      later: options.compareAt.map((steps) => ({
        steps,
        x: path[steps]!,
        toMinimum: Math.abs(path[steps]! - minimum.x),
      })),
      settled: settledAt(path, minimum.x, SETTLED),
      contraction: contraction(lane, minimum.curvature),
    };
  });
  const apart = (steps: number) => largest(paths.map((path, at) => path[steps]! - float32.get(steps)![at]!));
  const used = onPlateau.findIndex((lane) => lane.rate === secondRate && lane.velocity === "new") + 2;
  const bySgd = descendBySgd(lanes[used]!, c, FIRST.length);
  const points = pointsOf(options);
  return {
    options,
    points,
    a: runs[0]!,
    b: runs[1]!,
    c: runs.slice(2),
    used: { rate: secondRate, velocity: "new", why: WHY },
    minimum,
    plateau: { slope: slope(plateauStart), curvature: geluCurvature(plateauStart, c) },
    float32: {
      firstSteps: largest(FIRST.map(apart)),
      later: options.compareAt.map((steps) => ({ steps, difference: apart(steps) })),
      sgd: largest(bySgd.map((x, step) => x - paths[used]![step]!)),
      slopes: largest(points.map((point) => point.slope - point.tape)),
    },
  };
}

const WHY =
  "The rule makes v(t+1) before it moves x, and the v that a step has just made is what moves x in the usual " +
  "implementations (PyTorch's SGD with dampening β is this rule exactly). The rate is the last one named before (c).";

/** The functions at whole x, and where problem 1 looks: its starts, its minimum. */
function pointsOf({ coefficient: c, alpha, start, plateauStart }: GeluOptions): Point[] {
  const xs = [...new Set([-3, -2, -1, 0, 1, 2, 3, start, plateauStart])].toSorted((a, b) => a - b);
  const { slope } = curves(xs, c, alpha);
  const h = 1e-5;
  return xs.map((x, at) => ({
    x,
    gelu: gelu(x, c),
    slope: geluSlope(x, c),
    relu: relu(x),
    elu: elu(x, alpha),
    difference: (gelu(x + h, c) - gelu(x - h, c)) / (2 * h),
    tape: slope[at]!,
  }));
}

function largest(differences: readonly number[]): number {
  return differences.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}
