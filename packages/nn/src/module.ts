// Module: what layers and models share: parameters by name, training and evaluation, state in PyTorch's layout.

import { keep, type Shape, type Tensor } from "@lanewise/tensor";
import type { Apply, Fits, Rule } from "./rule.ts";

/** Numbers of a state dict: in PyTorch's layout, whatever the layer keeps in memory. */
export interface FloatStateArray {
  readonly dtype: "f32";
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A count in a state dict, which PyTorch keeps as a 64-bit integer. */
export interface CountStateArray {
  readonly dtype: "i64";
  readonly shape: Shape;
  readonly data: BigInt64Array;
}

/** An array of a state dict. */
export type StateArray = FloatStateArray | CountStateArray;

/** A state dict's entry: how a layer gives and takes one array of the kind `A`. */
export interface StateEntry<A extends StateArray = StateArray> {
  read(): A;
  write(array: A): void;
  /** What is wrong with the values of an array of the right type and shape; null if nothing is. */
  problem?(array: A): string | null;
}

/** A layer or model. `R` is its rule: which shapes it takes and gives. */
export abstract class Module<R extends Rule = Rule> {
  /** Only for the compiler. */
  declare readonly rule: R;
  /** The layer's kind, for messages and summaries. */
  abstract readonly kind: string;
  #training = true;

  abstract forward<S extends Shape>(x: Tensor<S & Fits<R, S>>): Tensor<Apply<R, S>>;

  /** Whether the module is in training mode; dropout and normalization behave differently then. */
  get training(): boolean {
    return this.#training;
  }

  /** Training mode, here and in all modules below. */
  train(mode = true): this {
    this.#training = mode;
    for (const [, child] of this.children()) child.train(mode);
    return this;
  }

  /** Evaluation mode, here and in all modules below. */
  eval(): this {
    return this.train(false);
  }

  /** The modules directly below, by name. */
  children(): readonly (readonly [name: string, module: Module])[] {
    return [];
  }

  /** The tensors of this module alone that are trained, by name. */
  ownParameters(): readonly (readonly [name: string, parameter: Tensor])[] {
    return [];
  }

  /** The entries of this module alone in a state dict, by name. */
  ownState(): readonly (readonly [name: string, entry: StateEntry])[] {
    return [];
  }

  /** All trained tensors, with their path: "0.weight". */
  namedParameters(): [name: string, parameter: Tensor][] {
    return this.#collect((module) => module.ownParameters());
  }

  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** The state by name, in PyTorch's names, order and layouts; copies. */
  stateDict(): Map<string, StateArray> {
    return new Map(this.#collect((module) => module.ownState()).map(([name, entry]) => [name, entry.read()]));
  }

  /** Takes over a state; every entry must be there with its shape, and nothing else. Nothing changes if one is not. */
  loadStateDict(state: ReadonlyMap<string, StateArray>): void {
    const entries = new Map(this.#collect((module) => module.ownState()));
    const missing = [...entries.keys()].filter((name) => !state.has(name));
    const unexpected = [...state.keys()].filter((name) => !entries.has(name));
    const wrong = [...entries].flatMap(([name, entry]) => {
      const array = state.get(name);
      const problem = array === undefined ? null : misfit(entry, array);
      return problem === null ? [] : [`${name}: ${problem}`];
    });
    if (missing.length + unexpected.length + wrong.length > 0) {
      const problems = [
        ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
        ...(unexpected.length > 0 ? [`unexpected: ${unexpected.join(", ")}`] : []),
        ...wrong,
      ];
      throw new Error(`loadStateDict: the state does not fit this ${this.kind}; ${problems.join("; ")}`);
    }
    for (const [name, entry] of entries) entry.write(state.get(name)!);
  }

  #collect<T>(own: (module: Module) => readonly (readonly [string, T])[]): [string, T][] {
    const found = own(this).map(([name, item]): [string, T] => [name, item]);
    for (const [name, child] of this.children()) {
      for (const [path, item] of child.#collect(own)) found.push([`${name}.${path}`, item]);
    }
    return found;
  }
}

/** Why an entry cannot take an array; null if it can. */
function misfit(entry: StateEntry, array: StateArray): string | null {
  const own = entry.read();
  const [came, expected] = [array.shape.join(", "), own.shape.join(", ")];
  if (came !== expected) return `[${came}] came, expected [${expected}]`;
  if (array.dtype !== own.dtype) return `${array.dtype} came, expected ${own.dtype}`;
  if (array.data.constructor !== own.data.constructor) {
    return `a ${array.data.constructor.name} came, expected a ${own.data.constructor.name}`;
  }
  if (array.data.length !== own.data.length) return `${array.data.length} elements came, expected ${own.data.length}`;
  return entry.problem?.(array) ?? null;
}

/** Makes a tensor one that is trained: it outlives every scope and wants its gradient. */
export function parameter<S extends Shape>(tensor: Tensor<S>): Tensor<S> {
  keep(tensor).requiresGrad = true;
  return tensor;
}

/** A state entry for a tensor that lies in memory as PyTorch has it. */
export function plainEntry(tensor: Tensor): StateEntry<FloatStateArray> {
  return {
    read: () => ({ dtype: "f32", shape: tensor.shape, data: tensor.data() }),
    write: ({ data }) => void tensor.assign(Float32Array.from(data)),
  };
}
