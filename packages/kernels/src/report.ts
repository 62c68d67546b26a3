// explainBackend: what runs, on how much, why, and what to change to get more.
import { machine } from "./machine.ts";

export interface BackendReport {
  /** The code that runs: strict (SIMD128) or fast (relaxed SIMD). */
  readonly binary: "strict" | "fast";
  /** What was asked for: bit-equal results, or speed. */
  readonly mode: "strict" | "fast";
  readonly threads: number;
  /** The most bytes that tensors may take. */
  readonly memoryBytes: number;
  readonly turbo: boolean;
  readonly reasons: readonly string[];
  readonly advice: readonly string[];
  toString(): string;
}

export function explainBackend(): BackendReport {
  const { binary, strict, maximumMemoryBytes, pool, turbo, reasons, advice } = machine();
  const report = {
    binary,
    mode: strict ? ("strict" as const) : ("fast" as const),
    threads: pool.threads,
    memoryBytes: maximumMemoryBytes,
    turbo: turbo.on,
    reasons,
    advice,
  };
  return report;
}
