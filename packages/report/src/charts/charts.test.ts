// Charts are read back as XML: it must be well formed, hold every label, and keep every text inside the picture.
import { DOMParser } from "@xmldom/xmldom";
import { describe, expect, it } from "vitest";
import { measureText } from "../fonts.ts";
import { pngOfSvg } from "../raster.ts";
import { logRange, logTicks } from "./axis.ts";
import { barChart } from "./bar.ts";
import { confusionMatrix, heatMap } from "./heatmap.ts";
import { lineChart } from "./line.ts";

/** The texts of a picture, each with its left and right end in the picture's own coordinates. */
function textsOf(svg: string) {
  const document = new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(svg, "image/svg+xml");
  const root = document.documentElement;
  if (root === null) throw new Error("no root element");
  const width = Number(root.getAttribute("width"));
  const texts = [...document.getElementsByTagName("text")].map((element) => {
    let x = 0;
    let turned = false;
    for (
      let node: typeof element | null = element;
      node?.getAttribute;
      node = node.parentNode as typeof element | null
    ) {
      const transform = node.getAttribute("transform") ?? "";
      x += Number(/translate\(([-\d.e]+)/.exec(transform)?.[1] ?? 0);
      turned ||= /rotate\(-?[1-9]/.test(transform);
    }
    const text = element.textContent ?? "";
    const size = Number(/^([\d.]+)px/.exec(element.getAttribute("font-size") ?? "")?.[1] ?? 0);
    const length = measureText(text, size);
    const anchor = element.getAttribute("text-anchor");
    const left = anchor === "end" ? x - length : anchor === "middle" ? x - length / 2 : x;
    return { text, left, right: left + length, turned };
  });
  return { width, height: Number(root.getAttribute("height")), texts };
}

function expectInside(svg: string, ...words: string[]): void {
  const { width, texts } = textsOf(svg);
  for (const word of words) expect(texts.map(({ text }) => text)).toContain(word);
  for (const { text, left, right, turned } of texts) {
    if (turned) continue;
    expect(left, `"${text}" begins inside`).toBeGreaterThanOrEqual(0);
    expect(right, `"${text}" ends inside`).toBeLessThanOrEqual(width + 0.5);
  }
}

const epochs = Array.from({ length: 12 }, (_, at) => at + 1);
const curves = {
  x: { label: "epoch" },
  y: { label: "cross-entropy", unit: "nats", scale: "log" as const },
  series: [
    { name: "training <set> & more", y: epochs.map((epoch) => 0.4 / epoch) },
    { name: "test", y: epochs.map((epoch) => 0.3 / epoch + 0.05), dashed: true },
  ],
};

describe("line charts", () => {
  it("hold axes with units, a legend and notes, all inside the picture", async () => {
    const svg = await lineChart({ ...curves, title: "Loss", notes: [{ x: 7, text: "kept weights" }] });
    expectInside(svg, "epoch", "cross-entropy (nats)", "training <set> & more", "test", "Loss", "kept weights", "0.05");
  });

  it("have the size asked for, and the same text each time", async () => {
    const [first, second] = [
      await lineChart({ ...curves, width: 300, height: 200 }),
      await lineChart({ ...curves, width: 300, height: 200 }),
    ];
    expect(textsOf(first)).toMatchObject({ width: 300, height: 200 });
    expect(second).toBe(first);
  });

  it("leave a gap where a value is missing or has no logarithm", async () => {
    const draw = (y: number[]) => lineChart({ ...curves, series: [{ name: "loss", y }] });
    const moves = (svg: string) => /class="mark-line[\s\S]*? d="([^"]*)"/.exec(svg)?.[1]?.match(/M/g)?.length;
    expect(moves(await draw([1, 0.5, 0.4, 0.3, 0.2]))).toBe(1);
    expect(moves(await draw([1, 0.5, Number.NaN, 0.3, 0.2]))).toBe(2);
    expect(moves(await draw([1, 0.5, 0, 0.3, 0.2]))).toBe(2);
  });

  it("draw a training of one epoch as a point, and of none as empty axes", async () => {
    expect(await lineChart({ ...curves, series: [{ name: "loss", y: [0.3] }] })).toContain("mark-symbol");
    expectInside(await lineChart({ ...curves, series: [{ name: "loss", y: [] }] }), "epoch");
    expectInside(await lineChart({ ...curves, series: [{ name: "loss", y: [Number.NaN] }] }), "epoch");
  });

  it("keep a legend of many long names inside", async () => {
    const series = Array.from({ length: 9 }, (_, at) => ({
      name: `hidden layers of ${at} units and ReLU`,
      y: [at, at + 1],
    }));
    expectInside(await lineChart({ ...curves, series }), ...series.map(({ name }) => name));
  });

  it("refuse lists of different lengths, a name twice and a wrong range, saying which", async () => {
    const y = { label: "loss" };
    await expect(lineChart({ x: y, y, series: [{ name: "a", x: [1], y: [1, 2] }] })).rejects.toThrow(
      'series "a" has 1 x and 2 y values, expected as many',
    );
    await expect(lineChart({ x: y, y, series: [] })).rejects.toThrow("no series came");
    const twice = [
      { name: "a", y: [1] },
      { name: "a", y: [2] },
    ];
    await expect(lineChart({ x: y, y, series: twice })).rejects.toThrow('two series are named "a"');
    const range = [0, 1] as const;
    await expect(
      lineChart({ x: y, y: { label: "loss", scale: "log", range }, series: [{ name: "a", y: [1] }] }),
    ).rejects.toThrow('the range of axis "loss" is [0,1], expected two rising positive ends');
  });
});

describe("logarithmic axes", () => {
  it("go from one 1, 2 or 5 to another around the data", () => {
    expect(logRange([0.003, 0.4])).toEqual([0.002, 0.5]);
    expect(logRange([0, Number.NaN])).toEqual([0.1, 10]);
  });

  it("have ticks at 1, 2, 5 over few powers and at each or some powers over many", () => {
    expect(logTicks(0.02, 0.5)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5]);
    expect(logTicks(1e-4, 10)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
    expect(logTicks(1e-15, 1)).toEqual([1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1]);
  });
});

describe("bar charts", () => {
  it("write one count of decimals on all bars", async () => {
    const svg = await barChart({
      category: "digit",
      categories: ["0", "1", "2"],
      value: { label: "test error", unit: "%" },
      series: [{ name: "error", values: [2, 0.7, 1.25] }],
    });
    expectInside(svg, "digit", "test error (%)", "2.00", "0.70", "1.25");
  });

  it("keep long names inside when they lie", async () => {
    const categories = ["sigmoid, standard normal weights", "tanh"];
    const series = [
      { name: "training", values: [0.9, 0.02] },
      { name: "test", values: [0.91, 0.03] },
    ];
    expectInside(
      await barChart({ category: "setting", categories, value: { label: "error" }, series, horizontal: true }),
      ...categories,
    );
  });

  it("refuse a value too few", async () => {
    const chart = { category: "digit", categories: ["0", "1"], value: { label: "error" } };
    await expect(barChart({ ...chart, series: [{ name: "error", values: [1] }] })).rejects.toThrow(
      'series "error" has 1 values, expected one for each of 2 categories',
    );
  });
});

describe("heat maps", () => {
  it("write each number in its cell, with room for it", async () => {
    const values = [
      [1, -2.5, 12345.678],
      [0, 3, -1],
    ];
    const svg = await heatMap({
      rows: { names: ["a", "b"] },
      columns: { names: ["x", "y", "z"] },
      values,
      colors: "diverging",
    });
    expectInside(svg, "−2.5", "12,345.7", "x", "b");
  });

  it("show a confusion matrix of long names whole", async () => {
    const classes = ["aeroplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    const counts = classes.map((_, row) => classes.map((_, column) => (row === column ? 1024 : row)));
    const svg = await confusionMatrix({ classes, counts });
    expectInside(svg, "true class", "predicted class", "1,024", ...classes);
    expect(textsOf(svg).texts.filter(({ text }) => text === "automobile")).toHaveLength(2);
  });

  it("refuse a ragged matrix, naming the row", async () => {
    await expect(confusionMatrix({ classes: ["a", "b"], counts: [[1, 2], [3]] })).rejects.toThrow(
      'confusion matrix: row "b" has 1 values, expected 2 x 2, one for each name',
    );
  });
});

describe("PNG of a chart", () => {
  it("has two pixels for each point, and refuses a scale of nothing", async () => {
    const png = pngOfSvg(await lineChart({ ...curves, width: 300, height: 200 }));
    // The IHDR chunk: width and height as big-endian words at byte 16.
    const view = new DataView(png.buffer, png.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([600, 400]);
    expect(() => pngOfSvg("<svg/>", { scale: 0 })).toThrow("scale is 0, expected above 0");
  });
});
