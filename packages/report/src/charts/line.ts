// Line charts: several series over one pair of axes, told apart by colour, dash and mark at once.
import { ink, palette, sizes, textWidth } from "../style.ts";
import { type Axis, axisChannel } from "./axis.ts";
import { type ChartSize, draw, legendFit, type Spec } from "./render.ts";

export interface Series {
  name: string;
  /** Without it 1, 2, 3, ... */
  x?: ArrayLike<number>;
  /** A value that is no finite number (or not positive on a logarithmic axis) leaves a gap. */
  y: ArrayLike<number>;
  /** `line` by default; `steps` marks each point on its line, `points` draws no line. */
  style?: "line" | "steps" | "points";
  dashed?: boolean;
  /** A place in the palette, so that related series share a colour; by default the series' own place. */
  color?: number;
}

export interface Note {
  /** A value on this axis, marked by a thin line with its text at the end. */
  x?: number;
  y?: number;
  text: string;
}

export interface LineChart extends ChartSize {
  title?: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
  notes?: readonly Note[];
}

interface Row {
  series: string;
  x: number;
  y: number | null;
  at: number;
}

function rowsOf(series: Series, chart: LineChart): Row[] {
  const { name, x, y } = series;
  if (x !== undefined && x.length !== y.length) {
    throw new RangeError(`line chart: series "${name}" has ${x.length} x and ${y.length} y values, expected as many`);
  }
  const drawable = (value: number | undefined, axis: Axis): value is number =>
    value !== undefined && Number.isFinite(value) && (axis.scale !== "log" || value > 0);
  const rows: Row[] = [];
  for (let at = 0; at < y.length; at += 1) {
    const position = x === undefined ? at + 1 : x[at];
    const value = y[at];
    if (!drawable(position, chart.x)) continue;
    rows.push({ series: name, x: position, y: drawable(value, chart.y) ? value : null, at });
  }
  return rows;
}

function checkSeries(series: readonly Series[]): void {
  const seen = new Set<string>();
  for (const { name } of series) {
    if (seen.has(name)) throw new RangeError(`line chart: two series are named "${name}", expected a name for each`);
    seen.add(name);
  }
  if (series.length === 0) throw new RangeError("line chart: no series came, expected at least one");
}

const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];

/** What a series looks like, as lists by series for scales of names. */
function appearance(series: readonly Series[]) {
  const place = (one: Series, at: number) => one.color ?? at;
  return {
    names: series.map((one) => one.name),
    colors: series.map((one, at) => palette[place(one, at) % palette.length]),
    dashes: series.map((one, at) => ((one.dashed ?? place(one, at) >= palette.length) ? [5, 3] : [1, 0])),
    shapes: series.map((one, at) => shapes[place(one, at) % shapes.length]),
  };
}

type Look = ReturnType<typeof appearance>;

function byName(look: Look, range: readonly unknown[]): Spec {
  return { field: "series", type: "nominal", scale: { domain: look.names, range }, legend: null };
}

function lines(rows: Row[], look: Look, clip: boolean): Spec {
  return {
    data: { values: rows },
    mark: { type: "line", strokeWidth: 1.6, clip, invalid: "break-paths-show-domains", strokeJoin: "round" },
    encoding: {
      color: byName(look, look.colors),
      strokeDash: byName(look, look.dashes),
      order: { field: "at", type: "quantitative" },
    },
  };
}

function marks(rows: Row[], look: Look, clip: boolean): Spec {
  return {
    data: { values: rows.filter((row) => row.y !== null) },
    mark: { type: "point", filled: true, size: 26, opacity: 1, clip },
    encoding: { color: byName(look, look.colors), shape: byName(look, look.shapes) },
  };
}

/** The marks as paths for the legend's keys, in a box from -1 to 1 whose width a line fills. */
const keyShapes = [
  "M-0.22,0A0.22,0.22,0,1,1,0.22,0A0.22,0.22,0,1,1,-0.22,0Z",
  "M-0.2,-0.2H0.2V0.2H-0.2Z",
  "M-0.24,0.2H0.24L0,-0.22Z",
  "M0,-0.28L0.22,0L0,0.28L-0.22,0Z",
  "M-0.08,-0.26H0.08V-0.08H0.26V0.08H0.08V0.26H-0.08V0.08H-0.26V-0.08H-0.08Z",
  "M-0.24,-0.2H0.24L0,0.22Z",
];

/** A legend whose keys look as the series do: Vega-Lite's own would draw one kind of key for all. */
function legendOf(series: readonly Series[], look: Look, width: number): Spec[] {
  if (series.length === 1) return [];
  const names = JSON.stringify(look.names);
  const pick = (values: readonly unknown[]) => ({
    signal: `(${JSON.stringify(values)})[indexof(${names}, datum.value)]`,
  });
  const marked = (one: Series) => one.style === "points" || one.style === "steps";
  const keyOf = (one: Series, at: number) => {
    const mark = marked(one) ? keyShapes[(one.color ?? at) % keyShapes.length] : "";
    return one.style === "points" ? mark : `M-1,0L1,0${mark}`;
  };
  const key = {
    shape: pick(series.map(keyOf)),
    fill: pick(series.map((one, at) => (marked(one) ? look.colors[at] : "transparent"))),
    stroke: pick(look.colors),
    // A signal here, or for the size, would leave Vega without a width to lay the legend out by.
    strokeWidth: { value: 1.6 },
    strokeDash: pick(look.dashes),
  };
  const place = { orient: "top", direction: "horizontal", symbolSize: 400, ...legendFit(look.names, width) };
  return [{ stroke: "color", ...place, encode: { symbols: { update: key } } }];
}

function noteLayers(notes: readonly Note[]): Spec[] {
  return notes.flatMap((note): Spec[] => {
    const upright = note.x !== undefined;
    const channel = upright ? "x" : "y";
    const value = upright ? note.x : note.y;
    const encoding = { [channel]: { datum: value, type: "quantitative" } };
    const text = upright
      ? { align: "left", baseline: "top", dx: 3, y: 2 }
      : { align: "right", baseline: "top", dy: 3, x: "width" };
    return [
      {
        data: { values: [{}] },
        mark: { type: "rule", stroke: ink.muted, strokeWidth: 0.8, strokeDash: [2, 2] },
        encoding,
      },
      {
        data: { values: [{}] },
        mark: { type: "text", text: note.text, fontSize: sizes.small, color: ink.muted, ...text },
        encoding,
      },
    ];
  });
}

/** A line chart as SVG. */
export async function lineChart(chart: LineChart): Promise<string> {
  checkSeries(chart.series);
  const drawn = chart.series.flatMap((series) => rowsOf(series, chart));
  // Of a training that diverged at once nothing may be left to draw: the axes then still need a place.
  const rows = drawn.length > 0 ? drawn : [{ series: chart.series[0]?.name ?? "", x: 1, y: null, at: 0 }];
  const look = appearance(chart.series);
  const clip = chart.x.range !== undefined || chart.y.range !== undefined;
  const has = (one: Series, ...styles: Series["style"][]) => styles.includes(one.style ?? "line");
  const rowsOfNamed = (chosen: readonly Series[]) =>
    rows.filter((row) => chosen.some(({ name }) => name === row.series));
  const isAlone = ({ name }: Series) => rows.filter((row) => row.series === name && row.y !== null).length === 1;
  const layers = [
    { kind: lines, rows: rowsOfNamed(chart.series.filter((one) => has(one, "line", "steps"))) },
    // A line of one point would not be seen, and a training of one epoch has nothing else.
    { kind: marks, rows: rowsOfNamed(chart.series.filter((one) => has(one, "steps", "points") || isAlone(one))) },
  ].flatMap(({ kind, rows: some }) => (some.length === 0 ? [] : [kind(some, look, clip)]));
  const noted = (axis: "x" | "y") => (chart.notes ?? []).flatMap((note) => note[axis] ?? []);
  const xs = [...rows.map((row) => row.x), ...noted("x")];
  const ys = [...rows.flatMap((row) => row.y ?? []), ...noted("y")];
  const x = axisChannel(chart.x, "x", xs, false);
  const y = axisChannel(chart.y, "y", ys, true);
  const spec = {
    ...(chart.title === undefined ? {} : { title: chart.title }),
    layer: [
      ...layers.map((layer) => ({ ...layer, encoding: { x, y, ...(layer.encoding as Spec) } })),
      ...noteLayers(chart.notes ?? []),
    ],
  };
  const legends = legendOf(chart.series, look, chart.width ?? textWidth);
  const rowsOfKeys = legends.length === 0 ? 1 : Math.ceil(chart.series.length / (legends[0]?.columns as number));
  return draw(spec, { height: 250 + 19 * (rowsOfKeys - 1), ...chart }, legends);
}
