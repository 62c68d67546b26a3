// A small network as a drawing: a circle for each unit, a line for each weight with its number, biases below the units.
import { measureText } from "./fonts.ts";
import { type Format, plain } from "./numbers.ts";
import { ink, palette, sizes, svgSans } from "./style.ts";

export interface NetworkLayer {
  /** Written above: `inputs`, `hidden`. */
  label?: string;
  /** The name in each circle. */
  units: readonly string[];
  /** One for each unit; an input has none. */
  biases?: readonly number[];
}

export interface NetworkDrawing {
  layers: readonly NetworkLayer[];
  /** `weights[layer][from][to]`, one matrix between each layer and the next; a weight of 0 draws no line. */
  weights: readonly (readonly (readonly number[])[])[];
  /** How weights and biases are written; an empty text leaves a line bare. */
  format?: Format;
  /** Distance from layer to layer, in points. */
  gap?: number;
}

interface Point {
  x: number;
  y: number;
}

const radius = 15;
const rowHeight = 53;
const margin = 8;
/** Between more lines than these the numbers would stand on each other. */
const maxNumbers = 9;

function checkNetwork({ layers, weights }: NetworkDrawing): void {
  if (weights.length !== layers.length - 1) {
    throw new RangeError(
      `network: ${weights.length} weight matrices came for ${layers.length} layers, expected one less than layers`,
    );
  }
  weights.forEach((matrix, at) => {
    const [from, to] = [layers[at]?.units.length ?? 0, layers[at + 1]?.units.length ?? 0];
    if (matrix.length === from && matrix.every((row) => row.length === to)) return;
    const came = `${matrix.length} x ${matrix[0]?.length ?? 0}`;
    throw new RangeError(
      `network: weights ${at + 1} are ${came}, expected ${from} x ${to}, from the units of a layer to the next`,
    );
  });
  for (const { units, biases } of layers) {
    if (biases !== undefined && biases.length !== units.length) {
      throw new RangeError(
        `network: ${biases.length} biases came for the units [${units.join(", ")}], expected one for each`,
      );
    }
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function textAt({ x, y }: Point, text: string, size: number, color: string, backed = false): string {
  const width = measureText(text, size);
  const box = `<rect x="${round(x - width / 2 - 1.5)}" y="${round(y - size / 2 - 0.5)}" width="${round(width + 3)}" height="${size + 1}" fill="${ink.paper}"/>`;
  const place = `x="${round(x)}" y="${round(y + size * 0.34)}"`;
  return `${backed ? box : ""}<text ${place} font-size="${size}px" fill="${color}">${escaped(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The drawing as SVG. */
export function networkDrawing(drawing: NetworkDrawing): string {
  checkNetwork(drawing);
  const { layers, weights, format = plain, gap = 120 } = drawing;
  const tallest = Math.max(...layers.map(({ units }) => units.length));
  const top = layers.some(({ label }) => label !== undefined) ? 26 : margin;
  // What stands above and below the outer circles may be wider than they.
  const texts = layers.flatMap(({ label = "", biases = [] }) => [
    label,
    ...biases.map((bias) => `bias ${format(bias)}`),
  ]);
  const side = Math.max(radius, ...texts.map((text) => measureText(text, sizes.label) / 2)) + margin;
  const width = 2 * side + gap * (layers.length - 1);
  const height = top + tallest * rowHeight;
  const centre = (layer: number, unit: number): Point => {
    const count = layers[layer]?.units.length ?? 0;
    return { x: side + layer * gap, y: top + rowHeight * (unit + 0.5 + (tallest - count) / 2) - 4 };
  };
  const lines: string[] = [];
  const numbers: string[] = [];
  weights.forEach((matrix, layer) => {
    const largest = Math.max(...matrix.flat().map(Math.abs));
    matrix.forEach((row, from) => {
      row.forEach((weight, to) => {
        if (weight === 0) return;
        const [start, end] = [centre(layer, from), centre(layer + 1, to)];
        const color = weight > 0 ? palette[0] : palette[1];
        const thick = round(0.7 + (1.5 * Math.abs(weight)) / largest);
        lines.push(
          `<line x1="${start.x}" y1="${start.y}" x2="${end.x}" y2="${end.y}" stroke="${color}" stroke-width="${thick}"/>`,
        );
        // Nearer to the source than the middle, where crossing lines would put their numbers on each other.
        const part = row.length > 1 || matrix.length > 1 ? 0.34 : 0.5;
        const spot = { x: start.x + part * (end.x - start.x), y: start.y + part * (end.y - start.y) };
        const text = format(weight);
        if (text !== "" && matrix.length * row.length <= maxNumbers)
          numbers.push(textAt(spot, text, sizes.small, color, true));
      });
    });
  });
  const units = layers.flatMap(({ units, biases, label }, layer) => {
    const title = label === undefined ? [] : [textAt({ x: side + layer * gap, y: 12 }, label, sizes.label, ink.muted)];
    const circles = units.map((name, unit) => {
      const { x, y } = centre(layer, unit);
      const size = Math.min(10, (10 * (2 * radius - 6)) / Math.max(1, measureText(name, 10)));
      const bias =
        biases === undefined
          ? ""
          : textAt({ x, y: y + radius + 8 }, `bias ${format(biases[unit] as number)}`, sizes.small, ink.muted);
      const circle = `<circle cx="${x}" cy="${y}" r="${radius}" fill="${ink.paper}" stroke="${ink.text}" stroke-width="1"/>`;
      return circle + textAt({ x, y }, name, round(size), ink.text) + bias;
    });
    return [...title, ...circles];
  });
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${height}" viewBox="0 0 ${round(width)} ${height}"`;
  return `${open} font-family="${svgSans}" text-anchor="middle">${[...lines, ...numbers, ...units].join("")}</svg>`;
}
