// Problem 4 at the terminal.
import { table } from "@lanewise/terminal";
import type { ConvolutionAnswer, ExactGrid } from "./answer.ts";
import { paddingText, sizeText, stridesText, stridesVerdict } from "./words.ts";

const minus = (text: string) => text.replaceAll("-", "−");
/** More rows than these are cut at the terminal, and columns that are too many for its width; theory.json has all. */
const MOST_ROWS = 20;

function gridText(grid: ExactGrid): string {
  const cells = grid.map((row) => row.map(minus));
  const width = Math.max(...cells.flat().map((cell) => cell.length));
  const columns = Math.max(1, Math.floor((process.stdout.columns ?? 100) / (width + 2)));
  const lines = cells.slice(0, MOST_ROWS).map((row) => {
    const shown = row.slice(0, columns).map((cell) => `  ${cell.padStart(width)}`);
    return shown.join("");
  });
  const cut = grid.length > MOST_ROWS || grid[0]!.length > columns;
  const note = `  (the first ${Math.min(MOST_ROWS, grid.length)} rows and ${Math.min(columns, grid[0]!.length)} columns; theory.json has all)`;
  return [...lines, ...(cut ? [note] : [])].join("\n");
}

/** Grids beside each other under their titles, as long as they are small. */
function beside(...grids: readonly (readonly [title: string, grid: ExactGrid])[]): string {
  return grids.map(([title, grid]) => `${title} (${sizeText(grid)})\n${gridText(grid)}`).join("\n");
}

/** `2·1 + (−1)·3 + ... = 5`, a line for each row of the filter. */
export function cellText({ keeping }: ConvolutionAnswer): string {
  const factor = (text: string) => (text.startsWith("-") ? `(${minus(text)})` : text);
  const lines = keeping.cell.terms.map((terms) =>
    terms.map(({ weight, value }) => `${factor(weight)}·${factor(value)}`).join(" + "),
  );
  return `${lines.join("\n    + ")}\n    = ${minus(keeping.cell.sum)}`;
}

export function convolutionTables(answer: ConvolutionAnswer): string {
  const { keeping, strides, pooling, float32, filters } = answer;
  const [first, second] = filters;
  const [row, column] = keeping.cell.at;
  return [
    answer.isDefault
      ? "The handout's figure exists only as a picture: THESE NUMBERS ARE THE PROGRAM'S OWN; --maps FILE answers for others."
      : `The numbers are those of ${answer.source}.`,
    beside(["feature map", answer.featureMap], ["first filter", first], ["second filter", second]),
    "(a) At stride 1 the size is n + p(before) + p(after) − k + 1, and stays n where both paddings add up to k − 1.\n" +
      `  rows:    ${paddingText(first.length, keeping.rows)}\n` +
      `  columns: ${paddingText(first[0]!.length, keeping.columns)}`,
    beside(["the new map, by correlation as in network layers,", keeping.map]),
    `cell (${row}, ${column}), rows and columns from 0; each product is filter · map, 0 from the padding:\n      ${cellText(answer)}`,
    keeping.symmetric
      ? "The filter is the same when turned by 180°: convolution and cross-correlation agree."
      : beside([
          "convolution in the mathematical sense (the filter turned by 180°) gives instead",
          keeping.convolution,
        ]),
    `(b) ${stridesVerdict(answer)}\n  rows:    ${stridesText(strides.rows)}\n  columns: ${stridesText(strides.columns)}\n` +
      `  sizes:   ${strides.sizes.map(({ stride, height, width }) => `stride ${stride} gives ${height}×${width}`).join(", ")}`,
    beside([`(c) average pooling ${pooling.size}, stride ${pooling.stride}, of the map of (a)`, pooling.map]),
    `(d) The convolution that equals it: a ${pooling.size}×${pooling.size} filter of ${pooling.share} in every cell for each channel by itself, stride ` +
      `${pooling.stride}, padding 0.\nOn the map of (a) in exact rationals: ${pooling.equal ? "equal in every cell" : "NOT EQUAL"}. On the kernels, random maps of whole numbers, largest difference of a cell:`,
    table(
      ["channels", "images", "one filter a channel (groups = C)", "dense C×C filters"].map((title) => ({
        title,
        align: "right" as const,
      })),
      float32.channels.map(({ channels, images, grouped, dense }) => [
        channels,
        images.join("×"),
        grouped === 0 ? "0" : grouped.toExponential(1),
        dense === 0 ? "0" : dense.toExponential(1),
      ]),
    ),
    `Lanewise's f32 maps differ from the exact ones by at most ${float32.map.toExponential(1)} in (a), ${float32.pooled.toExponential(1)} in (c).`,
  ].join("\n\n");
}
