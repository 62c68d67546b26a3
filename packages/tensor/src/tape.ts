// The graph that a forward pass leaves behind: nodes hold what their gradients need, and count who still needs them.

import type { AnyOpRecord } from "./op-record.ts";
import type { Tensor } from "./tensor.ts";
import type { Value } from "./value.ts";

let nodesMade = 0;

/** A result in the graph. Its owners are its tensor and the nodes computed from it. */
export abstract class GraphNode {
  /** Grows with time, so that a node's inputs always have smaller ones. */
  readonly id = nodesMade++;
  #owners = 1;

  share(): this {
    this.#owners += 1;
    return this;
  }

  /** Gives up one ownership; the last one ends the node and, in turn, what only it owned. */
  release(): void {
    const ending: GraphNode[] = [];
    if (this.#disown()) ending.push(this);
    for (let node = ending.pop(); node !== undefined; node = ending.pop()) {
      for (const input of node.end()) if (input.#disown()) ending.push(input);
    }
  }

  #disown(): boolean {
    this.#owners -= 1;
    return this.#owners === 0;
  }

  /** Gives back what the node holds; returns the inputs it owned. */
  protected abstract end(): readonly GraphNode[];
}

/** A tensor that wants a gradient and was computed by no op: where gradients arrive. */
export class LeafNode extends GraphNode {
  readonly tensor: WeakRef<Tensor>;

  constructor(tensor: WeakRef<Tensor>) {
    super();
    this.tensor = tensor;
  }

  protected end(): readonly GraphNode[] {
    return [];
  }
}

/** A saved buffer, and its version when it was saved. */
interface Saved {
  readonly value: Value;
  readonly version: number;
}

/** A result computed by an op. */
export class OpNode extends GraphNode {
  readonly record: AnyOpRecord;
  readonly inputs: readonly (GraphNode | null)[];
  readonly inputShapes: readonly (readonly number[])[];
  readonly options: unknown;
  readonly layer: string;
  #saved: Map<string, Saved> | null;

  constructor(
    record: AnyOpRecord,
    inputs: readonly (GraphNode | null)[],
    inputShapes: readonly (readonly number[])[],
    saved: ReadonlyMap<string, Value>,
    options: unknown,
    layer: string,
  ) {
    super();
    this.record = record;
    this.inputs = inputs.map((input) => input?.share() ?? null);
    this.inputShapes = inputShapes;
    this.options = options;
    this.layer = layer;
    this.#saved = new Map([...saved].map(([name, value]) => [name, { value, version: value.storage.version }]));
  }

  /** What the forward pass saved, by name; null once a backward pass has freed it. */
  get saved(): ReadonlyMap<string, Saved> | null {
    return this.#saved;
  }

  free(): void {
    for (const { value } of this.#saved?.values() ?? []) value.release();
    this.#saved = null;
  }

  protected end(): readonly GraphNode[] {
    this.free();
    return this.inputs.filter((input) => input !== null);
  }
}

let pauses = 0;

/** Whether ops record what their gradients need. */
export function recording(): boolean {
  return pauses === 0;
}

/**
 * Runs `run` without recording a graph: evaluation, updates of weights. It changes nothing about lifetime.
 *
 * Synchronous only: a promise returned from it is an error, since the pause would have ended before the work.
 */
export function noGrad<R>(run: () => R): R {
  pauses += 1;
  try {
    const result = run();
    if (result instanceof Promise) {
      throw new TypeError(
        "noGrad: the function returned a promise; noGrad covers synchronous code only, use it between the awaits",
      );
    }
    return result;
  } finally {
    pauses -= 1;
  }
}
