// One of everything, on made-up numbers: a report to look at after a change of the design, and for the test beside it.
import { barChart } from "./charts/bar.ts";
import { confusionMatrix, heatMap } from "./charts/heatmap.ts";
import { lineChart } from "./charts/line.ts";
import { md } from "./document/inline.ts";
import * as parts from "./document/model.ts";
import { imageGrid } from "./image-grid.ts";
import { networkDrawing } from "./network.ts";
import { duration, fixed, integer, percent } from "./numbers.ts";

const digits = [..."0123456789"];
const epochs = Array.from({ length: 15 }, (_, at) => at + 1);
const training = epochs.map((epoch) => 0.24 * 0.72 ** epoch + 0.0008);
const test = epochs.map((epoch) => 0.16 * 0.7 ** epoch + 0.058 + 0.0006 * epoch);
const counts = digits.map((_, row) =>
  digits.map((_, column) => (row === column ? 1000 - 3 * row : (row * 7 + column) % 4)),
);

/** A ring of the given radius in 28 x 28 grey bytes. */
function ring(radius: number): Uint8Array {
  return Uint8Array.from({ length: 784 }, (_, at) => {
    const distance = Math.hypot((at % 28) - 13.5, Math.floor(at / 28) - 13.5);
    return Math.max(0, 255 - 90 * Math.abs(distance - radius));
  });
}

async function curves() {
  const size = { width: 210, height: 190 };
  const x = { label: "epoch" };
  const pair = (first: number[], second: number[]) => [
    { name: "training", y: first },
    { name: "test", y: second, dashed: true },
  ];
  const loss = await lineChart({
    ...size,
    x,
    y: { label: "cross-entropy", unit: "nats", scale: "log" },
    series: pair(training, test),
  });
  const scaled = (values: number[]) => values.map((value) => value * 27);
  const error = await lineChart({
    ...size,
    x,
    y: { label: "error", unit: "%", zero: true },
    series: pair(scaled(training), scaled(test)),
    notes: [{ y: 1.7, text: "aim: 1.7 %" }],
  });
  return parts.columns([
    [parts.figure({ svg: loss, caption: "Loss, on a logarithmic axis.", id: "loss" })],
    [parts.figure({ svg: error, caption: "Wrong predictions.", id: "error" })],
  ]);
}

async function results(): Promise<parts.Section> {
  const perDigit = await barChart({
    category: "digit",
    categories: digits,
    value: { label: "test error", unit: "%" },
    series: [{ name: "error", values: digits.map((_, at) => 0.6 + ((at * 37) % 17) / 10) }],
  });
  const mistakes = imageGrid({
    width: 28,
    height: 28,
    inverted: true,
    images: digits.map((digit, at) => ({
      pixels: ring(3 + at),
      caption: [`${digit} taken for ${(at * 3) % 10}`, "99.8 %"],
    })),
  });
  return parts.section(
    "Results",
    parts.paragraph(md`The training loss falls to ${0.0025} nats ([](#loss)) while the test error stays near its best
      from epoch 10 on ([](#error)). [](#confusion) shows which digits are mistaken for which.`),
    await curves(),
    parts.figure({
      svg: await confusionMatrix({ classes: digits, counts }),
      id: "confusion",
      caption: "Test images by class.",
    }),
    parts.figure({ svg: perDigit, caption: "Test error of each digit." }),
    parts.figure({ svg: mistakes, caption: "The most confident mistakes: class, prediction, and its probability." }),
  );
}

async function study(): Promise<parts.Section> {
  const names = ["ReLU, He", "tanh, Glorot", "sigmoid, standard normal weights"];
  const chart = await barChart({
    category: "setting",
    categories: names,
    value: { label: "error on held-out images", unit: "%" },
    format: fixed(2),
    series: [
      { name: "after 1 epoch", values: [4.1, 4.7, 31.2] },
      { name: "after 10 epochs", values: [1.58, 1.71, 8.93] },
    ],
    horizontal: true,
  });
  const map = await heatMap({
    rows: { label: "row", names: ["1", "2", "3"] },
    columns: { label: "column", names: ["1", "2", "3", "4"] },
    values: [
      [1, -2, 0.5, 3],
      [0, 0, -3, 1],
      [2, 2, -1, -1.25],
    ],
    colors: "diverging",
  });
  const exclusiveOr = networkDrawing({
    layers: [{ units: ["x₁", "x₂"] }, { units: ["h₁", "h₂"], biases: [-10, 30] }, { units: ["y"], biases: [-30] }],
    weights: [
      [
        [20, -20],
        [20, -20],
      ],
      [[20], [20]],
    ],
    gap: 80,
  });
  const rows = [32, 64, 128, 256].flatMap((batch) =>
    [0.3, 0.1, 0.03].map((rate) => [batch, rate, "784-256-128-10", 0.0158 + batch / 3e4 + rate / 90, 48.2 + batch / 7]),
  );
  return parts.section(
    "A small study",
    parts.paragraph("Chosen on 5,000 held-out training images; the test set was read once, by the last weights."),
    parts.table({
      caption: "Batch size and learning rate.",
      id: "study",
      columns: [
        "batch",
        { title: md`rate $eta$` },
        "layers",
        { title: "held-out error", format: percent(2) },
        { title: "time", format: duration, align: "right" },
      ],
      rows,
      highlight: [1],
    }),
    parts.figure({ svg: chart, caption: "The plain standard normal keeps sigmoid units saturated." }),
    parts.columns([
      [parts.figure({ svg: map, caption: "A feature map." })],
      [parts.figure({ svg: exclusiveOr, caption: "A network for XOR." })],
    ]),
  );
}

const method = parts.section(
  "Method",
  parts.paragraph(md`A network of two hidden layers maps an image $bold(x) in RR^(1 times ${784})$ to logits. With
    $sigma(z) = 1 \/ (1 + e^(-z))$ and $bold(o) = "softmax"(bold(f)_2)$ the loss of one image is **cross-entropy**:`),
  parts.formula("E = -sum_(k=1)^K y_k ln o_k, quad o_k = e^(f_(2,k)) / (sum_(j=1)^K e^(f_(2,j)))", "loss-law"),
  parts.paragraph(md`so that by [](#loss-law) the gradients are`),
  parts.formula(
    "(partial E) / (partial bold(f)_2) = bold(o) - bold(y), quad (partial E) / (partial bold(x)) = ((bold(o) - bold(y)) W_2^top dot.o bold(a) dot.o (1 - bold(a))) W_1^top",
  ),
  parts.statement(
    "Answer",
    parts.paragraph(md`Of a single layer nothing but $bold(o) - bold(y)$ is left:`),
    parts.formula("(partial E) / (partial W) = bold(x)^top (bold(o) - bold(y)) ."),
  ),
  parts.section(
    "Settings",
    parts.facts(
      ["Layers", "784-256-128-10, ReLU"],
      ["Optimizer", md`SGD, $eta = ${0.1}$, momentum ${0.9}`],
      ["Batch size", 64],
      ["Training images", 60000],
      ["Data", "train-images-idx3-ubyte.gz, SHA-256 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"],
      ["Reproduce", md`\`npm start -- --epochs 15 --seed 1\``],
    ),
  ),
);

export async function demonstration(): Promise<parts.Report> {
  return {
    title: "Handwritten digits, learned in WebAssembly",
    subtitle: "A report on made-up numbers, to show what a report looks like",
    authors: ["Lanewise"],
    summary: [
      parts.keyFigures(
        { value: percent(2)(0.0158), label: "test error" },
        { value: "10 of 10", label: "points: below 5 %" },
        { value: duration(48.3), label: "training on two cores" },
        { value: integer(71234), label: "images a second" },
      ),
      parts.note(md`These numbers are **made up**. A real report says here what is unusual about its data.`),
    ],
    sections: [
      parts.section(
        "Problem",
        parts.paragraph(`MNIST holds 60,000 training and 10,000 test images of digits, each of 28 × 28 grey values. The network
          must name the digit. ${"It is judged by its share of wrong answers on images that it never saw in training. ".repeat(2)}`),
        parts.list("below 5 % error: 10 points", "below 10 %: 5 points", md`below 20 %: 3 points, else *none*`),
      ),
      method,
      await results(),
      await study(),
    ],
  };
}
