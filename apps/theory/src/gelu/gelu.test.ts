// Problem 1 against mpmath, SymPy's derivative and PyTorch's optimizer.
import { init } from "lanewise";
import { beforeAll, describe, expect, test } from "vitest";
import { reference } from "../reference.fixture.ts";
import { type GeluOptions, solveGelu } from "./answer.ts";
import { contraction, descend, settledAt } from "./descent.ts";
import { elu, gelu, geluCurvature, geluSlope, relu } from "./functions.ts";
import { curves } from "./in-lanewise.ts";
import { minimumOfGelu } from "./minimum.ts";
import { rootBetween } from "./root.ts";

beforeAll(() => init({ threads: 1, strict: true }));

const C = 1.702;
const defaults: GeluOptions = {
  coefficient: C,
  alpha: 1,
  start: 0,
  rate: 0.1,
  secondRate: 1,
  plateauStart: -3,
  beta: 0.9,
  compareAt: [3, 100, 10_000],
};
const expected = reference.gelu;

describe("the functions", () => {
  test.each(expected.points)("at $x: value, slope and curvature are mpmath's, of SymPy's derivatives", (point) => {
    const { x } = point;
    expect(gelu(x, C)).toBeCloseTo(point.gelu, 14);
    expect(geluSlope(x, C)).toBeCloseTo(point.slope, 14);
    expect(geluCurvature(x, C)).toBeCloseTo(point.curvature, 14);
    expect(relu(x)).toBe(Math.max(x, 0));
    expect([elu(x, 1), elu(x, 2)]).toEqual([expect.closeTo(point.elu, 14), expect.closeTo(point.elu2, 14)]);
  });

  test("in f32, Lanewise has the same values, and its tape the same slopes", () => {
    const { gelu, slope, elu } = curves(
      expected.points.map(({ x }) => x),
      C,
      2,
    );
    expected.points.forEach((point, at) => {
      const size = Math.max(1, Math.abs(point.x));
      expect(Math.abs(gelu[at]! - point.gelu)).toBeLessThan(3e-7 * size);
      expect(Math.abs(slope[at]! - point.slope)).toBeLessThan(3e-7 * size);
      expect(Math.abs(elu[at]! - point.elu2)).toBeLessThan(3e-7 * size);
    });
  });

  test("far away nothing becomes NaN: x to the right, 0 to the left", () => {
    expect([gelu(1e300, C), geluSlope(1e300, C), geluCurvature(1e300, C)]).toEqual([1e300, 1, 0]);
    expect([gelu(-1e300, C), geluSlope(-1e300, C), geluCurvature(-1e300, C)].map(Math.abs)).toEqual([0, 0, 0]);
    expect(gelu(Number.NEGATIVE_INFINITY, C)).toBe(0);
  });
});

describe("a zero by Brent's method", () => {
  test.each([
    ["√2", (x: number) => x * x - 2, 0, 2, Math.SQRT2],
    ["π from the sine", Math.sin, 3, 4, Math.PI],
    ["ln 10", (x: number) => Math.exp(x) - 10, -50, 50, Math.LN10],
    ["0 of a flat cubic", (x: number) => x ** 3, -1, 2, 0],
    ["where cos x = x, the Dottie number", (x: number) => Math.cos(x) - x, 0, 1, 0.7390851332151607],
  ])("is %s", (_, f, low, high, root) => {
    expect(Math.abs(rootBetween(f, low, high) - root)).toBeLessThan(1e-13);
  });

  test("needs different signs at the ends", () => {
    expect(() => rootBetween((x) => x * x + 1, -1, 1)).toThrow(/expected values of different signs/);
  });
});

test("the minimum has mpmath's twelve digits, and Lambert's W", () => {
  const minimum = minimumOfGelu(C);
  expect(minimum.x.toFixed(12)).toBe(Number(expected.minimum.x).toFixed(12));
  expect(minimum.value.toFixed(12)).toBe(Number(expected.minimum.value).toFixed(12));
  expect(minimum.lambertW.toFixed(12)).toBe(Number(expected.minimum.lambertW).toFixed(12));
  expect(minimum.curvature).toBeCloseTo(expected.minimum.curvature, 12);
  expect(minimum.inflection).toBeCloseTo(expected.minimum.inflection, 12);
});

describe("the descents", () => {
  test.each(expected.runs)("from $start with η = $rate, moved by v: $velocity, are mpmath's", (run) => {
    const path = descend((x) => geluSlope(x, C), { ...run, beta: 0.9 }, run.start, 10_000);
    for (const [steps, x] of Object.entries(run.x)) expect(path[Number(steps)]).toBeCloseTo(x, 11);
  });

  test.each(["0.1", "1"])("with η = %s the new v gives what PyTorch's SGD gives with dampening 0.9", (rate) => {
    const path = descend((x) => geluSlope(x, C), { velocity: "new", rate: Number(rate), beta: 0.9 }, -3, 3);
    expect([...path.slice(1)]).toEqual(expected.torchMomentum[rate]!.map((x) => expect.closeTo(x, 13)));
  });

  test("on f = x² by hand: halving, and momentum in both readings", () => {
    const slope = (x: number) => 2 * x;
    // η = 1/4: x − 2x/4 = x/2.
    expect([...descend(slope, { velocity: "none", rate: 0.25, beta: 0.5 }, 8, 3)]).toEqual([8, 4, 2, 1]);
    // v = 16; v = 8 + 8 = 16, x = 8 − 4 = 4; v = 8 + 4 = 12, x = 4 − 3 = 1; v = 6 + 1 = 7, x = 1 − 7/4.
    expect([...descend(slope, { velocity: "new", rate: 0.25, beta: 0.5 }, 8, 3)]).toEqual([8, 4, 1, -0.75]);
    // x = 8 − 16/4 = 4, v = 16; x = 4 − 4 = 0, v = 8 + 4 = 12; x = −3.
    expect([...descend(slope, { velocity: "old", rate: 0.25, beta: 0.5 }, 8, 3)]).toEqual([8, 4, 0, -3]);
  });

  test.each(expected.contraction)("what a step leaves at η = $rate is the largest eigenvalue by PyTorch", (row) => {
    const { curvature } = minimumOfGelu(C);
    for (const velocity of ["new", "old"] as const) {
      expect(contraction({ velocity, rate: row.rate, beta: 0.9 }, curvature)).toBeCloseTo(row[velocity], 9);
    }
  });

  test("a path has settled from where it stays near", () => {
    expect(settledAt(Float64Array.of(5, 0, 3, 0.1, 0), 0, 0.5)).toBe(3);
    expect(settledAt(Float64Array.of(5, 4), 0, 0.5)).toBeNull();
    expect(settledAt(Float64Array.of(0, 0), 0, 0.5)).toBe(0);
  });
});

describe("the answer", () => {
  test("has the runs asked for, with Lanewise's f32 within its rounding", () => {
    const answer = solveGelu(defaults);
    for (const run of [answer.a, answer.b, ...answer.c]) {
      const { x } = expected.runs.find(
        ({ start, rate, velocity }) => start === run.start && rate === run.rate && velocity === run.velocity,
      )!;
      for (const { step, x: at, float32 } of run.steps.slice(1)) {
        expect(at).toBeCloseTo(x[step]!, 12);
        expect(Math.abs(float32 - x[step]!)).toBeLessThan(1e-6);
      }
      expect(run.later.map(({ x: at }) => at)).toEqual([3, 100, 10_000].map((steps) => expect.closeTo(x[steps]!, 11)));
    }
    expect(answer.float32.firstSteps).toBeLessThan(1e-6);
    expect(answer.float32.sgd).toBeLessThan(1e-6);
    expect(answer.used).toMatchObject({ rate: 1, velocity: "new" });
  });

  test("is found for other numbers too: a rate so large that nothing settles", () => {
    const answer = solveGelu({ ...defaults, secondRate: 100, compareAt: [5] });
    expect(answer.c.find(({ rate, velocity }) => rate === 100 && velocity === "none")!.contraction).toBeGreaterThan(1);
    expect(answer.c.every((run) => run.later.length === 1 && Number.isFinite(run.later[0]!.x))).toBe(true);
  });
});
