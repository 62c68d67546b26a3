// A state as named arrays and JSON: typed arrays go into the file's arrays under their path, all else into the JSON.
import type { NamedArrays, PlainArray, PlainDType } from "@lanewise/io";

/**
 * What a state may be made of: null, booleans, numbers (NaN and infinities too), bigints, texts, typed arrays, and
 * arrays, maps and plain objects of these. An object with `shape` and `data` becomes one array of that shape.
 */
export type StateTree = unknown;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper is a mistake, or a hostile file. */
const MAX_DEPTH = 50;

const DTYPES: readonly (readonly [PlainDType, new (...values: never[]) => PlainArray["data"]])[] = [
  ["f32", Float32Array],
  ["f64", Float64Array],
  ["i8", Int8Array],
  ["i16", Int16Array],
  ["i32", Int32Array],
  ["i64", BigInt64Array],
  ["u8", Uint8Array],
  ["u16", Uint16Array],
  ["u32", Uint32Array],
  ["u64", BigUint64Array],
];

/** The JSON of `state`; its arrays are added to `arrays`, under names that begin with `path`. */
export function encodeState(path: string, state: StateTree, arrays: NamedArrays, depth = 0): Json {
  if (depth > MAX_DEPTH)
    throw new RangeError(`${path}: a state is at most ${MAX_DEPTH} levels deep; does it hold itself?`);
  const inner = (key: string | number, part: unknown): Json => encodeState(`${path}/${key}`, part, arrays, depth + 1);
  switch (typeof state) {
    case "boolean":
    case "string":
      return state;
    case "number":
      return Number.isFinite(state) && !Object.is(state, -0)
        ? state
        : { $number: Object.is(state, -0) ? "-0" : `${state}` };
    case "bigint":
      return { $bigint: `${state}` };
    case "object":
      break;
    default:
      throw new TypeError(`${path} is a ${typeof state}, which no state can hold`);
  }
  if (state === null) return null;
  if (ArrayBuffer.isView(state)) return { $array: addArray(path, state, [state.byteLength / itemSize(state)], arrays) };
  if (Array.isArray(state)) return state.map((part, index) => inner(index, part));
  if (state instanceof Map)
    return { $map: [...state].map(([key, part]) => [inner("key", key), inner(String(key), part)]) };
  const prototype = Object.getPrototypeOf(state) as object | null;
  if (prototype !== Object.prototype && prototype !== null) {
    const kind = state.constructor?.name ?? "object";
    throw new TypeError(`${path} is a ${kind}; a state is made of plain values, typed arrays, lists, maps and objects`);
  }
  const { shape, data, ...rest } = state as { shape?: unknown; data?: unknown };
  if (Array.isArray(shape) && ArrayBuffer.isView(data)) {
    return {
      $tensor: addArray(path, data, shape as number[], arrays),
      rest: encodeState(path, rest, arrays, depth + 1),
    };
  }
  const entries = Object.entries(state).filter(([, part]) => part !== undefined);
  const encoded = entries.map(([key, part]) => [key, inner(key, part)] as const);
  return entries.some(([key]) => key.startsWith("$")) ? { $object: encoded } : Object.fromEntries(encoded);
}

/** The state that was encoded; an array that is not in the file is refused by name. */
export function decodeState(json: Json, arrays: NamedArrays, depth = 0): StateTree {
  if (depth > MAX_DEPTH) throw new RangeError(`a state of more than ${MAX_DEPTH} levels came`);
  const inner = (part: Json): unknown => decodeState(part, arrays, depth + 1);
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(inner);
  const [[key, value] = [], ...others] = Object.entries(json as Record<string, Json>);
  if (key === undefined || !key.startsWith("$")) {
    return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, inner(part as Json)]));
  }
  if (key === "$tensor" && others[0]?.[0] === "rest") {
    const { shape, data } = arrayNamed(value, arrays);
    return { ...(inner(others[0][1]) as object), shape: [...shape], data };
  }
  if (key === "$array") return arrayNamed(value, arrays).data;
  if (key === "$number" && typeof value === "string") return Number(value);
  if (key === "$bigint" && typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  if (key === "$map") return new Map(pairs(value).map(([name, part]) => [inner(name), inner(part)]));
  if (key === "$object") return Object.fromEntries(pairs(value).map(([name, part]) => [String(name), inner(part)]));
  throw new Error(`'${key}' in a state is of no kind that this version knows`);
}

function pairs(value: Json | undefined): (readonly [Json, Json])[] {
  if (!Array.isArray(value) || value.some((pair) => !Array.isArray(pair) || pair.length !== 2)) {
    throw new Error("a map in a state is no list of pairs");
  }
  return value as unknown as (readonly [Json, Json])[];
}

function arrayNamed(name: Json | undefined, arrays: NamedArrays): PlainArray {
  const array = typeof name === "string" ? arrays.get(name) : undefined;
  if (array === undefined) throw new Error(`the array '${String(name)}' is missing`);
  return array;
}

function addArray(path: string, data: ArrayBufferView, shape: readonly number[], arrays: NamedArrays): string {
  const dtype = DTYPES.find(([, type]) => data instanceof type)?.[0];
  if (dtype === undefined) throw new TypeError(`${path} is a ${data.constructor.name}, for which files have no dtype`);
  // Paths of keys that hold slashes may meet.
  let name = path;
  for (let more = 2; arrays.has(name); more++) name = `${path}~${more}`;
  arrays.set(name, { dtype, shape: [...shape], data } as unknown as PlainArray);
  return name;
}

function itemSize(array: ArrayBufferView): number {
  return "BYTES_PER_ELEMENT" in array ? (array.BYTES_PER_ELEMENT as number) : 1;
}
