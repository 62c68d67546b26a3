// The header of a .npy file: a Python dict literal, read by a parser of its own (nothing is evaluated).
import { MAX_RANK } from "../arrays.ts";

/** What a header says: `descr` is the dtype as text, or the literal of a structured one. */
export interface NpyHeader {
  descr: string;
  structured: boolean;
  fortranOrder: boolean;
  shape: number[];
}

type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>;

/** Structured dtypes nest; a limit keeps a hostile header from overflowing the stack. */
const MAX_DEPTH = 32;

/** Parses the text of a header; `fail` makes the error, so that it can name the file. */
export function parseNpyHeader(text: string, fail: (what: string) => Error): NpyHeader {
  const parser = new LiteralParser(text, fail);
  const dict = parser.parse();
  if (!(dict instanceof Map)) throw fail("its header is no Python dict");
  const descr = dict.get("descr");
  const order = dict.get("fortran_order");
  const shape = dict.get("shape");
  if (descr === undefined || order === undefined || shape === undefined) {
    throw fail(
      `its header has the keys ${[...dict.keys()].join(", ") || "(none)"}; descr, fortran_order, shape are wanted`,
    );
  }
  if (typeof order !== "boolean") throw fail("fortran_order in its header is neither True nor False");
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isSize)) {
    throw fail(`shape in its header is no tuple of at most ${MAX_RANK} sizes`);
  }
  const structured = typeof descr !== "string";
  return {
    descr: structured ? (parser.sources.get("descr") ?? "") : descr,
    structured,
    fortranOrder: order,
    shape: shape as number[],
  };
}

function isSize(value: Literal): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

class LiteralParser {
  /** The outer dict's values as they were written, for messages. */
  readonly sources = new Map<string, string>();
  #at = 0;
  readonly #text: string;
  readonly #fail: (what: string) => Error;

  constructor(text: string, fail: (what: string) => Error) {
    this.#text = text;
    this.#fail = fail;
  }

  parse(): Literal {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at !== this.#text.length) throw this.#bad("the end");
    return value;
  }

  #value(depth: number): Literal {
    if (depth > MAX_DEPTH) throw this.#fail(`its header nests deeper than ${MAX_DEPTH} levels`);
    this.#skipSpace();
    const start = this.#text[this.#at];
    if (start === "{") return this.#dict(depth);
    if (start === "(") return this.#sequence(")", depth);
    if (start === "[") return this.#sequence("]", depth);
    if (start === "'" || start === '"') return this.#string(start);
    return this.#atom();
  }

  #dict(depth: number): Map<string, Literal> {
    const dict = new Map<string, Literal>();
    this.#at++;
    while (!this.#closes("}")) {
      const key = this.#value(depth + 1);
      if (typeof key !== "string") throw this.#bad("a key in quotes");
      this.#skipSpace();
      if (this.#text[this.#at++] !== ":") throw this.#bad("':'");
      const from = this.#at;
      dict.set(key, this.#value(depth + 1));
      if (depth === 0) this.sources.set(key, this.#text.slice(from, this.#at).trim());
      this.#separator("}");
    }
    return dict;
  }

  /** A tuple or a list; (3) without a comma is accepted as a tuple of one, no writer means anything else by it. */
  #sequence(end: string, depth: number): Literal[] {
    const items: Literal[] = [];
    this.#at++;
    while (!this.#closes(end)) {
      items.push(this.#value(depth + 1));
      this.#separator(end);
    }
    return items;
  }

  #closes(end: string): boolean {
    this.#skipSpace();
    if (this.#at >= this.#text.length) throw this.#bad(`'${end}'`);
    if (this.#text[this.#at] !== end) return false;
    this.#at++;
    return true;
  }

  #separator(end: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] === ",") this.#at++;
    else if (this.#text[this.#at] !== end) throw this.#bad(`',' or '${end}'`);
  }

  #string(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end < 0) throw this.#bad("a closing quote");
    const value = this.#text.slice(this.#at + 1, end);
    if (value.includes("\\")) throw this.#fail("its header has a string with a backslash, which is not supported");
    this.#at = end + 1;
    return value;
  }

  #atom(): Literal {
    // Python 2 wrote sizes as 3L.
    const match = /^(?:True|False|None|(-?\d+)L?)(?![\w.])/.exec(this.#text.slice(this.#at, this.#at + 40));
    if (match === null) throw this.#bad("a value");
    this.#at += match[0].length;
    if (match[1] !== undefined) return Number(match[1]);
    return match[0] === "None" ? null : match[0] === "True";
  }

  #skipSpace(): void {
    while (" \t\r\n\0".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #bad(wanted: string): Error {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return this.#fail(`its header can't be read: expected ${wanted} at character ${this.#at}, found '${rest}'`);
  }
}
