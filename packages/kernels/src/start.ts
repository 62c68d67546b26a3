// The start of the machine, step by step: binary, turbo, memory, instance, threads.
import { type Binary, binaryOf, hasRelaxedSimd, wasmBytes } from "./binary.ts";
import { type Bindings, bind } from "./bindings.ts";
import type { Machine } from "./machine.ts";
import { createMemory, largestMemory } from "./memory.ts";
import type { InitOptions } from "./options.ts";
import { startPool } from "./pool.ts";
import { compileWithTurbo } from "./turbo.ts";
import type { Tamper } from "./turbo-check.ts";

/** What only tests put in. */
export interface Seams {
  readonly relaxedSimd?: boolean;
  readonly tamper?: Tamper;
  readonly Memory?: typeof WebAssembly.Memory;
}

export async function start(options: InitOptions, seams: Seams = {}): Promise<Machine> {
  const strict = options.strict ?? false;
  const relaxedSimd = seams.relaxedSimd ?? hasRelaxedSimd();
  const wanted: Binary = strict || !relaxedSimd ? "strict" : "fast";
  const bytes = await wasmBytes(wanted, options.wasm);
  const { module, turbo } = await compileWithTurbo(bytes, options.turbo ?? false, seams.tamper);
  const binary = binaryOf(module);
  if (strict && binary === "fast") {
    throw new Error(
      "init: strict results were asked for, and the compiled kernels that came are the fast ones (wasm).",
    );
  }
  const granted = createMemory(options.maximumMemoryBytes ?? largestMemory, seams.Memory);
  const bindings = await instantiate(module, granted.memory);
  bindings.gemm_use_tile(turbo.on);
  const { threads, workerUrl } = options;
  const pool = await startPool({ bindings, module, memory: granted.memory, threads, workerUrl });
  return { binary, strict, relaxedSimd, bindings, module, granted, pool, turbo };
}

async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Bindings> {
  try {
    return await bind(module, memory);
  } catch (cause) {
    throw new Error(`init: the compiled kernels do not fit this version of the package: ${cause}`, { cause });
  }
}
