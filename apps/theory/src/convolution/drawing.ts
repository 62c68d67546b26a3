// The filter on the padded map, where it makes the cell that is written out, beside the map that it makes.
import { gridDrawing } from "@lanewise/report";
import type { ConvolutionAnswer, ExactGrid } from "./answer.ts";

/** Wider maps do not fit beside each other. */
const MOST_COLUMNS = 7;

/** As SVG; null where there is no room for it. */
export function filterOnMap({ featureMap, filters, keeping }: ConvolutionAnswer): string | null {
  const [filter] = filters;
  const { padding, map, cell } = keeping;
  const [height, width] = [featureMap.length, featureMap[0]!.length];
  const [rows, columns] = [padding.top + height + padding.bottom, padding.left + width + padding.right];
  const tooWide = (grid: ExactGrid) => grid.flat().some((text) => text.length > 5);
  if (Math.max(rows, columns) > MOST_COLUMNS || [featureMap, filter, map].some(tooWide)) return null;
  const inMap = (row: number, column: number) =>
    row >= padding.top && row < padding.top + height && column >= padding.left && column < padding.left + width;
  const padded = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      inMap(row, column) ? minus(featureMap[row - padding.top]![column - padding.left]!) : "0",
    ),
  );
  const [row, column] = cell.at;
  const small = filter.map((weights) => weights.map((weight) => `·${minus(weight)}`));
  return gridDrawing({
    grids: [
      {
        title: "map, padding grey, filter orange",
        cells: padded,
        faint: (r, c) => !inMap(r, c),
        window: { row, column, height: filter.length, width: filter[0]!.length, small },
      },
      { title: "new map", cells: map.map((cells) => cells.map(minus)), window: { row, column, height: 1, width: 1 } },
    ],
    between: "→",
  });
}

const minus = (text: string) => text.replace("-", "−");
