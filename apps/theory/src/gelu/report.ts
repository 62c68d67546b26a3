// Problem 1 in the report: the functions, the derivation, the steps asked for, and why descent behaves as it does.
import {
  type Block,
  columns,
  type Fact,
  figure,
  fixed,
  formula,
  md,
  paragraph,
  plain,
  type Section,
  section,
  statement,
  table,
} from "@lanewise/report";
import { factor, maths, number } from "../maths.ts";
import type { ProblemReport } from "../problem.ts";
import type { GeluAnswer, Run } from "./answer.ts";
import { functionsChart, pathsOnCurve, slopesChart } from "./charts.ts";
import { longRun } from "./long-run.ts";
import { differenceOfRates, methodName } from "./words.ts";

export const geluReport: ProblemReport<GeluAnswer> = { section: geluSection, glance };

function glance({ a, b, c, used, minimum }: GeluAnswer): Fact[] {
  const steps = (run: Run) => {
    const numbers = run.steps.slice(1).map(({ x }) => fixed(6)(x));
    return md`$x_1, x_2, x_3$ = ${numbers.join(", ")} with $eta = ${run.rate}$`;
  };
  const chosen = (velocity: Run["velocity"]) => c.find((run) => run.rate === used.rate && run.velocity === velocity)!;
  return [
    ["1 (a)", steps(a)],
    ["1 (b)", steps(b)],
    ["1 (c), gradient descent", steps(chosen("none"))],
    ["1 (c), momentum", steps(chosen("new"))],
    ["1, the minimum", md`$x^* = ${minimum.x.toFixed(12)}$, where $"GELU"(x^*) = ${minimum.value.toFixed(12)}$`],
  ];
}

async function geluSection(answer: GeluAnswer): Promise<Section> {
  return section(
    "Gradient descent on GELU",
    paragraph(md`The Gaussian error linear unit is approximately $x sigma(c x)$ with $c = ${answer.options.coefficient}$, where
      $sigma$ is the sigmoid. Gradient descent walks downhill on a function $f$ by steps of the rate $eta$ times the slope:`),
    formula("sigma(z) = 1 / (1 + e^(-z)), quad quad x_(t+1) = x_t - eta f'(x_t) ."),
    paragraph("What is asked is where it gets to on this curve, from where, how fast, and whether momentum helps."),
    await functions(answer),
    derivative(answer),
    await partsAandB(answer),
    await partC(answer),
    minimum(answer),
    ...(await longRun(answer)),
  );
}

async function functions(answer: GeluAnswer): Promise<Section> {
  const { alpha } = answer.options;
  return section(
    "GELU beside ReLU and ELU",
    formula(
      `"GELU"(x) = x sigma(${multiple(answer.options.coefficient)} x), quad "ReLU"(x) = max(x, 0), quad ` +
        `"ELU"(x) = cases(x & x >= 0, alpha (e^x - 1) quad & x < 0) quad "with" alpha = ${number(alpha)} .`,
    ),
    columns([
      [figure({ svg: await functionsChart(answer), caption: "The functions.", id: "functions" })],
      [figure({ svg: await slopesChart(answer), caption: "Their derivatives.", id: "slopes" })],
    ]),
    paragraph(md`All three follow $x$ for large $x$ and forget it for very negative $x$ ([](#functions)). ReLU has a kink at 0 and
      slope 0 left of it. ELU falls to $-alpha$ and always has a slope above 0 (for $alpha > 0$). GELU alone has a dip: left of
      its minimum its slope is **negative** ([](#slopes)), which is what this problem is about.`),
  );
}

function derivative(answer: GeluAnswer): Section {
  const c = answer.options.coefficient;
  const rows = answer.points.map(({ x, gelu, slope, difference, tape }) => [x, gelu, slope, difference, tape]);
  const digits = fixed(7);
  return section(
    "The derivative",
    paragraph(md`First that of the sigmoid, by the chain rule on $(1 + e^(-z))^(-1)$:`),
    formula(
      "sigma'(z) = e^(-z) / (1 + e^(-z))^2 = 1 / (1 + e^(-z)) dot e^(-z) / (1 + e^(-z)) = sigma(z) (1 - sigma(z)) .",
      "sigmoid-slope",
    ),
    paragraph(md`GELU is a product, $x$ times $sigma(c x)$: the product rule gives a term for each factor, and the chain rule a factor
      $c$ in the second.`),
    formula(`"GELU"'(x) = sigma(c x) + c x sigma(c x) (1 - sigma(c x)), quad c = ${c} .`, "gelu-slope"),
    paragraph(md`The check: [](#gelu-slope) in 64-bit arithmetic, what Lanewise's tape finds in 32 bits without knowing the formula, and
      the central difference`),
    formula('("GELU"(x + h) - "GELU"(x - h)) / (2 h) quad "with" quad h = 10^(-5) .'),
    table({
      columns: [
        { title: md`$x$`, align: "right" },
        { title: "GELU", format: digits },
        { title: "GELU′ by the formula", format: digits },
        { title: "by differences", format: digits },
        { title: "by the tape", format: digits },
      ],
      rows,
    }),
  );
}

function stepsTable(run: Run, caption: string): Block {
  const digits = fixed(6);
  return table({
    caption,
    columns: [
      { title: md`$t$`, align: "right" },
      { title: md`$x_t$`, format: digits },
      { title: md`$f(x_t)$`, format: digits },
      { title: md`$f'(x_t)$`, format: digits },
    ],
    rows: run.steps.map(({ step, x, value, slope }) => [step, x, value, slope]),
  });
}

const firstStep = ({ steps, rate }: Run): string =>
  `x_1 = x_0 - eta f'(x_0) = ${number(steps[0]!.x)} - ${number(rate)} dot ${bracketed(steps[0]!.slope)} = ${number(steps[1]!.x)}`;

const bracketed = (value: number) => factor(number(value));

async function partsAandB(answer: GeluAnswer): Promise<Section> {
  const { a, b } = answer;
  const name = (part: string, run: Run) => `(${part}), η = ${run.rate}`;
  return section(
    "(a) and (b): two rates from the same start",
    paragraph(md`With $f$ for GELU, the first step of each by hand; the others follow by the same rule.`),
    formula(`"(a):" quad & ${firstStep(a)} \\ "(b):" quad & ${firstStep(b)}`),
    columns([
      [stepsTable(a, `(a): from ${plain(a.start)}, rate ${a.rate}.`)],
      [stepsTable(b, `(b): from ${plain(b.start)}, rate ${b.rate}.`)],
    ]),
    statement("How (b) differs", paragraph(md`${differenceOfRates(answer)} [](#steps) shows both.`)),
    figure({
      id: "steps",
      floating: true,
      svg: await pathsOnCurve(
        answer,
        [
          { run: a, name: name("a", a) },
          { run: b, name: name("b", b) },
        ],
        [0, 1, 2, 3],
      ),
      caption: md`The steps $x_0$ to $x_3$ of (a) and (b) on the curve.`,
    }),
  );
}

async function partC(answer: GeluAnswer): Promise<Section> {
  const { c, used, options } = answer;
  const digits = fixed(6);
  const chosen = c.filter(
    ({ rate, velocity }) => rate === used.rate && (velocity === "none" || velocity === used.velocity),
  );
  const [plain, momentum] = chosen as [Run, Run];
  const row = (run: Run) => [
    String(run.rate),
    methodName(run),
    ...run.steps.slice(1).map(({ x }) => x),
    ...run.steps.slice(1).map(({ value }) => value),
  ];
  return section(
    "(c): from the plateau, without and with momentum",
    paragraph(md`Now $x_0 = ${options.plateauStart}$ and, for momentum, $beta = ${options.beta}$ and`),
    formula("v_0 = f'(x_0), quad v_(t+1) = beta v_t + (1 - beta) f'(x_t), quad x_(t+1) = x_t - eta v .", "momentum"),
    paragraph(md`The rule does not say which $v$ moves $x$: the new one, $v_(t+1)$, or the old one, $v_t$. Nor does (c) say which
      rate holds. [](#part-c) has both readings with both rates, beside gradient descent; [](#paths) shows where they lead.`),
    table({
      id: "part-c",
      caption: "Three updates; those in bold are the answer.",
      columns: [
        { title: md`$eta$`, align: "right" },
        "method",
        ...["x_1", "x_2", "x_3"].map((title) => ({ title: maths(title), format: digits })),
        ...["f(x_1)", "f(x_2)", "f(x_3)"].map((title) => ({ title: maths(title), format: digits })),
      ],
      rows: c.map(row),
      highlight: c.flatMap((run, at) => (chosen.includes(run) ? [at] : [])),
    }),
    statement(
      md`The answer: $eta = ${used.rate}$, and the new $v$ moves $x$`,
      paragraph(md`The rule makes $v_(t+1)$ before it moves $x$, and the $v$ that a step has just made is what moves $x$ in the usual
        implementations: PyTorch's \`SGD\` with dampening $beta$ is this rule exactly. The rate is the last one named before (c).`),
      formula(
        `"gradient descent:" quad & x_1 = ${xs(plain, 1)}, quad x_2 = ${xs(plain, 2)}, quad x_3 = ${xs(plain, 3)} \\ ` +
          `"momentum:" quad & x_1 = ${xs(momentum, 1)}, quad x_2 = ${xs(momentum, 2)}, quad x_3 = ${xs(momentum, 3)}`,
      ),
    ),
    figure({
      id: "paths",
      floating: true,
      svg: await pathsOnCurve(
        answer,
        [
          { run: plain, name: `gradient descent, η = ${plain.rate}` },
          { run: momentum, name: "momentum" },
        ],
        [0, 3, 10, 20, 30, 40, 50, 60, 80, 100],
      ),
      caption: md`Both methods on the curve, after 0, 3, 10, 20, 30, 40, 50, 60, 80 and 100 steps.`,
    }),
  );
}

/** A factor in front of a name: 1 goes without saying. */
const multiple = (value: number) => (value === 1 ? "" : String(value));
const xs = (run: Run, step: number) => run.steps[step]!.x.toFixed(7);

function minimum(answer: GeluAnswer): Section {
  const { x, value, lambertW } = answer.minimum;
  return section(
    "The minimum",
    paragraph(md`With $u = c x$ and $1 - sigma(u) = 1 \/ (1 + e^u)$ the slope [](#gelu-slope) is`),
    formula(`"GELU"'(x) = sigma(u) (1 + u (1 - sigma(u))) = sigma(u) / (1 + e^u) (1 + u + e^u) .`),
    paragraph(md`The factor in front is above 0, and $1 + u + e^u$ rises strictly, from $-infinity$ to $infinity$. So the slope is below 0 left of
      the one root $u^*$, above 0 right of it, and GELU has its least value there and no other minimum. Put $w = -(1 + u^*) = e^(u^*)$: then
      $w e^w = e^(u^*) e^(-(1 + u^*)) = e^(-1)$, which Lambert's function solves, $w = W(1 \/ e)$; and $sigma(u^*) = w \/ (1 + w)$. Brent's
      method finds the root of $1 + u + e^u$ to the last digits of 64-bit numbers, and`),
    formula(
      `x^* &= -(1 + W(1 \\/ e)) / c = ${x.toFixed(12)}, \\ "GELU"(x^*) &= x^* sigma(u^*) = -W(1 \\/ e) / c = ${value.toFixed(12)}, quad quad ` +
        `W(1 \\/ e) = ${lambertW.toFixed(12)} .`,
      "minimum",
    ),
  );
}
