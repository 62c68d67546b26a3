// What a report is made of. A plain string is shown as it is; marks such as maths and emphasis come by `md`.
import type { Format } from "../numbers.ts";
import type { Text } from "./inline.ts";

export interface Report {
  title: Text;
  subtitle?: Text;
  authors?: readonly string[];
  /** Written as given; none by default, so that the bytes are the same in every run. */
  date?: string;
  /** A paragraph or two in front of the first section. */
  summary?: readonly Block[];
  sections: readonly Section[];
}

export interface Section {
  title: Text;
  id?: string;
  /** Its number among its neighbours where it is not one more than the last one's. */
  number?: number;
  blocks: readonly (Block | Section)[];
}

export type Block =
  | { kind: "paragraph"; text: Text }
  | { kind: "list"; items: readonly Text[]; numbered: boolean }
  | { kind: "formula"; maths: string; id?: string }
  | { kind: "code"; text: string }
  | { kind: "note"; text: Text }
  | { kind: "statement"; title: Text; blocks: readonly Block[] }
  | { kind: "keyFigures"; figures: readonly KeyFigure[] }
  | { kind: "facts"; facts: readonly Fact[] }
  | { kind: "table"; table: Table }
  | { kind: "figure"; figure: Figure }
  | { kind: "columns"; columns: readonly (readonly Block[])[]; weights: readonly number[] }
  | { kind: "pageBreak" };

export interface KeyFigure {
  value: Text;
  label: Text;
}

/** A name and its value. */
export type Fact = readonly [name: Text, value: Cell];

export type Cell = Text | number;

export interface Column {
  title: Text;
  /** How numbers are written; by default four digits, the same decimals in the whole column. */
  format?: Format;
  /** Numbers stand right, texts left by default. */
  align?: "left" | "center" | "right";
}

export interface Table {
  columns: readonly (Text | Column)[];
  rows: readonly (readonly Cell[])[];
  caption?: Text;
  id?: string;
  /** Rows to set in bold, by their place: the best of a study. */
  highlight?: readonly number[];
}

export interface Figure {
  /** SVG of this package, or any other. */
  svg?: string;
  png?: Uint8Array;
  caption?: Text;
  id?: string;
  /** What a reader who cannot see it is told; the caption by default. */
  alt?: string;
  /** In points; by default an SVG's own width, and never more than there is room. */
  width?: number;
  /** At the top or bottom of a page, so that the text goes on in its place where it does not fit: say its number there. */
  floating?: boolean;
}

export const section = (title: Text, ...blocks: (Block | Section)[]): Section => ({ title, blocks });
export const paragraph = (text: Text): Block => ({ kind: "paragraph", text });
export const list = (...items: Text[]): Block => ({ kind: "list", items, numbered: false });
export const numberedList = (...items: Text[]): Block => ({ kind: "list", items, numbered: true });
/** Typst's notation: `sum_(i=1)^n x_i^2`. With an id it gets a number. */
export const formula = (maths: string, id?: string): Block => ({
  kind: "formula",
  maths,
  ...(id === undefined ? {} : { id }),
});
export const code = (text: string): Block => ({ kind: "code", text });
export const note = (text: Text): Block => ({ kind: "note", text });
/** Set apart under a title of its own: an answer, a theorem, a proof. */
export const statement = (title: Text, ...blocks: Block[]): Block => ({ kind: "statement", title, blocks });
export const keyFigures = (...figures: KeyFigure[]): Block => ({ kind: "keyFigures", figures });
/** Names and values in two columns: settings, the machine. */
export const facts = (...pairs: Fact[]): Block => ({ kind: "facts", facts: pairs });
export const table = (parts: Table): Block => ({ kind: "table", table: parts });
export const figure = (parts: Figure): Block => ({ kind: "figure", figure: parts });
export const pageBreak = (): Block => ({ kind: "pageBreak" });

/** Blocks side by side, in columns of equal width or of the given weights. */
export function columns(parts: readonly (readonly Block[])[], weights: readonly number[] = parts.map(() => 1)): Block {
  if (weights.length !== parts.length || weights.some((weight) => !(weight > 0))) {
    throw new RangeError(`columns: the weights are [${weights}], expected ${parts.length} positive numbers`);
  }
  return { kind: "columns", columns: parts, weights };
}
