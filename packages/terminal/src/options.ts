// Command-line options, declared once: parsed, checked, explained by --help, and typed.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";

/** How an option reads its text; `T` is what the program gets. */
export interface OptionKind<T> {
  /** What stands in --help for the value, as `<n>`; none for a flag. */
  placeholder?: string;
  read(text: string): T;
  /** How a default is shown. */
  show(value: T): string;
}

export interface OptionSpec<T> {
  kind: OptionKind<T>;
  explanation: string;
  fallback: T | undefined;
  /** One letter, for `-b`. */
  short?: string;
  /** A heading of --help. */
  group?: string;
}

interface Said<T> {
  default?: T;
  short?: string;
  group?: string;
}

export interface Program<S extends Record<string, OptionSpec<unknown>>> {
  name: string;
  description: string;
  /** Keys in camelCase: `batchSize` is `--batch-size`. */
  options: S;
  /** Lines under --help: examples, where the results go. */
  epilogue?: string;
  version?: string;
}

export type OptionValues<S extends Record<string, OptionSpec<unknown>>> = {
  [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never;
};

/** Something is wrong with what was typed; the message is meant for who typed it. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** `--help` or `--version` was asked; `message` is what to print. */
export class InformationAsked extends Error {
  override name = "InformationAsked";
}

function spec<T>(kind: OptionKind<T>, explanation: string, said: Said<T>): OptionSpec<T> {
  const { default: fallback, ...rest } = said;
  return { kind, explanation, fallback, ...rest };
}

const refuse = (text: string, expected: string): never => {
  throw new InvalidArgumentError(`'${text}' came; expected ${expected}.`);
};

export interface Bounds {
  min?: number;
  max?: number;
  /** The value has to be greater than this. */
  above?: number;
  /** The value has to be less than this. */
  below?: number;
}

function inBounds(value: number, { min, max, above, below }: Bounds): boolean {
  return !(
    (min !== undefined && value < min) ||
    (max !== undefined && value > max) ||
    (above !== undefined && value <= above) ||
    (below !== undefined && value >= below)
  );
}

function bounded(noun: string, { min, max, above, below }: Bounds): string {
  const low = min !== undefined ? `at least ${min}` : above !== undefined ? `above ${above}` : "";
  const high = max !== undefined ? `at most ${max}` : below !== undefined ? `below ${below}` : "";
  return [noun, [low, high].filter(Boolean).join(" and ")].filter(Boolean).join(" ");
}

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const WHOLE = /^[-+]?\d+$/;

function readNumber(text: string, whole: boolean, bounds: Bounds, expected: string): number {
  const trimmed = text.trim();
  const value = Number(trimmed);
  const wellFormed = whole ? WHOLE.test(trimmed) && Number.isSafeInteger(value) : DECIMAL.test(trimmed);
  if (!wellFormed || !Number.isFinite(value) || !inBounds(value, bounds)) refuse(text, expected);
  return value;
}

/** A number: `0.1`, `1e-3`. */
export function number<D extends number | undefined = undefined>(
  explanation: string,
  { min, max, above, below, ...said }: Said<number> & Bounds & { default?: D } = {},
): OptionSpec<D extends number ? number : number | undefined> {
  const bounds = defined({ min, max, above, below });
  const expected = bounded("a number", bounds);
  const kind = {
    placeholder: "number",
    read: (text: string) => readNumber(text, false, bounds, expected),
    show: String,
  };
  return spec<number>(kind, explanation, said) as never;
}

/** A whole number. */
export function integer<D extends number | undefined = undefined>(
  explanation: string,
  { min, max, above, below, ...said }: Said<number> & Bounds & { default?: D } = {},
): OptionSpec<D extends number ? number : number | undefined> {
  const bounds = defined({ min, max, above, below });
  const expected = bounded("a whole number", bounds);
  const kind = { placeholder: "n", read: (text: string) => readNumber(text, true, bounds, expected), show: String };
  return spec<number>(kind, explanation, said) as never;
}

/** Whole numbers with commas between: `256,128`; `none` for an empty list. */
export function integers<D extends readonly number[] | undefined = undefined>(
  explanation: string,
  { min, max, above, below, ...said }: Said<readonly number[]> & Bounds & { default?: D } = {},
): OptionSpec<D extends readonly number[] ? readonly number[] : readonly number[] | undefined> {
  const bounds = defined({ min, max, above, below });
  const expected = `${bounded("whole numbers", bounds)}, with commas between as in 256,128, or 'none'`;
  const read = (text: string) =>
    text.trim() === "none"
      ? []
      : text.split(",").map((part) => {
          try {
            return readNumber(part, true, bounds, expected);
          } catch {
            return refuse(text, expected);
          }
        });
  const show = (list: readonly number[]) => (list.length ? list.join(",") : "none");
  return spec<readonly number[]>({ placeholder: "n,n,...", read, show }, explanation, said) as never;
}

/** One of a few words. */
export function choice<const C extends string, D extends C | undefined = undefined>(
  explanation: string,
  words: readonly C[],
  said: Omit<Said<C>, "default"> & { default?: D } = {},
): OptionSpec<D extends string ? C : C | undefined> {
  const read = (text: string): C => words.find((word) => word === text) ?? refuse(text, `one of ${words.join(", ")}`);
  const full = `${explanation} One of: ${words.join(", ")}.`;
  return spec<C>({ placeholder: "word", read, show: String }, full, said as Said<C>) as never;
}

/** Any text: a folder, a file. `placeholder` says which in --help. */
export function text<D extends string | undefined = undefined>(
  explanation: string,
  { placeholder = "text", ...said }: Omit<Said<string>, "default"> & { default?: D; placeholder?: string } = {},
): OptionSpec<D extends string ? string : string | undefined> {
  const read = (given: string) => {
    if (given === "") refuse(given, `a ${placeholder}`);
    if (given.startsWith("--")) refuse(given, `a ${placeholder} (write ./${given} if that is really its name)`);
    return given;
  };
  return spec<string>({ placeholder, read, show: String }, explanation, said as Said<string>) as never;
}

/** On when named, else off. */
export function flag(explanation: string, said: { short?: string; group?: string } = {}): OptionSpec<boolean> {
  return spec<boolean>({ read: () => true, show: String }, explanation, { ...said, default: false });
}

/** Reads the arguments; throws `UsageError` for a mistake and `InformationAsked` for --help. */
export function readOptions<S extends Record<string, OptionSpec<unknown>>>(
  program: Program<S>,
  args: readonly string[],
  { width = process.stdout.columns ?? 100 }: { width?: number } = {},
): OptionValues<S> {
  const command = parsed(program, args, width);
  const off = Object.entries(program.options).filter(([, option]) => !option.kind.placeholder);
  return { ...Object.fromEntries(off.map(([key]) => [key, false])), ...command.opts() } as OptionValues<S>;
}

/** The options that were named; all others have their defaults. */
export function namedOptions<S extends Record<string, OptionSpec<unknown>>>(
  program: Program<S>,
  args: readonly string[] = process.argv.slice(2),
): ReadonlySet<keyof S> {
  const command = parsed(program, args, 100);
  return new Set(Object.keys(program.options).filter((key) => command.getOptionValueSource(key) === "cli"));
}

function parsed(
  program: Program<Record<string, OptionSpec<unknown>>>,
  args: readonly string[],
  width: number,
): Command {
  let printed = "";
  const collect = (text: string) => {
    printed += text;
  };
  const command = new Command(program.name)
    .description(program.description)
    .helpOption("-h, --help", "Show this help.")
    .allowExcessArguments(true)
    .argument("[stray...]")
    .configureHelp({ helpWidth: width, visibleArguments: () => [], commandUsage: () => `${program.name} [options]` })
    .configureOutput({ writeOut: collect, writeErr: collect })
    .exitOverride();
  if (program.version) command.version(program.version, "-V, --version", "Show the version.");
  if (program.epilogue) command.addHelpText("after", `\n${program.epilogue}`);
  for (const [key, option] of Object.entries(program.options)) command.addOption(declare(key, option));

  try {
    command.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new InformationAsked(printed.trimEnd());
    throw new UsageError(plainly(error.message));
  }
  const [stray] = command.args;
  if (stray !== undefined) throw new UsageError(`'${stray}' came; expected options only, which begin with --.`);
  return command;
}

/** Reads the process's arguments; prints help or the mistake and ends the process where there is nothing to run. */
export function parseOptions<S extends Record<string, OptionSpec<unknown>>>(program: Program<S>): OptionValues<S> {
  try {
    return readOptions(program, process.argv.slice(2));
  } catch (error) {
    if (error instanceof InformationAsked) {
      console.log(error.message);
      process.exit(0);
    }
    if (!(error instanceof UsageError)) throw error;
    console.error(`${program.name}: ${error.message}\nAll options: ${program.name} --help`);
    process.exit(2);
  }
}

function declare(key: string, { kind, explanation, fallback, short, group }: OptionSpec<unknown>): Option {
  const long = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const flags = [short && `-${short}`, long].filter(Boolean).join(", ");
  const option = new Option(kind.placeholder ? `${flags} <${kind.placeholder}>` : flags, explanation);
  if (kind.placeholder) option.argParser((given) => kind.read(given));
  // A flag is off unless named: --help need not say so.
  if (kind.placeholder && fallback !== undefined) option.default(fallback, kind.show(fallback));
  if (group) option.helpGroup(`${group}:`);
  return option;
}

/** Commander's sentences without its prefix, and on one line. */
function plainly(message: string): string {
  return message
    .replace(/^error: /, "")
    .replace(/^option '([^']+)' argument '.*?' is invalid\. /s, "$1: ")
    .replace(/\s*\n\s*/g, " ");
}

function defined(bounds: { [K in keyof Bounds]: number | undefined }): Bounds {
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
}
