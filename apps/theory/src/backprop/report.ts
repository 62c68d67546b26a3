// Problem 3 in the report: every gradient derived step by step, then checked on numbers.
import {
  type Block,
  columns,
  type Fact,
  figure,
  fixed,
  formula,
  md,
  networkDrawing,
  paragraph,
  type Section,
  section,
  significant,
  statement,
  table,
} from "@lanewise/report";
import { matrixOf, number } from "../maths.ts";
import type { ProblemReport } from "../problem.ts";
import type { BackpropAnswer, Example } from "./answer.ts";

const small = significant(2);

export const backpropReport: ProblemReport<BackpropAnswer> = { section: backpropSection, glance };

function glance({ worst }: BackpropAnswer): Fact[] {
  return [
    [
      "3",
      md`$frac(partial E, partial f_2) = o - y$,   $frac(partial E, partial x) = ((o - y) W_2^top dot.o a dot.o (1 - a)) W_1^top$`,
    ],
    [
      "3, checked",
      `within ${small(worst.differences)} of differences in 64 bits, ${small(worst.tape)} of the tape in 32 bits`,
    ],
  ];
}

async function backpropSection(answer: BackpropAnswer): Promise<Section> {
  return section(
    "Back-propagation through a two-layer network",
    network(answer),
    loss(),
    lastLayer(),
    firstLayer(),
    summary(),
    example(answer.example),
    checks(answer),
  );
}

function network({ example }: BackpropAnswer): Section {
  const { inputs, hidden, classes } = example.sizes;
  const named = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}${"₁₂₃₄₅"[at]}`);
  const ones = (from: number, to: number) => Array.from({ length: from }, () => new Array<number>(to).fill(1));
  return section(
    "The network",
    paragraph("One example is a row; every layer multiplies it by a matrix from the right and adds a bias."),
    formula(
      "f_1 &= x W_1 + b_1 quad & & (1 times M) quad quad & a &= sigma(f_1) quad & & (1 times M) \\ " +
        'f_2 &= a W_2 + b_2 quad & & (1 times K) quad quad & o &= "softmax"(f_2) quad & & (1 times K)',
    ),
    formula(
      "o_k = e^(f_(2,k)) / (sum_j e^(f_(2,j))), quad quad E = - sum_k y_k ln o_k, quad sum_k y_k = 1 .",
      "softmax-loss",
    ),
    columns(
      [
        [
          paragraph(md`$x$ is $1 times N$, $W_1$ is $N times M$, $W_2$ is $M times K$; $y$ is the target, 1 for the true class and 0
            elsewhere.`),
          paragraph(md`The gradient of $E$ by any of these has the shape of what it is taken by: its entry is the derivative of $E$ by
            that entry. The chain rule leads from the end to the beginning: if $E$ depends on $p$ only by way of $q$, then`),
          formula(
            "(partial E) / (partial p_i) = sum_j (partial E) / (partial q_j) dot (partial q_j) / (partial p_i) .",
          ),
        ],
        [
          figure({
            svg: networkDrawing({
              layers: [
                { label: "x", units: named("x", inputs) },
                { label: "a = σ(f₁)", units: named("a", hidden) },
                { label: "softmax(f₂)", units: named("o", classes) },
              ],
              weights: [ones(inputs, hidden), ones(hidden, classes)],
              format: () => "",
              gap: 68,
            }),
            caption: md`$N = ${inputs}$, $M = ${hidden}$, $K = ${classes}$; each line is a weight.`,
          }),
        ],
      ],
      [1.15, 1],
    ),
  );
}

function loss(): Section {
  return section(
    "From the loss to f₂",
    paragraph(md`How $o_k$ changes with $f_(2,i)$: by the quotient rule on [](#softmax-loss), with $delta_(k i)$ being 1 for $k = i$ and 0
      otherwise (the numerator contains $f_(2,i)$ only if $k = i$; the sum below always does),`),
    formula(
      "(partial o_k) / (partial f_(2,i)) = (delta_(k i) e^(f_(2,k)) sum_j e^(f_(2,j)) - e^(f_(2,k)) e^(f_(2,i))) / (sum_j e^(f_(2,j)))^2 = " +
        "o_k (delta_(k i) - o_i) .",
    ),
    paragraph(
      md`How $E$ changes with $o_k$: $frac(partial E, partial o_k) = - frac(y_k, o_k)$. Together, by the chain rule over all $k$:`,
    ),
    formula(
      "(partial E) / (partial f_(2,i)) = - sum_k y_k / o_k o_k (delta_(k i) - o_i) = - sum_k y_k delta_(k i) + o_i sum_k y_k = - y_i + o_i .",
    ),
    paragraph(md`The factors $o_k$ cancel, and the targets add up to 1. As a row:`),
    formula("(partial E) / (partial f_2) = o - y .", "by-f2"),
  );
}

function lastLayer(): Section {
  return section(
    "The last layer: W₂, b₂ and a",
    paragraph(md`$f_(2,k) = sum_m a_m W_(2,m k) + b_(2,k)$. Each weight occurs in one $f_(2,k)$ alone, where its factor is $a_m$; each
      bias in one, with the factor 1; each $a_m$ in all of them, with the factors $W_(2,m k)$:`),
    formula(
      "(partial E) / (partial W_(2,m k)) = a_m (o_k - y_k), quad quad (partial E) / (partial b_(2,k)) = o_k - y_k, quad quad " +
        "(partial E) / (partial a_m) = sum_k (o_k - y_k) W_(2,m k) .",
    ),
    paragraph("In matrices, the first is a column times a row, and the last a row times the transpose:"),
    formula(
      "(partial E) / (partial W_2) = a^top (o - y), quad quad (partial E) / (partial b_2) = o - y, quad quad " +
        "(partial E) / (partial a) = (o - y) W_2^top .",
      "by-w2",
    ),
  );
}

function firstLayer(): Section {
  return section(
    "Through the sigmoid to W₁, b₁ and x",
    paragraph(md`The sigmoid works on each entry by itself, $a_m = sigma(f_(1,m))$ with $sigma' = sigma (1 - sigma)$, so each entry of the
      gradient gets the factor $a_m (1 - a_m)$. With $dot.o$ for products entry by entry, taken after products of
      matrices,`),
    formula("(partial E) / (partial f_1) = (o - y) W_2^top dot.o a dot.o (1 - a) .", "by-f1"),
    paragraph(
      md`And $f_1 = x W_1 + b_1$ is a layer as before: $x$ stands where $a$ stood, [](#by-f1) where $o - y$ stood.`,
    ),
    formula(
      "(partial E) / (partial W_1) = x^top (partial E) / (partial f_1), quad quad (partial E) / (partial b_1) = (partial E) / (partial f_1), " +
        "quad quad (partial E) / (partial x) = (partial E) / (partial f_1) W_1^top .",
      "by-w1",
    ),
  );
}

function summary(): Block {
  return statement(
    "The two that were asked for",
    formula(
      "(partial E) / (partial f_2) = o - y, quad quad (partial E) / (partial x) = ((o - y) W_2^top dot.o a dot.o (1 - a)) W_1^top .",
    ),
  );
}

function example({ sizes, arrays, forward, loss, gradients }: Example): Section {
  const { inputs, hidden, classes } = sizes;
  const rows = (values: readonly number[], columns: number) => matrixOf(values, columns, 4);
  return section(
    "One example with all its numbers",
    paragraph(md`Chosen for this report, small enough to follow with a pencil:`),
    formula(
      `x = ${rows(arrays.x, inputs)}, quad W_1 = ${rows(arrays.W1, hidden)}, quad b_1 = ${rows(arrays.b1, hidden)},`,
    ),
    formula(
      `W_2 = ${rows(arrays.W2, classes)}, quad b_2 = ${rows(arrays.b2, classes)}, quad y = ${rows(arrays.y, classes)} .`,
    ),
    paragraph("Forward:"),
    formula(`f_1 = ${rows(forward.f1, hidden)}, quad a = ${rows(forward.a, hidden)},`),
    formula(`f_2 = ${rows(forward.f2, classes)}, quad o = ${rows(forward.o, classes)}, quad E = ${number(loss, 4)} .`),
    paragraph("Backward:"),
    formula(
      `(partial E) / (partial f_2) = (partial E) / (partial b_2) = ${rows(gradients.f2, classes)}, quad ` +
        `(partial E) / (partial W_2) = ${rows(gradients.W2, classes)},`,
    ),
    formula(
      `(partial E) / (partial a) = ${rows(gradients.a, hidden)}, quad (partial E) / (partial f_1) = (partial E) / (partial b_1) = ${rows(gradients.f1, hidden)},`,
    ),
    formula(
      `(partial E) / (partial W_1) = ${rows(gradients.W1, hidden)}, quad (partial E) / (partial x) = ${rows(gradients.x, inputs)} .`,
    ),
  );
}

function checks({ trials, worst }: BackpropAnswer): Section {
  const names = trials[0]!.comparisons.map(({ of }) => of);
  const title = (of: string) => ({ spans: [{ kind: "math" as const, text: of.replace(/(\d)/, "_$1") }] });
  const differences = (caption: string, pick: "tape" | "differences"): Block =>
    table({
      caption,
      columns: [
        ...["N", "M", "K"].map((size) => ({ title: title(size) })),
        { title: md`$E$`, format: fixed(4) },
        ...names.map((of) => ({ title: title(of), format: small, align: "right" as const })),
      ],
      rows: trials.map(({ sizes, loss, comparisons }) => [
        sizes.inputs,
        sizes.hidden,
        sizes.classes,
        loss,
        ...comparisons.map((comparison) => comparison[pick]),
      ]),
    });
  return section(
    "The check",
    paragraph(md`Random networks, all numbers normally distributed. The formulas above are computed in 64 bits, and compared with two
      things that know nothing of them: Lanewise's tape, which records the operations of the forward pass in 32 bits and goes back
      through them, and for each entry $p$ of each array ($f_2$ is moved by way of $b_2$) the central difference in 64 bits`),
    formula('(E(p + h) - E(p - h)) / (2 h) quad "with" quad h = 10^(-5) .'),
    paragraph("Shown is the largest difference of an entry."),
    differences("The formulas beside the tape, by the array that the gradient is taken by.", "tape"),
    differences("The formulas beside central differences.", "differences"),
    paragraph(md`The tape is within ${small(worst.tape)}: 32-bit numbers are rounded at $6 dot 10^(-8)$ of themselves. The differences are within
      ${small(worst.differences)}: the quotient itself is off by about $h^2$ times a third derivative, and by the rounding of $E$ divided by $h$,
      some $10^(-11)$ for each unit of $E$ and more in large networks.`),
  );
}
