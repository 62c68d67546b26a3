// Problem 1 in the report, second half: where the methods end, why the start is a plateau, what momentum does there.
import {
  type Block,
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
  table,
} from "@lanewise/report";
import { number } from "../maths.ts";
import type { GeluAnswer, Run } from "./answer.ts";
import { overSteps } from "./charts.ts";
import { methodName } from "./words.ts";

export async function longRun(answer: GeluAnswer): Promise<Section[]> {
  return [await comparison(answer), plateau(answer), momentum(answer), inLanewise(answer)];
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
  const descents = c.filter(({ velocity }) => velocity === "none");
  const moved = descents.map((run) => `${number(run.steps[3]!.x - run.start, 4)} with η = ${run.rate}`).join(", ");
  return section(
    left ? `Why ${plain(plateauStart)} lies on a plateau` : `The slope at ${plain(plateauStart)}`,
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
  const [descent, moved] = [at("none"), at("new")];
  const behind = Math.abs(moved.steps[3]!.x - descent.start) < Math.abs(descent.steps[3]!.x - descent.start);
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
      md`**${behind ? "On its way it is behind." : "Where slopes grow it falls behind."}** An average of past slopes is never larger than the largest of
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
        return [plain(run.start), String(run.rate), methodName(run), x, float32];
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
