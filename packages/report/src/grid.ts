// Grids of numbers side by side, as one draws them on squared paper: a window outlined, faint cells around, small second numbers.
import { measureText } from "./fonts.ts";
import { ink, palette, sizes, svgSans, tints } from "./style.ts";

export interface DrawnGrid {
  /** Written above. */
  title: string;
  /** `cells[row][column]`, as they are written. */
  cells: readonly (readonly string[])[];
  /** Cells that are not part of the grid itself, such as padding: grey. */
  faint?: (row: number, column: number) => boolean;
  /** A window on the grid, tinted and outlined; `small` is written into the corners of its cells. */
  window?: { row: number; column: number; height: number; width: number; small?: readonly (readonly string[])[] };
}

export interface GridDrawing {
  grids: readonly DrawnGrid[];
  /** What stands between a grid and the next: `→`. */
  between?: string;
}

const rowHeight = 24;
const gap = 34;
const margin = 4;
const titleHeight = 20;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function cellWidth({ cells, window }: DrawnGrid): number {
  const widest = (texts: readonly string[], size: number) =>
    Math.max(0, ...texts.map((text) => measureText(text, size)));
  const small = widest((window?.small ?? []).flat(), sizes.small);
  return Math.max(rowHeight, widest(cells.flat(), sizes.title) + 10 + (small > 0 ? small + 3 : 0));
}

function checkGrid({ title, cells, window }: DrawnGrid): void {
  const columns = cells[0]?.length ?? 0;
  if (columns === 0 || cells.some((row) => row.length !== columns)) {
    throw new RangeError(
      `grid "${title}": rows of [${cells.map((row) => row.length)}] cells came, expected one length above 0`,
    );
  }
  if (window === undefined) return;
  const { row, column, height, width } = window;
  if (row < 0 || column < 0 || row + height > cells.length || column + width > columns) {
    const place = `${height} x ${width} at (${row}, ${column})`;
    throw new RangeError(`grid "${title}": a window of ${place} came, expected it within ${cells.length} x ${columns}`);
  }
}

/** The grids as SVG, centred on a line. */
export function gridDrawing({ grids, between = "" }: GridDrawing): string {
  grids.forEach(checkGrid);
  const widths = grids.map((grid) => {
    const own = cellWidth(grid) * (grid.cells[0]?.length ?? 0);
    return Math.max(own, measureText(grid.title, sizes.label));
  });
  const tallest = Math.max(...grids.map(({ cells }) => cells.length)) * rowHeight;
  let left = margin;
  const parts = grids.map((grid, at) => {
    const width = widths[at] as number;
    const drawn = drawOne(grid, left, width, tallest);
    const sign = at === grids.length - 1 ? "" : textAt(left + width + gap / 2, titleHeight + tallest / 2, between, 14);
    left += width + gap;
    return drawn + sign;
  });
  const [width, height] = [left - gap + margin, titleHeight + tallest + margin];
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `${open} font-family="${svgSans}" text-anchor="middle">${parts.join("")}</svg>`;
}

function drawOne(grid: DrawnGrid, left: number, width: number, tallest: number): string {
  const { cells, title, window, faint = () => false } = grid;
  const side = cellWidth(grid);
  const x0 = left + (width - side * (cells[0] as readonly string[]).length) / 2;
  const y0 = titleHeight + (tallest - cells.length * rowHeight) / 2;
  const inside = (r: number, c: number) =>
    window !== undefined &&
    r >= window.row &&
    r < window.row + window.height &&
    c >= window.column &&
    c < window.column + window.width;
  const drawn = cells.flatMap((row, r) =>
    row.map((text, c) => {
      const [x, y] = [x0 + c * side, y0 + r * rowHeight];
      const outside = faint(r, c);
      const fill = inside(r, c) ? tints.diverging[4] : outside ? ink.grid : ink.paper;
      const small = inside(r, c) ? window?.small?.[r - window.row]?.[c - window.column] : undefined;
      const box = `<rect x="${x}" y="${y}" width="${side}" height="${rowHeight}" fill="${fill}" stroke="${ink.line}" stroke-width="0.6"/>`;
      const shift = small === undefined ? 0 : (measureText(small, sizes.small) + 3) / 2;
      const number = textAt(x + side / 2 - shift, y + rowHeight / 2, text, sizes.title, outside ? ink.muted : ink.text);
      const corner =
        small === undefined
          ? ""
          : `<text x="${x + side - 3}" y="${y + rowHeight - 3}" font-size="${sizes.small}px" fill="${palette[1]}" text-anchor="end">${escaped(small)}</text>`;
      return box + number + corner;
    }),
  );
  const outline =
    window === undefined
      ? ""
      : `<rect x="${x0 + window.column * side}" y="${y0 + window.row * rowHeight}" width="${window.width * side}" height="${window.height * rowHeight}" fill="none" stroke="${palette[0]}" stroke-width="1.8"/>`;
  return textAt(left + width / 2, y0 - 10, title, sizes.label, ink.muted) + drawn.join("") + outline;
}

function textAt(x: number, y: number, text: string, size: number, color: string = ink.text): string {
  return `<text x="${x}" y="${y + size * 0.34}" font-size="${size}px" fill="${color}">${escaped(text)}</text>`;
}
