// The plots of problem 1: the functions, their slopes, the paths on the curve, and x over the steps.
import { lineChart, type Series } from "@lanewise/report";
import type { GeluAnswer, Run } from "./answer.ts";
import { descend } from "./descent.ts";
import { elu, gelu, geluSlope, relu } from "./functions.ts";
import { methodName } from "./words.ts";

const half = { width: 212, height: 165 };

function grid(low: number, high: number, count = 241): number[] {
  return Array.from({ length: count }, (_, at) => low + ((high - low) * at) / (count - 1));
}

/** GELU, ReLU and ELU. */
export function functionsChart({ options }: GeluAnswer): Promise<string> {
  const x = grid(-4, 3);
  const { coefficient, alpha } = options;
  return lineChart({
    ...half,
    x: { label: "x" },
    y: { label: "f(x)", range: [Math.min(-1.2, -alpha - 0.1), 3] },
    series: [
      { name: "GELU", x, y: x.map((at) => gelu(at, coefficient)) },
      { name: "ELU", x, y: x.map((at) => elu(at, alpha)), color: 2 },
      { name: "ReLU", x, y: x.map(relu), dashed: true, color: 1 },
    ],
  });
}

/** Their derivatives. */
export function slopesChart({ options }: GeluAnswer): Promise<string> {
  const x = grid(-4, 3);
  const { coefficient, alpha } = options;
  return lineChart({
    ...half,
    x: { label: "x" },
    y: { label: "f′(x)", range: [-0.25, Math.max(1.35, alpha + 0.1)] },
    series: [
      { name: "GELU′", x, y: x.map((at) => geluSlope(at, coefficient)) },
      { name: "ELU′", x, y: x.map((at) => (at >= 0 ? 1 : alpha * Math.exp(at))), color: 2 },
      // A gap where it jumps.
      { name: "ReLU′", x: [-4, 0, 0, 0, 3], y: [0, 0, Number.NaN, 1, 1], dashed: true, color: 1 },
    ],
  });
}

function pathOf(answer: GeluAnswer, run: Run, steps: number): Float64Array {
  return descend((x) => geluSlope(x, answer.options.coefficient), run, run.start, steps);
}

/** Some runs as points on the curve, of which only the given steps are drawn. */
export function pathsOnCurve(
  answer: GeluAnswer,
  runs: readonly { readonly run: Run; readonly name: string }[],
  steps: readonly number[],
): Promise<string> {
  const c = answer.options.coefficient;
  const paths = runs.map(({ run }) => steps.map((step) => pathOf(answer, run, step)[step]!));
  const all = [...paths.flat(), answer.minimum.x].filter(Number.isFinite);
  const margin = 0.15 * (Math.max(...all) - Math.min(...all)) + 0.1;
  const x = grid(Math.min(...all) - margin, Math.max(...all) + margin);
  const points = runs.map(
    ({ name }, at): Series => ({
      name,
      x: paths[at]!,
      y: paths[at]!.map((value) => gelu(value, c)),
      style: "points",
      color: at + 1,
    }),
  );
  return lineChart({
    height: 185,
    x: { label: "x" },
    y: { label: "GELU(x)" },
    series: [{ name: "GELU", x, y: x.map((value) => gelu(value, c)) }, ...points],
    notes: [{ x: answer.minimum.x, text: "minimum" }],
  });
}

/** x of the runs of (c) over the number of steps, on a logarithmic axis. */
export function overSteps(answer: GeluAnswer): Promise<string> {
  const last = Math.max(...answer.options.compareAt, 3);
  const steps = [...new Set(grid(0, Math.log10(last), 160).map((power) => Math.round(10 ** power)))];
  return lineChart({
    height: 235,
    x: { label: "step", scale: "log" },
    y: { label: "x" },
    series: answer.c.map((run) => {
      const path = pathOf(answer, run, last);
      const rate = run.rate === answer.options.rate ? 1 : 0;
      const color = { none: 0, new: 1, old: 2 }[run.velocity];
      return {
        name: `η = ${run.rate}, ${methodName(run)}`,
        x: steps,
        y: steps.map((step) => path[step]!),
        color,
        dashed: rate === 1,
      };
    }),
    notes: [{ y: answer.minimum.x, text: "minimum" }],
  });
}
