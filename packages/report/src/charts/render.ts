// From a Vega-Lite specification to SVG, in the house's design and with our fonts' own widths. The text is the same in every run.
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { measureText } from "../fonts.ts";
import { plain } from "../numbers.ts";
import { ink, palette, sizes, svgSans, textWidth } from "../style.ts";

/** Vega's grammar as a plain object; its own types are hundreds of unions and catch little. */
export type Spec = Record<string, unknown>;

const config = {
  font: svgSans,
  customFormatTypes: true,
  background: ink.paper,
  padding: 4,
  view: { stroke: null },
  range: { category: [...palette] },
  axis: {
    labelFontSize: sizes.label,
    labelColor: ink.muted,
    titleFontSize: sizes.title,
    titleFontWeight: "normal",
    titleColor: ink.text,
    titlePadding: 8,
    domainColor: ink.line,
    tickColor: ink.line,
    tickSize: 4,
    gridColor: ink.grid,
    labelPadding: 3,
  },
  title: { fontSize: sizes.title + 1, fontWeight: 600, color: ink.text, anchor: "start", offset: 8 },
  legend: {
    labelFontSize: sizes.label,
    labelColor: ink.text,
    titleFontSize: sizes.label,
    titleFontWeight: "normal",
    titleColor: ink.muted,
    offset: 8,
    labelLimit: 0,
    columnPadding: 14,
  },
};

/** The name under which specifications ask for our own number format. */
export const ownFormat = { formatType: "lanewisePlain" } as const;
vega.expressionFunction("lanewisePlain", (value: unknown) =>
  typeof value === "number" ? plain(value) : String(value),
);

interface TextItem {
  text?: unknown;
  fontSize?: number;
  fontWeight?: unknown;
}

// Without a canvas Vega guesses 0.8 of the size for each letter, and its margins then clip or gape.
const metrics = (vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } }).textMetrics;
metrics.width = (item, text) => {
  const bold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600;
  return measureText(String(text ?? item.text ?? ""), item.fontSize ?? 11, bold);
};

/** The size of a chart, axes and legend included, in points. */
export interface ChartSize {
  width?: number;
  height?: number;
}

/** How many keys of a legend stand in a row, so that none runs out of the picture; a single name too long is cut. */
export function legendFit(names: readonly (string | number)[], width: number): Spec {
  const room = width - 70;
  const needed = names.map((name) => measureText(String(name), sizes.label) + 42);
  /** Keys stand in a grid, whose columns are as wide as their widest key. */
  const widthOf = (columns: number) =>
    Array.from({ length: columns }, (_, column) => Math.max(...needed.filter((_, at) => at % columns === column)));
  let columns = names.length;
  while (columns > 1 && widthOf(columns).reduce((sum, one) => sum + one, 0) > room) columns -= 1;
  return { columns, labelLimit: room };
}

/** Draws one specification; the whole picture, axes included, has the given size. `legends`, Vega's own, replace Vega-Lite's. */
export async function draw(spec: Spec, size: ChartSize, legends?: readonly Spec[]): Promise<string> {
  const { width = textWidth, height = 250 } = size;
  for (const [name, value] of Object.entries({ width, height })) {
    if (!(value >= 60 && value <= 5000)) throw new RangeError(`chart: ${name} is ${value}, expected 60 to 5000 points`);
  }
  const limits = {
    axisX: { titleLimit: width - 20 },
    axisY: { titleLimit: height - 20 },
    title: { ...config.title, limit: width - 10 },
  };
  const whole = {
    ...spec,
    config: { ...config, ...limits },
    width,
    height,
    autosize: { type: "fit", contains: "padding" },
  };
  return runVega(whole, legends);
}

/** Draws a specification that says its own sizes. */
export async function runVega(spec: Spec, legends?: readonly Spec[]): Promise<string> {
  const compiled = compile({ config, ...spec } as unknown as TopLevelSpec, { logger: quiet }).spec;
  if (legends !== undefined) compiled.legends = legends as unknown as NonNullable<typeof compiled.legends>;
  // Clip paths are numbered through the whole process otherwise, so a second drawing of one chart would differ.
  (vega as unknown as { resetSVGDefIds(): void }).resetSVGDefIds();
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.Error });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

const quiet = {
  level: () => quiet,
  error(...parts: unknown[]) {
    throw new Error(`chart: ${parts.join(" ")}`);
  },
  warn: () => quiet,
  info: () => quiet,
  debug: () => quiet,
} as never;
