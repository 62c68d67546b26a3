// Turbo: V8's 256-bit arithmetic, switched on before the kernels are compiled and checked before it is trusted.
import { host } from "#host";
import type { Tamper } from "./turbo-check.ts";
import { withSection } from "./wasm-section.ts";

export interface TurboState {
  readonly on: boolean;
  readonly reason: string;
  readonly advice?: string;
}

export interface TurboStart {
  readonly module: WebAssembly.Module;
  readonly turbo: TurboState;
}

/** Compiles the kernels, with turbo if it is wanted, can be had, and calculates right. */
export async function compileWithTurbo(
  bytes: Uint8Array<ArrayBuffer>,
  wanted: boolean,
  tamper?: Tamper,
): Promise<TurboStart> {
  const plain = async (reason: string, advice?: string): Promise<TurboStart> => ({
    module: await WebAssembly.compile(bytes),
    turbo: { on: false, reason, ...(advice === undefined ? {} : { advice }) },
  });
  if (!wanted) return plain("turbo is off: it was not asked for", host.turboAdvice());
  const refusal = host.setTurbo(true);
  if (refusal !== undefined) return plain(`turbo is off: ${refusal}`);
  // V8 keeps compiled code by the module's bytes for the whole process: other bytes, or it might reuse what it has.
  const module = await WebAssembly.compile(withSection(bytes, "lanewise.turbo"));
  // Pages never come here, and need not load it.
  const { checkTurbo } = await import("./turbo-check.ts");
  const wrong = await checkTurbo(module, tamper);
  if (wrong === undefined) return { module, turbo: { on: true, reason: "turbo is on: it passed its self-check" } };
  host.setTurbo(false);
  return plain(`turbo is off: it failed its self-check (${wrong})`);
}
