// explainBackend: what runs, on how much, why, and what to change to get more.
import { host } from "#host";
import { type Machine, machine } from "./machine.ts";
import { largestMemory } from "./memory.ts";

export interface BackendReport {
  /** The code that runs: strict (SIMD128) or fast (relaxed SIMD). */
  readonly binary: "strict" | "fast";
  /** What was asked for: bit-equal results, or speed. */
  readonly mode: "strict" | "fast";
  readonly threads: number;
  /** The most bytes that tensors may ever take. */
  readonly memoryBytes: number;
  readonly turbo: boolean;
  readonly reasons: readonly string[];
  readonly advice: readonly string[];
  toString(): string;
}

/** How the kernels run at this moment, and why. */
export function explainBackend(): BackendReport {
  return new Report(machine());
}

class Report implements BackendReport {
  readonly binary: "strict" | "fast";
  readonly mode: "strict" | "fast";
  readonly threads: number;
  readonly memoryBytes: number;
  readonly turbo: boolean;
  readonly reasons: readonly string[];
  readonly advice: readonly string[];

  constructor(now: Machine) {
    this.binary = now.binary;
    this.mode = now.strict ? "strict" : "fast";
    this.threads = now.bindings.pool_threads();
    this.memoryBytes = now.granted.maximumBytes;
    this.turbo = now.turbo.on;
    const findings = [ofBinary(now), ofPool(now), ofMemory(now), ofTurbo(now)];
    this.reasons = findings.map(({ reason }) => reason);
    this.advice = findings.flatMap(({ advice }) => advice ?? []);
  }

  toString(): string {
    const threads = this.threads === 1 ? "one thread" : `${this.threads} threads`;
    const turbo = this.turbo ? ", turbo" : "";
    return [
      `Lanewise: ${this.binary} binary on ${threads}, ${inBytes(this.memoryBytes)}${turbo}`,
      ...this.reasons.map((reason) => `  - ${reason}`),
      ...(this.advice.length > 0 ? ["To get more:", ...this.advice.map((advice) => `  - ${advice}`)] : []),
    ].join("\n");
  }
}

interface Finding {
  readonly reason: string;
  readonly advice?: string | undefined;
}

function ofBinary({ binary, strict, relaxedSimd }: Machine): Finding {
  if (binary === "fast") return { reason: "the fast binary: this engine has relaxed SIMD" };
  if (strict) return { reason: "the strict binary: bit-equal results were asked for" };
  if (relaxedSimd) return { reason: "the strict binary: it was given by init({ wasm })" };
  return {
    reason: "the strict binary: this engine has no relaxed SIMD",
    advice: "Run on an engine with relaxed SIMD: Node 22 or newer, a current Chrome, Edge or Firefox.",
  };
}

function ofPool({ pool, bindings }: Machine): Finding {
  if (!bindings.pool_is_dead()) return pool;
  const why = pool.lost === undefined ? "stopped answering" : `lost one (${pool.lost})`;
  return {
    reason: `one thread: the pool of ${pool.threads} threads ${why}, and was given up`,
    advice: `Restart the ${host.place} to get the threads back.`,
  };
}

function ofMemory({ granted }: Machine): Finding {
  const { maximumBytes, askedBytes } = granted;
  if (maximumBytes < askedBytes) {
    return { reason: `at most ${inBytes(maximumBytes)} of memory: the engine refused ${inBytes(askedBytes)}` };
  }
  const why = askedBytes === largestMemory ? "all that WebAssembly can address" : "as asked for";
  return { reason: `at most ${inBytes(maximumBytes)} of memory: ${why}` };
}

function ofTurbo({ turbo }: Machine): Finding {
  return { reason: turbo.reason, advice: turbo.advice };
}

function inBytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${+(bytes / 2 ** 30).toFixed(2)} GiB` : `${Math.floor(bytes / 2 ** 20)} MiB`;
}
