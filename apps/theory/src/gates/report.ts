// Problem 2 in the report: each gate's network, and the proofs that none is smaller.
import {
  type Block,
  columns,
  type Fact,
  figure,
  fixed,
  formula,
  integer,
  md,
  networkDrawing,
  note,
  numberedList,
  paragraph,
  type Section,
  section,
  statement,
  table,
} from "@lanewise/report";
import { maths } from "../maths.ts";
import type { ProblemReport } from "../problem.ts";
import { type GateSolution, type GatesAnswer, shownFraction } from "./answer.ts";
import { inHiddenSpace, inInputSpace } from "./charts.ts";
import type { Network } from "./network.ts";

export const gatesReport: ProblemReport<GatesAnswer> = { section: gatesSection, glance };

function glance({ solutions }: GatesAnswer): Fact[] {
  return solutions.map(({ gate, network, units }): Fact => {
    const size = units === 1 ? "1 neuron: " : `${units} neurons in ${network.layers.length} layers: `;
    return [
      `2, ${gate.name}`,
      {
        spans: [
          { kind: "text", text: size },
          ...unitFormulas(network).flatMap((unit, at) => [
            ...(at === 0 ? [] : [{ kind: "text" as const, text: ", " }]),
            // In a group, so that no line ends inside.
            ...maths(`#box($${unit}$)`).spans,
          ]),
        ],
      },
    ];
  });
}

async function gatesSection(answer: GatesAnswer): Promise<Section> {
  const hard = answer.solutions.filter(({ certificate }) => certificate !== null);
  return section(
    "Logic gates as smallest networks",
    paragraph(md`A unit adds up its inputs, each times a weight, and a bias: $z = w_1 x_1 + w_2 x_2 + b$. It gives $sigma(z)$ to the
      units of the next layer. What the network says is read on the sum of its **last** unit:`),
    formula(
      '"output" = cases(1 quad & "if" z >= 0, 0 & "if" z < 0) quad quad "that is," quad 1 quad "where" quad sigma(z) >= 1 / 2 .',
      "reading",
    ),
    paragraph(
      md`It must be read before the sigmoid: $sigma(z)$ itself is above 0 for every $z$, and would always read as 1.`,
    ),
    ...answer.solutions.map(solutionSection),
    ...(answer.solutions.some(({ gate }) => gate.name === "NOT") ? [handoutSection(answer)] : []),
    oneUnitSection(),
    ...(hard.length > 0 ? [noLineSection(hard), oneHiddenSection(), await constructionSection(hard[0]!)] : []),
    ...(answer.searches.length > 0 ? [searchSection(answer)] : []),
  );
}

/** The network as units and lines. */
function drawing({ layers }: Network, inputs: number): string {
  return networkDrawing({
    layers: [
      { label: "inputs", units: ["x₁", "x₂"].slice(0, inputs) },
      ...layers.map(({ biases }, at) => ({
        label: at === layers.length - 1 ? "output" : "hidden",
        units: at === layers.length - 1 ? ["z"] : biases.map((_, unit) => `h${"₁₂"[unit]}`),
        biases,
      })),
    ],
    weights: layers.map(({ weights }) => weights),
    gap: layers.length > 1 ? 72 : 90,
  });
}

/** The units in Typst's notation. */
function unitFormulas({ layers }: Network): string[] {
  return layers.flatMap(({ weights, biases }, layer) => {
    const last = layer === layers.length - 1;
    return biases.map((bias, unit) => {
      const terms = weights.map((row, at) => ({ factor: row[unit]!, name: `${layer === 0 ? "x" : "h"}_${at + 1}` }));
      const sum = sumFormula([...terms, { factor: bias, name: "" }]);
      return last ? `z = ${sum}` : `h_${unit + 1} = sigma(${sum})`;
    });
  });
}

function sumFormula(terms: readonly { factor: number; name: string }[]): string {
  const shown = terms.filter(({ factor }) => factor !== 0);
  if (shown.length === 0) return "0";
  return shown
    .map(({ factor, name }, at) => {
      const size = Math.abs(factor);
      const text = name === "" ? String(size) : size === 1 ? name : `${size} ${name}`;
      return `${factor < 0 ? "-" : at === 0 ? "" : "+"} ${text}`;
    })
    .join(" ");
}

function solutionSection({ gate, network, sizes, units, rows, right }: GateSolution): Section {
  const layers = network.layers.length;
  const head = ["x_1", "x_2"].slice(0, gate.inputs).map((name) => ({ title: maths(name) }));
  const hiddenHead = rows[0]!.hidden.map((_, at) => ({
    title: maths(`h_${at + 1}`),
    format: fixed(4),
  }));
  return section(
    `${gate.name}: ${layers} ${layers === 1 ? "layer" : "layers"}, ${units} ${units === 1 ? "neuron" : "neurons"}`,
    columns(
      [
        [figure({ svg: drawing(network, gate.inputs), caption: `${gate.name} as a ${sizes.join("-")} network.` })],
        [
          table({
            caption: `The truth table${right ? "" : ", WHICH DIFFERS"}; z by Lanewise.`,
            columns: [...head, "wanted", ...hiddenHead, { title: md`$z$`, format: fixed(4) }, "reads as"],
            rows: rows.map((row) => [...row.inputs, row.wanted, ...row.hidden, row.float32, row.output]),
          }),
          formula(unitFormulas(network).join(" \\ ")),
        ],
      ],
      layers === 1 ? [1, 1.3] : [1, 1.5],
    ),
  );
}

function handoutSection({ handout }: GatesAnswer): Section {
  const [zero, one] = handout.rows as [GatesAnswer["handout"]["rows"][number], GatesAnswer["handout"]["rows"][number]];
  return section(
    "The handout's NOT",
    note(md`The handout gives NOT the weight ${handout.weight} and the bias ${handout.bias}. By its own rule that is
      $z = ${zero.z}$ for $x_1 = 0$ and $z = ${one.z}$ for $x_1 = 1$: below 0 both times, so it says **0 for both inputs**. NOT needs
      $z = b >= 0$ at $x_1 = 0$ and $z = b - 1 < 0$ at $x_1 = 1$. With the weight −1 every bias $0 <= b < 1$ works; $b = 0.5$ keeps both
      as far from 0 as can be.`),
  );
}

function oneUnitSection(): Section {
  return section(
    "Why one unit is the least",
    paragraph(md`A gate with a line that parts its ones from its zeros needs one unit, the last, whose $z = 0$ is that line. Fewer
      than one there cannot be. Their weights above are those of the widest gap for weights from −1 to 1, found by a linear program
      and checked in exact fractions: every $z$ is at least 1/2 away from 0 (2 for a gate that is constant).`),
  );
}

function noLineSection(hard: readonly GateSolution[]): Section {
  return section(
    `${hard.map(({ gate }) => gate.name).join(" and ")} ${hard.length > 1 ? "have" : "has"} no separating line`,
    paragraph(md`Suppose one unit $z(x) = w_1 x_1 + w_2 x_2 + b$ did it. Give each row of the truth table a share $lambda >= 0$, and add up
      $s lambda z$ over the rows, where $s = +1$ for rows that should be 1 and $s = -1$ for those that should be 0. Were every row
      right, each term would be at least 0, and above 0 for a row that should be 0 and has a share above 0. So with at least one such row
      the sum would be **positive**. But its terms can be ordered by $w_1$, $w_2$ and $b$:`),
    formula(
      "sum_i s_i lambda_i z(x_i) = w_1 sum_i s_i lambda_i x_(i 1) + w_2 sum_i s_i lambda_i x_(i 2) + b sum_i s_i lambda_i .",
    ),
    paragraph(md`Shares that make all three sums on the right 0 make the whole **zero, whatever the weights**. Both cannot be: no weights
      exist. Such shares are a certificate (after J. Farkas, 1902); a linear program finds them, and exact fractions check them.`),
    columns(hard.map((solution) => [certificateTable(solution)])),
    ...hard
      .filter(({ gate }) => gate.name === "XOR")
      .map(
        (): Block =>
          statement(
            "XOR in one line",
            formula("z(0,1) + z(1,0) = w_1 + w_2 + 2 b = z(0,0) + z(1,1) ,"),
            paragraph("where the left side should be at least 0, and the right side below 0."),
          ),
      ),
  );
}

function certificateTable({ gate, rows, certificate }: GateSolution): Block {
  const { multipliers, sums } = certificate!;
  const share = (row: number, factor: number) => {
    const side = gate.outputs[row] === 1 ? 1 : -1;
    return factor === 0 ? "0" : shownFraction(side < 0 ? `-${multipliers[row]}` : multipliers[row]!);
  };
  const title = (name: string) => ({
    title: maths(name),
    align: "right" as const,
  });
  return table({
    caption: `The certificate for ${gate.name}, in exact fractions.`,
    columns: [
      title("x_1"),
      title("x_2"),
      title("s"),
      title("lambda"),
      title("s lambda x_1"),
      title("s lambda x_2"),
      title("s lambda"),
    ],
    rows: [
      ...rows.map(({ inputs }, row) => [
        ...inputs.map(String),
        gate.outputs[row] === 1 ? "+1" : "−1",
        shownFraction(multipliers[row]!),
        ...[...inputs, 1].map((factor) => share(row, factor)),
      ]),
      ["", "", "", "sum", ...sums.map(shownFraction)],
    ],
    highlight: [rows.length],
  });
}

function oneHiddenSection(): Section {
  return section(
    "One hidden unit does not help",
    paragraph(
      md`The next smallest network has two units: one hidden, $h = sigma(w_1 x_1 + w_2 x_2 + b)$, and the last, $z = v h + c$.`,
    ),
    statement(
      "It separates by a line, too",
      numberedList(
        md`The sigmoid rises strictly. So $z$ is a monotone function of the hidden unit's sum $t = w_1 x_1 + w_2 x_2 + b$: rising for $v > 0$,
          falling for $v < 0$, constant for $v = 0$.`,
        md`Therefore, and since it is continuous, $z >= 0$ holds exactly for $t >= t_0$ with some bound $t_0$, or exactly for $t <= t_0$, or
          always, or never.`,
        md`In each case one unit alone reads every input the same way: the one with the sum $t - t_0$, $t_0 - t$, 0 or −1, each of the form
          $w'_1 x_1 + w'_2 x_2 + b'$. A gate that no single unit computes is out of reach.`,
      ),
    ),
    paragraph(md`More hidden layers of one unit each change nothing: monotone functions of monotone functions are monotone. So two units
      never suffice, and **three are the fewest**. In one layer there is only the last unit, so **two layers are the fewest**, and of three
      units they hold two hidden ones and the last. (All this holds for networks in layers. A unit that also sees the inputs directly, past the hidden layer, would be
      another kind of network.)`),
  );
}

async function constructionSection(hard: GateSolution): Promise<Section> {
  return section(
    "How two hidden units do it",
    paragraph(md`XOR is "at least one, but not both": OR and NAND at once. Each of the two has a line, so each is a hidden unit;
      $h_1$ is nearly 1 where OR holds, $h_2$ where NAND does. The factor 20 makes the sigmoids steep, so that $h$ is within
      ${0.0001} of 0 or 1. In the plane of $h_1$ and $h_2$ the two rows that should be 1 fall onto one point near $(1, 1)$, the others near
      $(0, 1)$ and $(1, 0)$, and there a line exists: the last unit is their AND. XNOR is the opposite: the last unit's
      weights and bias with the other sign.`),
    columns([
      [
        figure({
          svg: await inInputSpace(hard),
          caption: `${hard.gate.name}: no line parts the inputs that should read as 1 from those that should read as 0.`,
        }),
      ],
      [
        figure({
          svg: await inHiddenSpace(hard),
          caption: md`The same four rows seen by the last unit, and its line $z = 0$.`,
        }),
      ],
    ]),
  );
}

function searchSection({ searches, searched }: GatesAnswer): Section {
  const [first] = searches;
  return section(
    "A search, as an illustration",
    paragraph(md`Lanewise trained networks for ${searched ?? ""} from ${integer(first!.starts)} random starts each, by gradient descent with momentum on the
      logistic loss, ${integer(first!.steps)} steps. With one hidden unit none gets all four rows right, as it must be; with two, some do
      and others end in flat places of the loss. This is no proof: a search that fails says nothing about what it did not try.`),
    table({
      caption: "How many networks have so many of the four rows right.",
      columns: ["hidden units", ...first!.rowsRight.map((_, rows) => `${rows} of 4`)],
      rows: searches.map(({ hiddenUnits, rowsRight }) => [hiddenUnits, ...rowsRight]),
    }),
  );
}
