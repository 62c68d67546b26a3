// The drawing of grids: its texts, its window, its size, and what it refuses.
import { describe, expect, it } from "vitest";
import { gridDrawing } from "./grid.ts";

const cells = [
  ["1", "<2"],
  ["3", "4"],
];

describe("grid drawings", () => {
  it("write every cell and title, and the small numbers of a window", () => {
    const window = { row: 0, column: 1, height: 2, width: 1, small: [["×5"], ["×6"]] };
    const svg = gridDrawing({
      grids: [
        { title: "map", cells, window },
        { title: "sum", cells: [["38"]] },
      ],
      between: "→",
    });
    for (const text of ["map", "sum", "1", "&lt;2", "3", "4", "×5", "×6", "38", "→"])
      expect(svg).toContain(`>${text}</text>`);
    // Four cells, the outline, one cell.
    expect(svg.match(/<rect /g)).toHaveLength(6);
  });

  it("tint cells that are not the grid's own", () => {
    const svg = gridDrawing({ grids: [{ title: "padded", cells, faint: (row) => row === 0 }] });
    expect(svg.match(/fill="#e7e9ec"/g)).toHaveLength(2);
  });

  it("refuse ragged rows and a window outside, saying which", () => {
    expect(() => gridDrawing({ grids: [{ title: "a", cells: [["1"], []] }] })).toThrow(
      'grid "a": rows of [1,0] cells came',
    );
    const window = { row: 1, column: 0, height: 2, width: 1 };
    expect(() => gridDrawing({ grids: [{ title: "a", cells, window }] })).toThrow(
      'grid "a": a window of 2 x 1 at (1, 0) came, expected it within 2 x 2',
    );
  });
});
