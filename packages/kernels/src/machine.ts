// The one machine of this process or page: the instance, its memory, its pool; everything else asks here.
import type { Binary } from "./binary.ts";
import type { Bindings } from "./bindings.ts";
import type { GrantedMemory } from "./memory.ts";
import type { Pool } from "./pool.ts";
import type { TurboState } from "./turbo.ts";

/** The exports: sizes and handles in, nothing out; outputs are handles too. */
export type Kernels = Omit<Bindings, "enter" | `pool_${string}`>;

export interface Machine {
  readonly binary: Binary;
  /** Whether bit-equal results were asked for. */
  readonly strict: boolean;
  /** Whether the engine could run the fast binary. */
  readonly relaxedSimd: boolean;
  readonly bindings: Bindings;
  readonly module: WebAssembly.Module;
  readonly granted: GrantedMemory;
  readonly pool: Pool;
  readonly turbo: TurboState;
}

let running: Machine | undefined;

export function setMachine(machine: Machine): void {
  running = machine;
}

export function machine(): Machine {
  if (running === undefined) throw notStarted();
  return running;
}

/** The compiled kernels, to be called synchronously. */
export function kernels(): Kernels {
  if (running === undefined) throw notStarted();
  return running.bindings;
}

const notStarted = (): Error =>
  new Error(
    "Lanewise has not started: no kernel can run before `await init()`. Call it once, at the beginning; everything after it is synchronous.",
  );
