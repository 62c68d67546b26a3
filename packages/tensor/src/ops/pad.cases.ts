// Examples of padding.

import { opCase, type Plain, spread } from "../cases.ts";
import { pad2d } from "./pad.ts";

type Sides = readonly [left: number, right: number, top: number, bottom: number];

/** What place `at` of a padded axis shows: a place of the image, or nothing. */
type Source = (at: number, size: number) => number | null;

const outside: Source = (at, size) => (at >= 0 && at < size ? at : null);
const mirror: Source = (at, size) => (at < 0 ? -at : at < size ? at : 2 * (size - 1) - at);

function padded([left, right, top, bottom]: Sides, source: Source, value: number): (x: Plain) => number[] {
  return ({ shape, values }) => {
    const [batch, height, width, channels] = shape as readonly [number, number, number, number];
    const result: number[] = [];
    for (let n = 0; n < batch; n++)
      for (let i = -top; i < height + bottom; i++)
        for (let j = -left; j < width + right; j++)
          for (let c = 0; c < channels; c++) {
            const [row, col] = [source(i, height), source(j, width)];
            const shown =
              row === null || col === null ? value : values[((n * height + row) * width + col) * channels + c];
            result.push(shown!);
          }
    return result;
  };
}

export const padCases = [
  opCase("pad2d", (x) => pad2d(x, [1, 2, 0, 3], { value: 0.5 }), {
    label: "a number, another width on each side",
    inputs: [spread([2, 2, 3, 5], -1, 1)],
    shape: [2, 5, 6, 5],
    reference: padded([1, 2, 0, 3], outside, 0.5),
    refuses: [[[2, 3, 5]]],
  }),
  opCase("pad2d", (x) => pad2d(x, [2, 1, 1, 3], { mode: "reflect" }), {
    label: "the mirror image",
    inputs: [spread([2, 4, 3, 2], -1, 1)],
    shape: [2, 8, 6, 2],
    reference: padded([2, 1, 1, 3], mirror, 0),
    refuses: [[[1, 3, 3, 2]]],
  }),
  opCase("pad2d", (x) => pad2d(x, 0), {
    label: "nothing around it",
    inputs: [spread([1, 2, 2, 1], 0, 1)],
    shape: [1, 2, 2, 1],
    reference: (x) => [...x!.values],
  }),
];
