// Heat maps with the numbers in their cells, and confusion matrices, where right and wrong answers have colours of their own.
import { measureText } from "../fonts.ts";
import { type Format, integer, plain } from "../numbers.ts";
import { ink, sizes, textWidth, tints } from "../style.ts";
import { type ChartSize, draw, type Spec } from "./render.ts";

export interface HeatMap extends ChartSize {
  title?: string;
  rows: { label?: string; names: readonly string[] };
  columns: { label?: string; names: readonly string[] };
  /** `values[row][column]`. */
  values: readonly ArrayLike<number>[];
  /** `amount` goes from white to blue, `diverging` from orange by white at zero to blue. */
  colors?: "amount" | "diverging";
  /** How a value is written in its cell; `null` writes none. */
  format?: Format | null;
}

interface Cell {
  row: string;
  column: string;
  value: number;
  /** From 0 to 1, the depth of the tint. */
  depth: number;
  kind: string;
  text: string;
  textColor: string;
}

function checkGrid(what: string, map: Pick<HeatMap, "rows" | "columns" | "values">): void {
  const { rows, columns, values } = map;
  const expected = `expected ${rows.names.length} x ${columns.names.length}, one for each name`;
  if (values.length !== rows.names.length)
    throw new RangeError(`${what}: ${values.length} rows of values came, ${expected}`);
  values.forEach((row, at) => {
    if (row.length !== columns.names.length) {
      throw new RangeError(`${what}: row "${rows.names[at]}" has ${row.length} values, ${expected}`);
    }
  });
  for (const { names } of [rows, columns]) {
    if (new Set(names).size !== names.length) {
      throw new RangeError(`${what}: a name comes twice in [${names.join(", ")}], expected distinct names`);
    }
  }
}

/** Names longer than this are cut with an ellipsis. */
const labelLimit = 120;

async function drawGrid(map: HeatMap, cells: Cell[], ranges: Record<string, readonly string[]>): Promise<string> {
  const layout = layoutOf(map, cells);
  const slant = layout.slanted ? { labelAngle: -45, labelAlign: "left", labelOverlap: false } : { labelAngle: 0 };
  const axis = { ticks: false, domain: false, labelPadding: 5, labelOverlap: true, labelLimit };
  const position: Spec = {
    x: {
      field: "column",
      type: "nominal",
      sort: [...map.columns.names],
      axis: { ...axis, ...slant, title: map.columns.label ?? null, orient: "top" },
      scale: { paddingInner: 0.03 },
    },
    y: {
      field: "row",
      type: "nominal",
      sort: [...map.rows.names],
      axis: { ...axis, title: map.rows.label ?? null },
      scale: { paddingInner: 0.03 },
    },
  };
  const tiles = Object.entries(ranges).map(([kind, range]) => ({
    data: { values: cells.filter((cell) => cell.kind === kind) },
    mark: { type: "rect" },
    encoding: {
      ...position,
      color: {
        field: "depth",
        type: "quantitative",
        scale: { domain: range.map((_, at) => at / (range.length - 1)), range: [...range], interpolate: "lab" },
        legend: null,
      },
    },
  }));
  const written = {
    data: { values: cells },
    mark: { type: "text", fontSize: sizes.label },
    encoding: {
      ...position,
      text: { field: "text", type: "nominal" },
      color: { field: "textColor", type: "nominal", scale: null },
    },
  };
  const spec = {
    ...(map.title === undefined ? {} : { title: map.title }),
    layer: [...tiles, written],
    resolve: { scale: { color: "independent" } },
  };
  return draw(spec, layout);
}

interface Layout extends Required<ChartSize> {
  /** Column names stand aslant where they are too long for their columns. */
  slanted: boolean;
}

/** Cells as wide as their numbers and names need, as far as there is room. */
function layoutOf(map: HeatMap, cells: readonly Cell[]): Layout {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => measureText(text, sizes.label)));
  const { rows, columns } = map;
  const count = columns.names.length;
  const beside = Math.min(widest(rows.names), labelLimit) + (rows.label === undefined ? 22 : 40);
  const title = measureText(columns.label ?? "", sizes.title) + 10;
  const heading = measureText(map.title ?? "", sizes.title + 1, true) + 20;
  const names = Math.min(widest(columns.names), labelLimit);
  const cell = Math.max(widest(cells.map(({ text }) => text)) + 10, count > 14 ? 8 : 30);
  const width =
    map.width ?? Math.min(textWidth, Math.max(beside + count * Math.max(cell, names + 8), beside + title, heading, 80));
  const slanted = (width - beside) / count < names + 4;
  const above =
    (slanted ? names * 0.72 + 8 : 20) + (columns.label === undefined ? 4 : 24) + (map.title === undefined ? 0 : 24);
  const height = map.height ?? above + Math.min(27, Math.max(16, (width - beside) / count)) * rows.names.length;
  return { width, height, slanted };
}

/** A heat map as SVG. */
export async function heatMap(map: HeatMap): Promise<string> {
  checkGrid("heat map", map);
  const { colors = "amount", format = plain } = map;
  const finite = map.values.flatMap((row) => Array.from(row)).filter(Number.isFinite);
  const largest = Math.max(...finite.map(Math.abs), 0) || 1;
  const low = colors === "diverging" ? -largest : Math.min(0, ...finite);
  const span = colors === "diverging" ? 2 * largest : Math.max(...finite, 0) - low || 1;
  const cells = map.rows.names.flatMap((row, r) =>
    map.columns.names.map((column, c): Cell => {
      const value = (map.values[r] as ArrayLike<number>)[c] as number;
      const depth = Number.isFinite(value) ? (value - low) / span : colors === "diverging" ? 0.5 : 0;
      const dark = colors === "diverging" ? Math.abs(depth - 0.5) > 0.33 : depth > 0.6;
      const text = format === null ? "" : format(value);
      return { row, column, value, depth, kind: "all", text, textColor: dark ? ink.paper : ink.text };
    }),
  );
  const range = colors === "diverging" ? tints.diverging : tints.amount;
  return drawGrid(map, cells, { all: range });
}

export interface ConfusionMatrix extends ChartSize {
  title?: string;
  /** Names of the classes. */
  classes: readonly string[];
  /** `counts[true class][predicted class]`. */
  counts: readonly ArrayLike<number>[];
}

/**
 * A confusion matrix as SVG. Right answers are blue, mistakes orange; each colour has a scale of its own, so that a few
 * mistakes among thousands of right answers still show.
 */
export async function confusionMatrix(matrix: ConfusionMatrix): Promise<string> {
  const { classes, counts } = matrix;
  const map: HeatMap = {
    ...matrix,
    rows: { label: "true class", names: classes },
    columns: { label: "predicted class", names: classes },
    values: counts,
  };
  checkGrid("confusion matrix", map);
  const of = (wanted: boolean) =>
    counts.flatMap((row, r) => Array.from(row).filter((_, c) => (r === c) === wanted)).concat(0);
  const mostRight = Math.max(...of(true)) || 1;
  const mostWrong = Math.max(...of(false)) || 1;
  const cells = classes.flatMap((row, r) =>
    classes.map((column, c): Cell => {
      const value = (counts[r] as ArrayLike<number>)[c] as number;
      const right = r === c;
      const depth = right ? (0.85 * value) / mostRight : (0.7 * value) / mostWrong;
      const text = value === 0 && !right ? "·" : integer(value);
      const textColor = depth > 0.6 ? ink.paper : value === 0 ? ink.line : ink.text;
      return { row, column, value, depth, kind: right ? "right" : "wrong", text, textColor };
    }),
  );
  return drawGrid(map, cells, { right: tints.amount, wrong: tints.mistake });
}
