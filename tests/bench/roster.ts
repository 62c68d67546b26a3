// Who takes part: the sides by name, how each is started, and how it is called in tables.
import { join } from "node:path";
import type { SideCommand } from "./side.ts";

const sidesFolder = join(import.meta.dirname, "sides");

/** Lanewise on some threads; `turbo` and `profile` are options of its process. */
export const lanewise = (threads: number, ...options: ("turbo" | "profile")[]): string =>
  ["lanewise", threads, ...options].join("-");
export const torch = (threads: number): string => `torch-${threads}`;
export const tfjs = "tfjs";
export const onnxruntime = "onnxruntime";
export const jax = "jax";

/** The libraries for JavaScript, each on the one thread that it has in Node. */
export const webPeers = [tfjs, onnxruntime, jax] as const;

/** The process behind a side; undefined for PyTorch where no Python is given. */
export function commandOf(id: string, python: string | undefined): SideCommand | undefined {
  const [kind = "", threads = "", ...options] = id.split("-");
  if (kind === "torch") {
    return python === undefined
      ? undefined
      : { id, program: python, args: [join(sidesFolder, "torch_peer.py"), threads] };
  }
  const script = join(sidesFolder, `${kind}.ts`);
  const own = kind === "lanewise" ? ["--threads", threads, ...options.map((option) => `--${option}`)] : [];
  // The loader of TypeScript that runs this process runs the side too.
  return { id, program: process.execPath, args: [...process.execArgv, script, ...own] };
}

export function labelOf(id: string): string {
  const [kind, threads, ...options] = id.split("-");
  const names: Record<string, string> = {
    lanewise: "Lanewise",
    torch: "PyTorch",
    tfjs: "tfjs wasm",
    onnxruntime: "onnxruntime-web",
    jax: "jax-js wasm",
  };
  const turbo = options.includes("turbo") ? " turbo" : "";
  return `${names[kind!] ?? kind}${turbo}, ${threads === undefined || threads === "1" ? "1 thread" : `${threads} threads`}`;
}
