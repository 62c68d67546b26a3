// Bar charts: one bar for each category, or one for each series beside each other, with the values written on them.
import { columnFormat, type Format } from "../numbers.ts";
import { ink, palette, sizes, textWidth } from "../style.ts";
import { axisTitle } from "./axis.ts";
import { type ChartSize, draw, legendFit, ownFormat, type Spec } from "./render.ts";

export interface BarSeries {
  name: string;
  /** One for each category; a value that is no finite number leaves its place empty. */
  values: ArrayLike<number>;
}

export interface BarChart extends ChartSize {
  title?: string;
  /** What the categories are: `digit`. */
  category: string;
  categories: readonly string[];
  value: { label: string; unit?: string };
  series: readonly BarSeries[];
  /** How values are written on bars; `null` writes none. By default written when the bars are wide enough. */
  format?: Format | null;
  /** Bars lie, for categories with long names. */
  horizontal?: boolean;
}

function checkBars(chart: BarChart): void {
  if (chart.series.length === 0) throw new RangeError("bar chart: no series came, expected at least one");
  if (new Set(chart.categories).size !== chart.categories.length) {
    throw new RangeError(
      `bar chart: a category is named twice in [${chart.categories.join(", ")}], expected distinct names`,
    );
  }
  for (const { name, values } of chart.series) {
    if (values.length !== chart.categories.length) {
      throw new RangeError(
        `bar chart: series "${name}" has ${values.length} values, expected one for each of ${chart.categories.length} categories`,
      );
    }
  }
}

/** A bar chart as SVG. */
export async function barChart(chart: BarChart): Promise<string> {
  checkBars(chart);
  const { series, categories, horizontal = false } = chart;
  const all = series.flatMap(({ values }) => Array.from(values));
  const format = chart.format === undefined ? columnFormat(all, 3) : chart.format;
  const rows = series.flatMap(({ name, values }) =>
    categories.flatMap((category, at) => {
      const value = values[at] as number;
      return Number.isFinite(value)
        ? [{ category, series: name, value, text: format === null ? "" : format(value) }]
        : [];
    }),
  );
  const [along, across, offset] = horizontal ? ["y", "x", "yOffset"] : ["x", "y", "xOffset"];
  const width = chart.width ?? textWidth;
  const height = chart.height ?? (horizontal ? 60 + 20 * categories.length * Math.max(1, series.length * 0.7) : 220);
  const room = (horizontal ? height : width - 50) / (categories.length * series.length);
  const written = format !== null && (chart.format !== undefined || room >= (horizontal ? 9 : 18));
  const names = series.map((one) => one.name);
  const grouped = series.length > 1;
  const position: Spec = {
    [along as string]: {
      field: "category",
      type: "nominal",
      sort: [...categories],
      scale: { paddingInner: grouped ? 0.25 : 0.3, paddingOuter: 0.15 },
      axis: {
        title: chart.category,
        labelAngle: 0,
        labelLimit: width * 0.4,
        ticks: false,
        labelPadding: 6,
        labelOverlap: true,
      },
    },
    [across as string]: {
      field: "value",
      type: "quantitative",
      scale: { zero: true },
      axis: { ...ownFormat, title: axisTitle(chart.value), tickCount: 5, domain: false, ticks: false },
    },
    ...(grouped ? { [offset as string]: { field: "series", type: "nominal", sort: names } } : {}),
  };
  const color = { field: "series", type: "nominal", scale: { domain: names, range: [...palette] }, legend: null };
  const labels = [true, false].map((rising): Spec => {
    const upright = rising ? { baseline: "bottom", dy: -2 } : { baseline: "top", dy: 3 };
    const lying = rising ? { align: "left", dx: 3 } : { align: "right", dx: -3 };
    const place = horizontal ? { baseline: "middle", ...lying } : { align: "center", ...upright };
    return {
      data: { values: rows.filter(({ value }) => value >= 0 === rising) },
      mark: { type: "text", fontSize: sizes.small, color: ink.muted, ...place },
      encoding: { text: { field: "text", type: "nominal" } },
    };
  });
  const spec = {
    ...(chart.title === undefined ? {} : { title: chart.title }),
    data: { values: rows },
    encoding: position,
    layer: [{ mark: { type: "bar" }, encoding: { color } }, ...(written ? labels : [])],
  };
  const legend = {
    fill: "color",
    orient: "top",
    direction: "horizontal",
    symbolType: "square",
    ...legendFit(names, width),
  };
  return draw(spec, { width, height }, grouped ? [legend] : []);
}
