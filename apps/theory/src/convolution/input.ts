// The feature map, the filters and their settings: the program's own, or somebody's JSON, checked cell by cell.
import { readFileSync } from "node:fs";
import Fraction from "fraction.js";
import type { Grid } from "./exact.ts";

export interface ConvolutionInput {
  /** Where the numbers are from, as a reader is told. */
  readonly source: string;
  /** Whether they are the program's own. */
  readonly isDefault: boolean;
  readonly featureMap: Grid;
  readonly filters: readonly [Grid, Grid];
  /** Around the map, for the second filter. */
  readonly padding: number;
  readonly pool: number;
  readonly poolStride: number;
  /** Row and column of the cell that is written out, from 0. */
  readonly cell: readonly [number, number];
}

/** What the command line says; undefined where it says nothing. */
export interface ConvolutionGiven {
  readonly maps?: string | undefined;
  readonly padding?: number | undefined;
  readonly pool?: number | undefined;
  readonly poolStride?: number | undefined;
  readonly cell?: readonly number[] | undefined;
}

const OWN = {
  featureMap: [
    [1, 2, 0, 3],
    [4, 1, 1, 0],
    [2, 3, 5, 1],
    [0, 1, 2, 4],
  ],
  filters: [
    [
      [1, 0, -1],
      [2, 1, 0],
      [0, 1, 1],
    ],
    [
      [1, 2],
      [-1, 1],
    ],
  ],
};

const KEYS = ["featureMap", "filters", "padding", "pool", "poolStride", "cell"] as const;
const EXAMPLE = '{"featureMap": [[1, 2], [3, 4]], "filters": [[[1]], [[2]]]}';
const LARGEST = { map: 64, filter: 16, value: 1e9, weights: 2 ** 23 } as const;

export function readInput(given: ConvolutionGiven): ConvolutionInput {
  const own = given.maps === undefined;
  const source = given.maps ?? "the program's own numbers";
  const data = own ? OWN : parsed(given.maps);
  const at = (name: string) => (own ? name : `${source}: ${name}`);
  const featureMap = grid(data.featureMap, at("featureMap"), LARGEST.map);
  const { filters } = data;
  if (!Array.isArray(filters) || filters.length !== 2) {
    throw new RangeError(
      `${at("filters")} is ${shown(filters)}, expected two filters: one for the new map, one for the question of strides`,
    );
  }
  const number = (name: "padding" | "pool" | "poolStride", least: number, otherwise: number) => {
    const flag = `--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`;
    if (given[name] !== undefined) return whole(given[name], flag, least, 1000);
    const value: unknown = (data as Record<string, unknown>)[name];
    return value === undefined ? otherwise : whole(value, at(name), least, 1000);
  };
  const pool = number("pool", 1, 2);
  const cell = cellOf(given.cell?.length ? given.cell : (data as Record<string, unknown>).cell, featureMap, at("cell"));
  for (const [side, size] of [
    ["rows", featureMap.length],
    ["columns", featureMap[0]!.length],
  ] as const) {
    if (pool > size) {
      throw new RangeError(`pool is ${pool}, but the feature map has ${size} ${side}; expected a window that fits`);
    }
  }
  return {
    source,
    isDefault: own,
    featureMap,
    filters: [grid(filters[0], at("filters[0]"), LARGEST.filter), grid(filters[1], at("filters[1]"), LARGEST.filter)],
    padding: number("padding", 0, 1),
    pool,
    poolStride: number("poolStride", 1, 2),
    cell,
  };
}

/** Numbers of channels of which all C×C filters, of the pooling's size, fit into memory. */
export function checkedChannels(channels: readonly number[], { pool }: ConvolutionInput): readonly number[] {
  const most = Math.floor(Math.sqrt(LARGEST.weights) / pool);
  const tooMany = channels.find((count) => count > most);
  if (tooMany !== undefined) {
    throw new RangeError(
      `--channels is ${tooMany}, but C×C filters are compared, each of ${pool}×${pool} cells as pool says; expected at most ` +
        `${most} channels, or a smaller pool`,
    );
  }
  return channels;
}

function parsed(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}); expected a JSON file such as ${EXAMPLE}`,
    );
  }
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(`${path} is no JSON (${(error as Error).message}); expected such as ${EXAMPLE}`);
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new Error(`${path} holds ${shown(data)}, expected an object such as ${EXAMPLE}`);
  }
  const stranger = Object.keys(data).find((key) => !(KEYS as readonly string[]).includes(key));
  if (stranger !== undefined) {
    throw new Error(`${path}: nothing is called "${stranger}" here; expected some of ${KEYS.join(", ")}`);
  }
  return data as Record<string, unknown>;
}

/** A grid of exact numbers; says which row or cell is wrong. */
function grid(value: unknown, name: string, most: number): Grid {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) {
    throw new RangeError(`${name} is ${shown(value)}, expected a list of 1 to ${most} rows`);
  }
  const width = Array.isArray(value[0]) ? value[0].length : 0;
  return value.map((row: unknown, r) => {
    if (!Array.isArray(row) || row.length === 0 || row.length > most) {
      throw new RangeError(`${name}, row ${r + 1} is ${shown(row)}, expected a list of 1 to ${most} numbers`);
    }
    if (row.length !== width) {
      throw new RangeError(`${name}, row ${r + 1} has ${row.length} numbers, expected ${width} as in row 1`);
    }
    return row.map((cell: unknown, c) => exactNumber(cell, `${name}, row ${r + 1}, column ${c + 1}`));
  });
}

/** A JSON number, or a fraction as a string: "1/9". */
function exactNumber(value: unknown, name: string): Fraction {
  const wellFormed =
    typeof value === "number" ||
    (typeof value === "string" && /^[-+]?\d{1,12}(\.\d{1,12}|\/0*[1-9]\d{0,11})?$/.test(value));
  if (!wellFormed || !(Math.abs(new Fraction(finite(value as number | string)).valueOf()) <= LARGEST.value)) {
    throw new RangeError(
      `${name} is ${shown(value)}, expected a number from −10⁹ to 10⁹, or a fraction in quotes as in "1/9"`,
    );
  }
  return new Fraction(value as number | string);
}

/** Infinity comes from a number such as 1e999 in the file; it is refused as too large. */
function finite(value: number | string): number | string {
  return typeof value === "number" && !Number.isFinite(value) ? 2 * LARGEST.value : value;
}

function whole(value: unknown, name: string, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw new RangeError(`${name} is ${shown(value)}, expected a whole number from ${least} to ${most}`);
  }
  return value as number;
}

/** The cell to write out: the one given, or the one near the middle. */
function cellOf(value: unknown, map: Grid, name: string): readonly [number, number] {
  const [rows, columns] = [map.length, map[0]!.length];
  if (value === undefined) return [Math.floor((rows - 1) / 2), Math.floor((columns - 1) / 2)];
  const expected = `expected a row from 0 to ${rows - 1} and a column from 0 to ${columns - 1}`;
  if (!Array.isArray(value) || value.length !== 2) throw new RangeError(`${name} is ${shown(value)}, ${expected}`);
  const [row, column] = value as unknown[];
  const inside = (part: unknown, size: number) =>
    Number.isInteger(part) && (part as number) >= 0 && (part as number) < size;
  if (!inside(row, rows) || !inside(column, columns)) throw new RangeError(`${name} is ${shown(value)}, ${expected}`);
  return [row as number, column as number];
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
