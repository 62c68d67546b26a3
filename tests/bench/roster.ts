// Who takes part: the sides by name, how each is started, and how it is called in tables.
import { join } from "node:path";
import type { LibraryName } from "./pages/bundle.ts";
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

export const browsers = ["chromium", "firefox"] as const;
export type BrowserName = (typeof browsers)[number];
/** A library on some threads in an isolated page. */
export const inPage = (browser: BrowserName, library: LibraryName, threads: number, ...options: "profile"[]): string =>
  [browser, library, threads, ...options].join("-");

/** Whether a side, in Node or in a page, is one of these peers. */
export const isWebPeer = (id: string): boolean => webPeers.some((peer) => id.split("-").includes(peer));

/** The process behind a side; undefined for PyTorch where no Python is given. */
export function commandOf(id: string, python: string | undefined): SideCommand | undefined {
  const [kind = "", threads = "", ...options] = id.split("-");
  if (kind === "torch") {
    return python === undefined
      ? undefined
      : { id, program: python, args: [join(sidesFolder, "torch_peer.py"), threads] };
  }
  if (isBrowser(kind)) {
    const [library = "", count = "", ...flags] = [threads, ...options];
    const own = ["--browser", kind, "--library", library, "--threads", count, ...flags.map((flag) => `--${flag}`)];
    return { id, program: process.execPath, args: [...process.execArgv, join(sidesFolder, "page.ts"), ...own] };
  }
  const script = join(sidesFolder, `${kind}.ts`);
  const own = kind === "lanewise" ? ["--threads", threads, ...options.map((option) => `--${option}`)] : [];
  // The loader of TypeScript that runs this process runs the side too.
  return { id, program: process.execPath, args: [...process.execArgv, script, ...own] };
}

const isBrowser = (kind: string): kind is BrowserName => (browsers as readonly string[]).includes(kind);
const browserNames: Record<BrowserName, string> = { chromium: "Chromium", firefox: "Firefox" };
const names: Record<string, string> = {
  lanewise: "Lanewise",
  torch: "PyTorch",
  tfjs: "tfjs wasm",
  onnxruntime: "onnxruntime-web",
  jax: "jax-js wasm",
};

export function labelOf(id: string): string {
  const [first = "", ...rest] = id.split("-");
  const [kind = "", threads, ...options] = isBrowser(first) ? rest : [first, ...rest];
  const turbo = options.includes("turbo") ? " turbo" : "";
  const place = isBrowser(first) ? ` in ${browserNames[first]}` : "";
  const count = threads === undefined || threads === "1" ? "1 thread" : `${threads} threads`;
  return `${names[kind] ?? kind}${turbo}${place}, ${count}`;
}
