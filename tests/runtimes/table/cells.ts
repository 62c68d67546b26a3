// The cells of the table: every runtime with what it is told, and how to run them, each once.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { InitOptions } from "@lanewise/tensor";
import type { BrowserName } from "../browser.ts";
import type { CellResult } from "../everywhere/cell.ts";
import { cellInNode } from "../everywhere/in-node.ts";
import { openPage } from "../run-in-page.ts";

export interface Cell {
  readonly name: string;
  /** Strict cells agree to the bit; the others are compared within tolerances. */
  readonly strict: boolean;
  /** What the backend's report must say. */
  readonly threads: number;
  readonly turbo: boolean;
  readonly result: Promise<CellResult>;
}

const nodeCells: readonly (readonly [name: string, options: InitOptions])[] = [
  ["1 thread", { strict: true, threads: 1 }],
  ["2 threads", { strict: true, threads: 2 }],
  ["2 threads, again", { strict: true, threads: 2 }],
  ["3 threads", { strict: true, threads: 3 }],
  ["2 threads, turbo", { strict: true, threads: 2, turbo: true }],
  ["1 thread", { threads: 1 }],
  ["3 threads", { threads: 3 }],
  ["2 threads, turbo", { threads: 2, turbo: true }],
];

const module = fileURLToPath(new URL("../everywhere/cell.ts", import.meta.url));
const threadsOfPage = Math.max(2, availableParallelism() - 1);

/** What runs in each page, in this order. */
const pageCells = [
  { where: "main", worker: false, strict: true },
  { where: "worker", worker: true, strict: true },
  { where: "worker", worker: true, strict: false },
] as const;

const nameOf = (...parts: readonly string[]) => parts.join(", ");

/** Starts all cells: Node's one after the other, and beside them each browser's. */
export function startCells(browsers: readonly BrowserName[]): Cell[] {
  const cells: Cell[] = [];
  let before: Promise<unknown> = Promise.resolve();
  for (const [name, options] of nodeCells) {
    const result = before.then(() => cellInNode(options));
    before = result.catch(() => {});
    const { strict = false, turbo = false, threads } = options;
    cells.push({
      name: nameOf("Node", strict ? "strict" : "fast", name),
      strict,
      turbo,
      threads: threads as number,
      result,
    });
  }
  before = Promise.resolve();
  for (const browser of browsers) {
    for (const isolated of [true, false]) {
      const page = before.then(() => openPage({ browser, isolated, module }));
      before = page.catch(() => {});
      for (const { where, worker, strict } of pageCells) {
        const call = { worker, call: "runCell", values: [{ strict }] };
        const result = before.then(async () => (await page).run<CellResult>(call));
        before = result.catch(() => {});
        const name = nameOf(browser, isolated ? "isolated" : "plain", where, ...(strict ? [] : ["fast"]));
        cells.push({ name, strict, turbo: false, threads: isolated ? threadsOfPage : 1, result });
      }
      before = before.then(async () => (await page).close()).catch(() => {});
    }
  }
  // A cell that fails does so in its own test, not as an unhandled rejection before that.
  for (const { result } of cells) result.catch(() => {});
  return cells;
}
