// Sentences about problem 4 that both the terminal and the report say, made from the answer.
import type { ConvolutionAnswer } from "./answer.ts";
import { hasSolutions, listed, type SamePadding, type Strides } from "./sizes.ts";

/** The sizes of a grid: `3×3`. */
export const sizeText = (grid: readonly (readonly unknown[])[]): string => `${grid.length}×${grid[0]!.length}`;

/** Which padding keeps the size along one axis. */
export function paddingText(k: number, { before, after, even }: SamePadding): string {
  return even
    ? `k = ${k}: p = (k − 1)/2 = ${before} on each side`
    : `k = ${k}: k − 1 = ${k - 1} is odd, so no p is the same on both sides; ${before} before and ${after} after keep it`;
}

/** All strides that keep the size along one axis, with the reason. */
export function stridesText(strides: Strides): string {
  const { n, k, padding, room } = strides;
  const equation = `⌊(${n} + 2·${padding} − ${k})/s⌋ + 1 = ${n}`;
  if (room < 0) return `${equation}: the filter does not fit on the padded map, so there is no result and no solution`;
  if (n === 1) return `${equation} ⇔ ${room} < s: every s from ${room + 1} on`;
  const bounds = `${room}/${n} < s ≤ ${room}/${n - 1}`;
  return `${equation} ⇔ ${n - 1} ≤ ${room}/s < ${n} ⇔ ${bounds}: ${
    hasSolutions(strides) ? `s = ${listed(strides)}` : "no integer lies there"
  }`;
}

/** The answer to the second part. */
export function stridesVerdict({ strides }: ConvolutionAnswer): string {
  const { rows, columns, both, padding } = strides;
  if (hasSolutions(both)) return `With padding ${padding} the size is kept by the strides: ${listed(both)}.`;
  const each = hasSolutions(rows) && hasSolutions(columns) ? " (each axis alone has one, but they differ)" : "";
  return `With padding ${padding} no stride keeps the size${each}.`;
}
