// Problem 1 in the report: the functions, the derivation, the steps asked for, and why descent behaves as it does.
import {
  type Block,
  columns,
  type Fact,
  figure,
  fixed,
  formula,
  integer,
  md,
  numberedList,
  paragraph,
  plain,
  type Section,
  section,
  significant,
  statement,
  table,
} from "@lanewise/report";
import { factor, maths, number } from "../maths.ts";
import type { ProblemReport } from "../problem.ts";
import type { GeluAnswer, Run } from "./answer.ts";
import { functionsChart, overSteps, pathsOnCurve, slopesChart } from "./charts.ts";
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
    await comparison(answer),
    plateau(answer),
    momentum(answer),
    inLanewise(answer),
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
      [stepsTable(a, `(a): from ${shown(a.start)}, rate ${a.rate}.`)],
      [stepsTable(b, `(b): from ${shown(b.start)}, rate ${b.rate}.`)],
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
/** A number in a line of text, with a true minus sign. */
const shown = (value: number) => plain(value);
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

async function comparison(answer: GeluAnswer): Promise<Section> {
  const { options, c, minimum } = answer;
  return section(
    "The methods over many steps",
    table({
      id: "later",
      caption: md`$x$ after more steps from $x_0 = ${options.plateauStart}$; the minimum is at ${fixed(9)(minimum.x)}.`,
      columns: [
        { title: md`$eta$`, align: "right" },
        "method",
        ...options.compareAt.map((steps) => ({ title: `after ${integer(steps)}`, format: fixed(9) })),
        { title: md`within $10^(-6)$ from step`, align: "right" as const },
      ],
      rows: c.map((run) => [
        String(run.rate),
        methodName(run),
        ...run.later.map(({ x }) => x),
        run.settled === null ? "not yet" : integer(run.settled),
      ]),
    }),
    ...endings(answer),
    figure({
      floating: true,
      svg: await overSteps(answer),
      caption: md`$x$ over the steps of (c), on a logarithmic axis. Dashed: $eta = ${options.rate}$.`,
      id: "over-steps",
    }),
  );
}

/** What holds in the end, by the contraction at the minimum. */
function endings(answer: GeluAnswer): Block[] {
  const { c, minimum, options } = answer;
  const settles = c.every(({ contraction }) => contraction < 1);
  return [
    paragraph(md`Near the minimum $f'(x) approx lambda (x - x^*)$ with $lambda = f''(x^*) = ${Number(minimum.curvature.toFixed(6))}$, and a
      step is linear in the distance $d = x - x^*$. Gradient descent makes $(1 - eta lambda) d$ of it. Momentum multiplies the pair
      of $d$ and $v$ by a matrix, with the new $v$ and with the old one`),
    formula(
      'mat(1 - eta (1 - beta) lambda, -eta beta; (1 - beta) lambda, beta) quad quad "and" quad quad ' +
        "mat(1, -eta; (1 - beta) lambda, beta) ,",
    ),
    paragraph(md`whose eigenvalues solve $z^2 - ("trace") z + "determinant" = 0$:`),
    formula(
      `z^2 - (1 + beta - eta (1 - beta) lambda) z + beta = 0 quad "(new v)", quad quad ` +
        `z^2 - (1 + beta) z + beta + eta (1 - beta) lambda = 0 quad "(old v)" .`,
    ),
    paragraph("In the long run a step leaves so much of the distance as the larger of the two is in size."),
    table({
      caption: "What a step leaves of the distance near the minimum, in the long run.",
      columns: [
        { title: md`$eta$`, align: "right" as const },
        "gradient descent",
        "momentum, new v",
        "momentum, old v",
      ].map((column) =>
        typeof column === "string" ? { title: column, format: fixed(4), align: "right" as const } : column,
      ),
      rows: [...new Set([options.rate, options.secondRate])].map((rate) => [
        String(rate),
        ...(["none", "new", "old"] as const).map(
          (velocity) => c.find((run) => run.rate === rate && run.velocity === velocity)!.contraction,
        ),
      ]),
    }),
    paragraph(
      settles
        ? md`Where the roots are complex, $x$ swings about the minimum, and their size is $sqrt(beta) = ${Number(Math.sqrt(options.beta).toFixed(4))}$ for the new
          $v$, whatever the rate. All are below 1: each method ends at the minimum, up to the last digits of the arithmetic, and
          rate and plateau decide only when ([](#over-steps)). Momentum pays where gradient descent leaves more than that of the distance, and
          costs where it leaves less.`
        : md`Where the roots are complex, $x$ swings about the minimum, and their size is $sqrt(beta) = ${Number(Math.sqrt(options.beta).toFixed(4))}$ for the new
          $v$, whatever the rate. Where a number is not below 1, that method never settles at the minimum.`,
    ),
  ];
}

function plateau(answer: GeluAnswer): Section {
  const { options, plateau, minimum, c } = answer;
  const { coefficient, plateauStart } = options;
  const left = plateauStart < minimum.inflection;
  const plain = c.filter(({ velocity }) => velocity === "none");
  const moved = plain.map((run) => `${number(run.steps[3]!.x - run.start, 4)} with η = ${run.rate}`).join(", ");
  return section(
    left ? `Why ${shown(plateauStart)} lies on a plateau` : `The slope at ${shown(plateauStart)}`,
    paragraph(md`For very negative $x$ the sigmoid is nearly $e^(c x)$, so that $"GELU"(x) approx x e^(c x)$ and
      $"GELU"'(x) approx (1 + c x) e^(c x)$: both fade away exponentially, almost by a factor of $e^c = ${Number(Math.exp(coefficient).toPrecision(3))}$ for
      each unit to the left.`),
    formula(
      `"GELU"'(${number(plateauStart)}) = ${number(plateau.slope, 7)}, quad "GELU"''(${number(plateauStart)}) = ${number(plateau.curvature, 7)} .`,
    ),
    paragraph(
      left
        ? md`The curve falls most steeply at its turning point, $x = ${Number(minimum.inflection.toFixed(6))}$. Left of it the function bends
          downwards and flattens out: that is the plateau. There a step is the rate times almost nothing: three steps of gradient
          descent move $x$ by ${moved}, while the minimum is ${number(minimum.x - plateauStart, 4)} away. The slope is negative, though, so descent goes the
          right way, to the right, and faster and faster as the slope grows along its path. From further left it would take
          exponentially longer.`
        : md`The turning point, left of which GELU flattens out, is at $x = ${Number(minimum.inflection.toFixed(6))}$, so this start lies on no
          plateau: three steps of gradient descent move $x$ by ${moved}.`,
    ),
  );
}

function momentum(answer: GeluAnswer): Section {
  const { c, used, options } = answer;
  const at = (velocity: Run["velocity"]) => c.find((run) => run.rate === used.rate && run.velocity === velocity)!;
  const [plain, moved] = [at("none"), at("new")];
  const ahead = Math.abs(moved.steps[3]!.x - plain.start) < Math.abs(plain.steps[3]!.x - plain.start);
  const within = (rate: number) => {
    const [none, fresh] = (["none", "new"] as const).map((velocity) => {
      const { settled } = c.find((run) => run.rate === rate && run.velocity === velocity)!;
      return settled === null ? "never in the steps computed" : `from step ${integer(settled)}`;
    });
    return `With η\u00a0=\u00a0${rate}, gradient descent stays within a millionth of the minimum ${none}, momentum ${fresh}.`;
  };
  return section(
    "Why momentum is what it is here",
    paragraph(md`In [](#momentum) $v$ is an average of slopes, not their sum: unrolled,`),
    formula(
      "v_t = beta^t f'(x_0) + (1 - beta) sum_(s=0)^(t-1) beta^(t-1-s) f'(x_s), quad \"and the shares add up to 1:\" quad beta^t + (1 - beta) sum_(s=0)^(t-1) beta^s = 1 .",
    ),
    paragraph(md`Three things follow.`),
    numberedList(
      md`**The first step is that of gradient descent.** With $v_0 = f'(x_0)$ both $v_0$ and
          $v_1 = beta v_0 + (1 - beta) f'(x_0) = f'(x_0)$ are the slope itself, in either reading. Had $v$ begun at 0, it would after
          $t$ steps be $1 - beta^t$ of a steady slope: the first steps would be ${[1, 2, 3].map((t) => Number((1 - options.beta ** t).toFixed(4))).join(", ")} of those of
          gradient descent with the new $v$, and one later with the old.`,
      md`**${ahead ? "On its way it is behind." : "Where slopes grow it falls behind."}** An average of past slopes is never larger than the largest of
          them. Where slopes grow along the path, as they do from a plateau downhill, the past ones are the smaller ones, so
          momentum takes shorter steps than gradient descent, not longer. (The other common rule, $v_(t+1) = beta v_t + f'(x_t)$,
          adds slopes up, and is up to $1 \/ (1 - beta) = ${Number((1 / (1 - options.beta)).toFixed(4))}$ times as fast on a plateau; that is a larger rate under
          another name.)`,
      md`**Near the minimum it keeps going.** There the past slopes are the larger ones, so $x$ runs past the minimum and swings
          back, ever less. ${within(options.rate)} ${within(options.secondRate)}`,
    ),
    paragraph(oldLag(at("new"), at("old"))),
  );
}

function oldLag(fresh: Run, old: Run) {
  const apart = Math.abs(fresh.steps[3]!.x - old.steps[3]!.x);
  return md`The old $v$ lags by one step more: its second step is still $eta f'(x_0)$. After three steps the two readings are
    ${scientificText(apart)} apart.`;
}

function inLanewise({ float32, options, a, b, c }: GeluAnswer): Section {
  const later = float32.later.filter(({ steps }) => steps > 3);
  return section(
    "The same in Lanewise",
    paragraph(md`All numbers above are 64-bit arithmetic in plain TypeScript. Lanewise computes the same steps in 32 bits on its
      WebAssembly kernels, with the slopes that its tape finds.`),
    table({
      columns: [
        { title: md`$x_0$`, align: "right" },
        { title: md`$eta$`, align: "right" },
        "method",
        { title: md`$x_3$ in 64 bits`, format: fixed(9) },
        { title: md`$x_3$ by Lanewise`, format: fixed(9) },
      ],
      rows: [a, b, ...c].map((run) => {
        const { x, float32 } = run.steps[3]!;
        return [shown(run.start), String(run.rate), methodName(run), x, float32];
      }),
    }),
    paragraph(md`The largest difference of an $x$ in the first three steps is ${scientificText(float32.firstSteps)}${later
      .map(({ steps, difference }) => `, after ${integer(steps)} steps ${scientificText(difference)}`)
      .join(
        "",
      )}. The library's optimizer \`SGD\` with momentum ${options.beta} and dampening ${options.beta} is [](#momentum) with the
      new $v$; it differs by ${scientificText(float32.sgd)} in three steps. A 32-bit number is rounded at $6 dot 10^(-8)$ of itself; close to the minimum a step
      becomes smaller than that, and descent ends there.`),
  );
}

/** A small difference with one digit: `2.6×10⁻⁷`. */
const scientificText = significant(2);
