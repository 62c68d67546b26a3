// Numbers, matrices and sums of products in Typst's mathematical notation.
import type { Marked } from "@lanewise/report";

/** A formula in Typst's notation as a text: a column's title, a fact. */
export function maths(text: string): Marked {
  return { spans: [{ kind: "math", text }] };
}

/** A number with at most so many decimals; by powers of ten where those would say nothing. */
export function number(value: number, decimals = 6): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '"NaN"' : value > 0 ? "infinity" : "-infinity";
  const size = Math.abs(value);
  if (size !== 0 && (size < 10 ** -decimals || size >= 1e9)) return scientific(value);
  const text = value.toFixed(decimals);
  return decimals === 0 ? text : text.replace(/\.?0+$/, "").replace(/^-0$/, "0");
}

/** Two digits and a power of ten. */
export function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return value === 0 ? "0" : `${mantissa} times 10^(${Number(exponent)})`;
}

/** A number as a factor or a later summand: negative ones in brackets. */
export function factor(text: string): string {
  return text.startsWith("-") ? `(${text})` : text;
}

/** A matrix of texts; fractions such as 1/9 are set as such. */
export function matrix(rows: readonly (readonly string[])[]): string {
  return `mat(align: #right, ${rows.map((row) => row.join(", ")).join("; ")})`;
}

/** The numbers of an array, row by row, as a matrix of so many columns. */
export function matrixOf(values: readonly number[], columns: number, decimals = 4): string {
  const rows = Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns).map((value) => number(value, decimals)),
  );
  return matrix(rows);
}
