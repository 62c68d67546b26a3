// CSV of numbers, parsed from bytes as they arrive: no string is made for a cell, and no line is held longer than needed.
import { type ByteSource, DEFAULT_MAX_BYTES, toSource, unzipped } from "./bytes.ts";
import { cellText, parseNumber } from "./csv-number.ts";

export interface CsvOptions<D extends "f32" | "u8" = "f32"> {
  /**
   * The column of class labels, by index (negative: from the end) or by its name in the header; null: there is none.
   * It must be said: taking a label for a pixel, or the other way round, goes unnoticed.
   */
  label: number | string | null;
  /** Whether the first line is a header; by default it is one if the label's (or first) cell is no number. */
  header?: boolean;
  /** Default ",". */
  delimiter?: string;
  /** What the values are kept as (default "f32"); "u8" wants whole numbers from 0 to 255. */
  dtype?: D;
  /** How many columns there must be, the label's included; without it the first line decides. */
  columns?: number;
  /** The most bytes that the values may take (default 1 GiB). */
  maxBytes?: number;
  /** What errors call the file (default "the CSV file"). */
  name?: string;
}

/** The values of a CSV file without the label column, row-major: [rows, columns]. */
export interface CsvTable<D extends "f32" | "u8" = "f32"> {
  readonly rows: number;
  readonly columns: number;
  /** The names of the header, the label's left out; undefined without a header. */
  readonly names: readonly string[] | undefined;
  readonly values: { f32: Float32Array<ArrayBuffer>; u8: Uint8Array<ArrayBuffer> }[D];
  /** Undefined where `label` is null. */
  readonly labels: Int32Array<ArrayBuffer> | undefined;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const MAX_LINE_BYTES = 2 ** 24;
/** So many bad rows are named before reading stops. */
const MAX_PROBLEMS = 10;
/** Values are gathered in blocks of about this many, so that nothing is copied twice while the file grows. */
const BLOCK_VALUES = 2 ** 21;
const MAX_F32 = 3.4028234663852886e38;

/** Reads CSV bytes, gzipped or not. Bad rows (wrong length, empty, text, NaN, Infinity) are an error that names each line. */
export async function readCsv<D extends "f32" | "u8" = "f32">(
  bytes: Uint8Array | ByteSource,
  options: CsvOptions<D>,
): Promise<CsvTable<D>> {
  const name = options.name ?? "the CSV file";
  if (options.label === undefined) {
    throw new TypeError(`readCsv: label is missing; say which column holds the labels, or null for none`);
  }
  const parser = new CsvParser(options, name);
  for await (const chunk of unzipped(toSource(bytes, "readCsv"), name)) parser.push(chunk);
  return parser.finish() as CsvTable<D>;
}

class CsvParser {
  readonly #options: CsvOptions<"f32" | "u8">;
  readonly #name: string;
  readonly #delimiter: number;
  readonly #problems: string[] = [];
  readonly #full: (Float32Array | Uint8Array)[] = [];
  readonly #labels: number[] = [];
  #carry = new Uint8Array(0);
  #started = false;
  #line = 0;
  #width = 0;
  #label = -1;
  #headerNames: string[] | undefined;
  #block: Float32Array | Uint8Array = new Float32Array(0);
  #blockRows = 0;
  #blockCapacity = 0;
  #rows = 0;

  constructor(options: CsvOptions<"f32" | "u8">, name: string) {
    this.#options = options;
    this.#name = name;
    const delimiter = options.delimiter ?? ",";
    if (delimiter.length !== 1 || delimiter.charCodeAt(0) > 127 || /[\d."\r\n+-]/.test(delimiter)) {
      throw new TypeError(`readCsv: delimiter '${delimiter}' is no single character that can stand between numbers`);
    }
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Takes the next bytes and parses all lines that are complete. */
  push(chunk: Uint8Array): void {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      this.#carry = concat(this.#carry, chunk);
      if (this.#carry.length > MAX_LINE_BYTES) {
        throw new RangeError(`${this.#name}: line ${this.#line + 1} has more than ${MAX_LINE_BYTES} bytes`);
      }
      return;
    }
    let from = 0;
    if (this.#carry.length > 0) {
      from = chunk.indexOf(NEWLINE) + 1;
      this.#parseLines(concat(this.#carry, chunk.subarray(0, from)));
    }
    this.#parseLines(chunk.subarray(from, end));
    this.#carry = chunk.slice(end);
  }

  finish(): CsvTable<"f32" | "u8"> {
    if (this.#carry.length > 0) this.#parseLines(concat(this.#carry, Uint8Array.of(NEWLINE)));
    if (this.#problems.length > 0) throw this.#failure("");
    if (this.#width === 0) throw new Error(`${this.#name} is empty`);
    const columns = this.#width - (this.#label < 0 ? 0 : 1);
    const values =
      this.#options.dtype === "u8" ? new Uint8Array(this.#rows * columns) : new Float32Array(this.#rows * columns);
    let at = 0;
    for (const block of [...this.#full, this.#block.subarray(0, this.#blockRows * columns)]) {
      values.set(block, at);
      at += block.length;
    }
    const names = this.#headerNames?.filter((_, column) => column !== this.#label);
    const labels = this.#label < 0 ? undefined : Int32Array.from(this.#labels);
    return { rows: this.#rows, columns, names, values, labels };
  }

  /** Parses lines that all end in a newline. */
  #parseLines(bytes: Uint8Array): void {
    let at = 0;
    if (!this.#started && bytes.length > 0) {
      this.#started = true;
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3; // a byte order mark
    }
    while (at < bytes.length) {
      this.#line++;
      if (bytes[at] === NEWLINE) at++;
      else if (bytes[at] === RETURN && bytes[at + 1] === NEWLINE) at += 2;
      else if (this.#width === 0) at = this.#firstLine(bytes, at);
      else at = this.#row(bytes, at);
    }
  }

  /** Decides from the first line how many columns there are, which is the label's, and whether it is a header. */
  #firstLine(bytes: Uint8Array, start: number): number {
    const cells: string[] = [];
    const numeric: boolean[] = [];
    let at = start;
    do {
      const end = this.#cellEnd(bytes, at);
      cells.push(cellText(bytes, at, end));
      numeric.push(looksNumeric(cells.at(-1)!));
      at = end + 1;
    } while (bytes[at - 1] === this.#delimiter);
    this.#width = cells.length;
    const { columns, label, header } = this.#options;
    if (columns !== undefined && cells.length !== columns) {
      throw new Error(`${this.#name}: line ${this.#line} has ${cells.length} columns, expected ${columns}`);
    }
    const decisive = typeof label === "number" ? label : 0;
    const isHeader = header ?? (typeof label === "string" || numeric.at(decisive) === false);
    if (isHeader) this.#headerNames = cells;
    this.#label = this.#labelColumn(cells, isHeader);
    this.#block = this.#newBlock();
    return isHeader ? at : this.#row(bytes, start);
  }

  #labelColumn(cells: readonly string[], isHeader: boolean): number {
    const { label } = this.#options;
    if (label === null) return -1;
    if (typeof label === "string") {
      const column = isHeader ? cells.indexOf(label) : -1;
      if (column >= 0) return column;
      const shown = cells.slice(0, 8).join(", ") + (cells.length > 8 ? ", ..." : "");
      throw new Error(`${this.#name}: no column '${label}' for the labels; line ${this.#line} has: ${shown}`);
    }
    const column = label < 0 ? label + cells.length : label;
    if (Number.isInteger(column) && column >= 0 && column < cells.length) return column;
    throw new RangeError(`${this.#name}: label column ${label} is not one of its ${cells.length} columns`);
  }

  /** Parses one row into the block and returns where the next line begins; a bad row is noted and not kept. */
  #row(bytes: Uint8Array, start: number): number {
    if (this.#blockRows === this.#blockCapacity) {
      this.#full.push(this.#block);
      this.#block = this.#newBlock();
      this.#blockRows = 0;
    }
    const [block, delimiter, width, label] = [this.#block, this.#delimiter, this.#width, this.#label];
    const small = block instanceof Uint8Array;
    let to = this.#blockRows * (width - (label < 0 ? 0 : 1));
    let labelValue = 0;
    let problem = "";
    let at = start;
    let column = 0;
    let byte: number;
    do {
      const cellAt = at;
      let value = 0;
      byte = bytes[at]!;
      while (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + (byte - 0x30);
        byte = bytes[++at]!;
      }
      // Mostly a cell is a few digits; anything else, and digits beyond the exact range, takes the long way.
      if ((byte !== delimiter && byte !== NEWLINE) || at === cellAt || at - cellAt > 15) {
        const end = this.#cellEnd(bytes, cellAt);
        value = parseNumber(bytes, cellAt, end);
        at = end;
        byte = bytes[at]!;
      }
      if (column === label) {
        labelValue = value;
        if (problem === "" && value !== (value | 0))
          problem = this.#cellProblem(column, bytes, cellAt, at, "a whole number");
      } else if (column < width) {
        block[to++] = value;
        // Also what f32 would round to infinity.
        if (!(Math.abs(value) <= MAX_F32) && problem === "")
          problem = this.#cellProblem(column, bytes, cellAt, at, "a finite number");
        if (small && value !== (value & 255) && problem === "") {
          problem = this.#cellProblem(column, bytes, cellAt, at, "a whole number from 0 to 255");
        }
      }
      column++;
      at++;
    } while (byte === delimiter);
    if (column !== width) problem = `${column} columns, expected ${width}`;
    if (problem !== "") this.#note(problem);
    else this.#keepRow(labelValue);
    return at;
  }

  #keepRow(label: number): void {
    this.#blockRows++;
    this.#rows++;
    if (this.#label >= 0) this.#labels.push(label);
  }

  /** Where the cell that begins at `start` ends: at the delimiter or newline, which a quote hides. */
  #cellEnd(bytes: Uint8Array, start: number): number {
    let quoted = false;
    for (let at = start; ; at++) {
      const byte = bytes[at]!;
      if (byte === NEWLINE) return at;
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === this.#delimiter && !quoted) return at;
    }
  }

  #cellProblem(column: number, bytes: Uint8Array, start: number, end: number, expected: string): string {
    const text = cellText(bytes, start, end);
    const name = this.#headerNames === undefined ? "" : ` ('${this.#headerNames[column]}')`;
    const what = column === this.#label ? "label, column" : "column";
    const found = text === "" ? "empty" : `'${text.length > 40 ? `${text.slice(0, 40)}...` : text}'`;
    return `${what} ${column + 1}${name} is ${found}, expected ${expected}`;
  }

  #note(problem: string): void {
    this.#problems.push(`  line ${this.#line}: ${problem}`);
    if (this.#problems.length === MAX_PROBLEMS) throw this.#failure("at least ");
  }

  #failure(atLeast: string): Error {
    const count = this.#problems.length;
    return new Error(
      `${this.#name} has ${atLeast}${count} bad row${count === 1 ? "" : "s"}:\n${this.#problems.join("\n")}`,
    );
  }

  #newBlock(): Float32Array | Uint8Array {
    const { dtype, maxBytes = DEFAULT_MAX_BYTES } = this.#options;
    const columns = this.#width - (this.#label < 0 ? 0 : 1);
    this.#blockCapacity = Math.max(1, Math.floor(BLOCK_VALUES / Math.max(1, columns)));
    const length = this.#blockCapacity * columns;
    const taken = this.#rows * columns * (dtype === "u8" ? 1 : 4);
    if (taken > maxBytes) {
      throw new RangeError(
        `${this.#name}: its values take more than ${maxBytes} bytes; raise maxBytes if you trust it`,
      );
    }
    return dtype === "u8" ? new Uint8Array(length) : new Float32Array(length);
  }
}

/** NaN, Infinity and nothing count: they are bad values, not the names of columns. */
function looksNumeric(text: string): boolean {
  return Number.isFinite(Number(text)) || /^[+-]?(nan|inf(inity)?|null)$/i.test(text);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
