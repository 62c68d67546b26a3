// A chart of curves that grow: drawn as SVG from numbers, on a logarithmic scale, in the width that there is.
import { element, svg } from "../../shell/element.ts";
import type { Point } from "../series.ts";

export interface Curve {
  readonly name: string;
  /** A line, or dashes between dots: colour alone tells nothing apart. */
  readonly kind: "line" | "dots";
  readonly points: readonly Point[];
}

export interface ChartOptions {
  readonly title: string;
  readonly format: (value: number) => string;
  /** Nothing below is told apart; 0 has no place on the scale. */
  readonly least: number;
}

const HEIGHT = 210;
const MARGIN = { top: 10, right: 14, bottom: 26, left: 50 };

export class Chart {
  readonly element: HTMLElement;
  readonly #options: ChartOptions;
  readonly #drawing = svg("svg", { class: "chart", role: "img", height: HEIGHT });
  readonly #legend = element("span", { class: "legend", "aria-hidden": "true" });
  #draw: (() => void) | undefined;

  constructor(options: ChartOptions) {
    this.#options = options;
    const caption = element("figcaption", {}, element("span", { class: "name" }, options.title), this.#legend);
    this.element = element("figure", {}, caption, this.#drawing);
    new ResizeObserver(() => this.#draw?.()).observe(this.element);
  }

  /** @param epochs what the axis goes to, at least */
  show(curves: readonly Curve[], epochs: number): void {
    this.#draw = () => this.#redraw(curves, epochs);
    this.#draw();
  }

  #redraw(curves: readonly Curve[], epochs: number): void {
    const width = Math.max(200, this.element.clientWidth);
    const drawn = curves.filter(({ points }) => points.some(({ y }) => Number.isFinite(y)));
    const values = drawn.flatMap(({ points }) => points.map(({ y }) => y)).filter(Number.isFinite);
    const scale = new Scale(values, this.#options.least, epochs, width);
    this.#drawing.setAttribute("width", String(width));
    this.#drawing.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#drawing.setAttribute("aria-label", this.#inWords(drawn));
    this.#drawing.replaceChildren(...this.#axes(scale, width), ...drawn.flatMap((curve) => line(curve, scale)));
    this.#legend.replaceChildren(...drawn.map(({ name, kind }) => element("span", { class: `key ${kind}` }, name)));
  }

  #inWords(curves: readonly Curve[]): string {
    const { title, format } = this.#options;
    if (curves.length === 0) return `${title}: nothing to show yet.`;
    const ends = curves.map(({ name, points }) => {
      const [first, last] = [points[0]!, points.at(-1)!];
      return points.length === 1 ? `${name} ${format(last.y)}` : `${name} from ${format(first.y)} to ${format(last.y)}`;
    });
    return `${title} by epoch: ${ends.join("; ")}. The table below has the numbers.`;
  }

  #axes(scale: Scale, width: number): SVGElement[] {
    const text = (x: number, y: number, anchor: string, label: string): SVGElement =>
      svg("text", { x, y, "text-anchor": anchor }, document.createTextNode(label));
    const right = width - MARGIN.right;
    const levels = scale.levels.flatMap((value) => {
      const y = scale.y(value);
      const path = svg("path", { class: "level", d: `M${MARGIN.left} ${y}H${right}` });
      return [path, text(MARGIN.left - 8, y + 4, "end", this.#options.format(value))];
    });
    const bottom = HEIGHT - 6;
    return [...levels, ...scale.epochs.map((epoch) => text(scale.x(epoch), bottom, "middle", String(epoch)))];
  }
}

function line({ kind, points }: Curve, scale: Scale): SVGElement[] {
  const shown = points.filter(({ y }) => Number.isFinite(y));
  const places = shown.map(({ x, y }) => [scale.x(x).toFixed(1), scale.y(y).toFixed(1)] as const);
  const path = svg("path", { class: `curve ${kind}`, d: `M${places.map((place) => place.join(" ")).join("L")}` });
  if (kind === "line") return [path];
  return [path, ...places.map(([cx, cy]) => svg("circle", { class: "dot", cx, cy, r: 3.5 }))];
}

/** Epochs from left to right, values on a logarithmic scale between two of its levels: 1, 2, 5, 10, 20, … */
export class Scale {
  readonly levels: readonly number[];
  readonly epochs: readonly number[];
  readonly #low: number;
  readonly #high: number;
  readonly #least: number;
  readonly #width: number;
  readonly #span: number;

  constructor(values: readonly number[], least: number, epochs: number, width: number) {
    const smallest = Math.max(least, values.length === 0 ? 0.1 : Math.min(...values));
    const largest = Math.max(smallest, values.length === 0 ? 1 : Math.max(...values));
    const all = levelsBetween(smallest, largest);
    this.#low = all[0]!;
    this.#high = all.at(-1)!;
    this.#least = least;
    this.#width = width;
    this.#span = Math.max(1, epochs);
    // Decades alone where there would be too many lines.
    this.levels = all.length <= 7 ? all : all.filter((level) => /^1/.test(level.toExponential()));
    const step = [1, 2, 5, 10, 20, 50].find((each) => this.#span / each <= Math.max(2, width / 60)) ?? 100;
    this.epochs = Array.from({ length: Math.floor(this.#span / step) + 1 }, (_, at) => at * step);
  }

  x(epoch: number): number {
    return MARGIN.left + (epoch / this.#span) * (this.#width - MARGIN.left - MARGIN.right);
  }

  y(value: number): number {
    const share = Math.log(Math.max(value, this.#least) / this.#low) / Math.log(this.#high / this.#low);
    return HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom);
  }
}

/** From the last level that is not above `low` to the first that is not below `high`; two at least. */
export function levelsBetween(low: number, high: number): number[] {
  const levels: number[] = [];
  const exponents = [Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1] as const;
  for (let exponent = exponents[0]; exponent <= exponents[1]; exponent++) {
    for (const digit of [1, 2, 5]) levels.push(Number(`${digit}e${exponent}`));
  }
  const first = levels.findLastIndex((level) => level <= low);
  const last = levels.findIndex((level) => level >= high);
  return levels.slice(first, Math.max(last, first + 1) + 1);
}
