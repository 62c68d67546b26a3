// init: picks the binary, makes the memory, starts the threads; after it every kernel call is synchronous.
import { host } from "#host";
import { type Binary, hasRelaxedSimd, loadBindings, wasmBytes } from "./binary.ts";
import { type Machine, setMachine } from "./machine.ts";
import { createMemory } from "./memory.ts";
import { checkOptions, conflicts, type InitOptions } from "./options.ts";
import { startPool } from "./pool.ts";

const largestMemory = 2 ** 32;

let first: { readonly options: InitOptions; readonly done: Promise<void> } | undefined;

/**
 * Prepares the kernels. The first call decides; later ones wait for the same start, and may not ask for anything else.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  const asked = checkOptions(options);
  if (first === undefined) {
    first = { options: asked, done: start(asked).then(setMachine) };
    // A failed start is not the last word: the next call may have a better address.
    first.done.catch(() => {
      first = undefined;
    });
    return first.done;
  }
  const different = conflicts(first.options, asked);
  if (different.length > 0) {
    throw new Error(
      `init was called before, with other options: ${different.join("; ")}. They hold for the whole ${host.place}: ` +
        "call init once, at the beginning, or without options where anything will do.",
    );
  }
  return first.done;
}

async function start(options: InitOptions): Promise<Machine> {
  const strict = options.strict ?? false;
  const relaxed = hasRelaxedSimd();
  const binary: Binary = strict || !relaxed ? "strict" : "fast";
  const [bytes, bindings] = await Promise.all([wasmBytes(binary, options.wasm), loadBindings[binary]()]);
  const module = await WebAssembly.compile(bytes);
  const { memory, maximumBytes } = createMemory(options.maximumMemoryBytes ?? largestMemory);
  await bindings.default({ module_or_path: module, memory });
  const pool = await startPool({ bindings, module, memory, threads: options.threads, workerUrl: options.workerUrl });
  return {
    binary,
    strict,
    bindings,
    memory,
    maximumMemoryBytes: maximumBytes,
    pool,
    turbo: { on: false },
    reasons: [],
    advice: [],
  };
}
