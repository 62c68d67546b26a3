// Who ends a tensor's life: scopes, turns of a loop, `keep`, and at last the garbage collector.
//
// A cell is the part of a tensor that must be given back. Scopes hold cells, never tensors, so that the collector sees
// which tensors are still in somebody's hands.

import { LifetimeError } from "./errors.ts";
import type { GraphNode } from "./tape.ts";
import type { Value } from "./value.ts";

/** A text that costs nothing until somebody reads it: most are for messages that never come. */
export interface Text {
  toString(): string;
}

export interface Cell {
  value: Value | null;
  node: GraphNode | null;
  /** The scope that will end it; null when it outlives them all. */
  scope: Scope | null;
  /** Whether somebody asked for it to outlive its scope. */
  kept: boolean;
  /** What made it: an op and the layer's path. */
  readonly op: string;
  readonly layer: string;
  /** Why it has ended. */
  ended: Text;
}

/** Ends a cell: its buffer and its part of the graph are given back. Once is enough, twice does no harm. */
export function endCell(cell: Cell, why: Text): void {
  if (cell.value === null) return;
  cell.value.release();
  cell.value = null;
  cell.node?.release();
  cell.node = null;
  cell.scope = null;
  cell.ended = why;
}

export class Scope {
  readonly label: Text;
  readonly #cells: Cell[] = [];

  constructor(label: Text) {
    this.label = label;
  }

  add(cell: Cell): void {
    cell.scope = this;
    this.#cells.push(cell);
  }

  end(): void {
    const why = { toString: () => `at the end of ${this.label}` };
    for (const cell of this.#cells) if (cell.scope === this) endCell(cell, why);
    this.#cells.length = 0;
  }
}

const open: Scope[] = [];

export function openScope(label: Text): Scope {
  const scope = new Scope(label);
  open.push(scope);
  return scope;
}

/** Takes the scope off the stack, wherever it lies: loops may be interleaved. Its cells live until it ends. */
export function leaveScope(scope: Scope): void {
  if (open.at(-1) === scope) {
    open.pop();
    return;
  }
  const index = open.lastIndexOf(scope);
  if (index >= 0) open.splice(index, 1);
}

export function closeScope(scope: Scope): void {
  leaveScope(scope);
  scope.end();
}

/** The graph and buffers of tensors that nobody holds any more. */
const collected = new FinalizationRegistry<Cell>((cell) => {
  unscoped -= 1;
  endCell(cell, "by the garbage collector");
});

let unscoped = 0;
let warned = false;
let warningLimit = 10_000;

/** Living tensors outside all scopes past which one warning names where they are made; 10,000 at first. */
export function setUnscopedTensorLimit(limit: number): void {
  warningLimit = limit;
  warned = false;
}

/** Puts a new cell under the care of the innermost scope, or of the collector where none is open. */
export function adopt(owner: object, cell: Cell): void {
  const scope = open.at(-1);
  if (scope !== undefined) scope.add(cell);
  else leaveToCollector(owner, cell, true);
}

/** The cell outlives every scope: it ends when the collector finds that nobody holds `owner`. */
export function leaveToCollector(owner: object, cell: Cell, made = false): void {
  cell.scope = null;
  collected.register(owner, cell, cell);
  unscoped += 1;
  if (made && unscoped > warningLimit && !warned) {
    warned = true;
    const stack = (new Error().stack ?? "").split("\n").slice(3, 8).join("\n");
    console.warn(
      `lanewise: more than ${warningLimit} tensors are alive outside every scope; the last was made by ${cell.op}:\n` +
        `${stack}\nPut the code in scope(() => ...), iterate a DataLoader, or release tensors with \`using\`.`,
    );
  }
}

/** The owner was released by hand or by a scope: the collector has nothing left to do. */
export function forgetCollector(cell: Cell): void {
  if (collected.unregister(cell)) unscoped -= 1;
}

/** Moves a cell from the scope that is about to end to the one around it. */
export function moveOut(owner: object, cell: Cell): void {
  if (cell.value === null || cell.scope === null) return;
  adopt(owner, cell);
}

/** Where in the user's code the caller's caller stands, for messages: "train.ts:12". */
export function callSite(depth: number): Text {
  // Taken now, no deeper than needed, but written out (which takes 15 µs) only when a message wants it.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth + 1;
  const here = new Error();
  Error.stackTraceLimit = limit;
  return {
    toString: () => {
      const line = (here.stack ?? "").split("\n")[depth + 1] ?? "";
      const place = /([^/\\()\s]+:\d+):\d+\)?$/.exec(line);
      return place === null ? "" : ` (${place[1]})`;
    },
  };
}

/** What is wrong with using an ended cell. */
export function endedError(cell: Cell, use: string): LifetimeError {
  const layer = cell.layer === "" ? "" : ` in layer ${cell.layer}`;
  return new LifetimeError(
    `${use}: this tensor was made by ${cell.op}${layer} and released ${cell.ended}. ` +
      "To use a tensor after its scope or turn, mark it with keep(tensor), or return it from scope().",
  );
}
