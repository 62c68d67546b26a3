// Problem 1 at the terminal.
import { fixed, table, thousands } from "@lanewise/terminal";
import type { GeluAnswer, Run } from "./answer.ts";
import { differenceOfRates, methodName } from "./words.ts";

const minus = (value: number) => String(value).replace("-", "−");
const signed = (value: number, digits = 7) => fixed(value, digits).replace("-", "−");

function stepsTable(run: Run): string {
  return table(
    ["t", "x(t)", "GELU(x(t))", "GELU′(x(t))", "x(t) by Lanewise, f32"].map((title) => ({ title, align: "right" })),
    run.steps.map(({ step, x, value, slope, float32 }) => [step, ...[x, value, slope, float32].map((n) => signed(n))]),
  );
}

export function geluTables(answer: GeluAnswer): string {
  const { options, a, b, c, minimum, used, plateau, float32 } = answer;
  const marked = (run: Run) => (run.rate === used.rate && run.velocity !== otherReading(answer) ? "*" : "");
  const first = table(
    ["η", "method", "x1", "x2", "x3", "GELU(x1)", "GELU(x2)", "GELU(x3)", ""].map((title, at) => ({
      title,
      align: at === 0 || (at > 1 && at < 8) ? "right" : "left",
    })),
    c.map((run) => [
      String(run.rate),
      methodName(run),
      ...run.steps.slice(1).map(({ x }) => signed(x)),
      ...run.steps.slice(1).map(({ value }) => signed(value)),
      marked(run),
    ]),
  );
  const later = table(
    [
      "η",
      "method",
      ...options.compareAt.map((steps) => ({ title: `after ${thousands(steps)}`, align: "right" as const })),
      { title: "settled at step", align: "right" },
      { title: "per step", align: "right" },
    ],
    c.map((run) => [
      String(run.rate),
      methodName(run),
      ...run.later.map(({ x }) => signed(x, 9)),
      run.settled === null ? "not yet" : thousands(run.settled),
      fixed(run.contraction),
    ]),
  );
  const curves = table(
    ["x", "GELU", "ReLU", `ELU, α = ${options.alpha}`, "GELU′", "difference quotient", "tape, f32"].map((title) => ({
      title,
      align: "right",
    })),
    answer.points.map((p) => [
      minus(p.x),
      ...[p.gelu, p.relu, p.elu, p.slope, p.difference, p.tape].map((n) => signed(n)),
    ]),
  );
  const product = options.coefficient === 1 ? "x" : `${options.coefficient}x`;
  return [
    `GELU(x) = x·σ(${product}), GELU′(x) = σ(z) + z·σ(z)·(1 − σ(z)) with z = ${product}`,
    curves,
    `(a) x0 = ${minus(options.start)}, η = ${a.rate}`,
    stepsTable(a),
    `(b) x0 = ${minus(options.start)}, η = ${b.rate}`,
    `${stepsTable(b)}\n${differenceOfRates(answer)}`,
    `(c) x0 = ${minus(options.plateauStart)}, momentum with β = ${options.beta} and v0 = GELU′(x0); new v: v(t+1) moves x, old v: v(t) does; * is the answer`,
    `${first}\n${used.why}`,
    `x after more steps; the minimum is at x = ${signed(minimum.x, 12)}, where GELU = ${signed(minimum.value, 12)}`,
    `${later}\nSettled: within 10⁻⁶ of the minimum from that step on. Per step: what a step leaves of the distance there, in the long run.`,
    `At x0 = ${minus(options.plateauStart)} the slope is ${signed(plateau.slope)}, at the turning point ${signed(minimum.inflection, 4)} it is steepest: ` +
      "left of it GELU flattens out, and steps are short.",
    `Lanewise's f32 differs from f64 by at most ${float32.firstSteps.toExponential(1)} in x1 to x3, its SGD (momentum β, dampening β) by ` +
      `${float32.sgd.toExponential(1)}, its tape's slopes by ${float32.slopes.toExponential(1)}.`,
  ].join("\n\n");
}

/** The reading of the momentum rule that the answer does not use. */
function otherReading({ used }: GeluAnswer): Run["velocity"] {
  return used.velocity === "new" ? "old" : "new";
}
