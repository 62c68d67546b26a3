// What init can be told, checked and given its defaults.

/** Where the compiled kernels come from, if not from the package itself: an address, a response, the bytes. */
export type WasmSource = string | URL | Response | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** A source for each binary: only the one that fits the engine is read. */
export interface WasmPair {
  readonly strict: WasmSource;
  readonly fast: WasmSource;
}

export interface InitOptions {
  /** Bit-equal results on every machine, browser and thread count, for some speed. Default: false. */
  readonly strict?: boolean;
  /** Threads that share the work. Default: all cores in Node; in an isolated page max(2, cores - 1); else 1. */
  readonly threads?: number;
  /** 256-bit arithmetic by a flag of V8 that holds for the whole process; Node only. Default: false. */
  readonly turbo?: boolean;
  /** The most bytes that tensors may ever take. Default: 4 GiB, or what the engine grants of it. */
  readonly maximumMemoryBytes?: number;
  /** The compiled kernels, served by yourself: one file, or one for each binary. */
  readonly wasm?: WasmSource | WasmPair;
  /** The script of the threads, served by yourself: it must be of the page's own origin. */
  readonly workerUrl?: string | URL;
}

const known: Record<keyof InitOptions, (value: unknown) => boolean> = {
  strict: isBoolean,
  threads: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 256,
  turbo: isBoolean,
  maximumMemoryBytes: (value) => typeof value === "number" && value >= 16 << 20 && value <= 2 ** 32,
  wasm: (value) => typeof value === "string" || (typeof value === "object" && value !== null),
  workerUrl: (value) => typeof value === "string" || value instanceof URL,
};

const expected: Record<keyof InitOptions, string> = {
  strict: "true or false",
  threads: "a whole number from 1 to 256",
  turbo: "true or false",
  maximumMemoryBytes: "a number of bytes from 16 MiB to 4 GiB",
  wasm: "an address, a Response, the bytes, or { strict, fast } of those",
  workerUrl: "an address",
};

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

/** The options without those that are undefined; throws on what init does not know. */
export function checkOptions(options: InitOptions): InitOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`init: ${shown(options)} came, expected an object of options.`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(known, name)) {
      throw new TypeError(`init: no option is called ${name}. Expected some of: ${Object.keys(known).join(", ")}.`);
    }
    const option = name as keyof InitOptions;
    if (!known[option](value)) {
      const error = typeof value === "number" ? RangeError : TypeError;
      throw new error(`init: ${name} is ${shown(value)}, expected ${expected[option]}.`);
    }
  }
  return Object.fromEntries(given);
}

/** The options of a later call that the first call did not give with the same value. */
export function conflicts(first: InitOptions, later: InitOptions): string[] {
  return (Object.keys(later) as (keyof InitOptions)[])
    .filter((name) => !isSame(first[name] ?? switches[name], later[name] ?? switches[name]))
    .map((name) => `${name} is fixed at ${shown(first[name])}, now ${shown(later[name])} came`);
}

/** What these are where they are not given. */
const switches: InitOptions = { strict: false, turbo: false };

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (a instanceof URL || b instanceof URL ? String(a) === String(b) : false);

const shown = (value: unknown): string =>
  value === undefined
    ? "its default"
    : typeof value === "object"
      ? Object.prototype.toString.call(value)
      : String(value);
