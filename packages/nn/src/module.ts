// Module: what layers and models share: parameters by name, training and evaluation, state in PyTorch's layout.

import { keep, type Shape, type Tensor } from "@lanewise/tensor";
import type { Apply, Fits, Rule } from "./rule.ts";

/** An array of a state dict: in PyTorch's layout, whatever the layer keeps in memory. */
export interface StateArray {
  readonly dtype: "f32";
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A state dict's entry: how a layer gives and takes one array. */
export interface StateEntry {
  read(): StateArray;
  write(array: StateArray): void;
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
      const came = state.get(name)?.shape.join(", ");
      const expected = entry.read().shape.join(", ");
      return came === undefined || came === expected ? [] : [`${name}: [${came}] came, expected [${expected}]`];
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

/** Makes a tensor one that is trained: it outlives every scope and wants its gradient. */
export function parameter<S extends Shape>(tensor: Tensor<S>): Tensor<S> {
  keep(tensor).requiresGrad = true;
  return tensor;
}

/** A state entry for a tensor that lies in memory as PyTorch has it. */
export function plainEntry(tensor: Tensor): StateEntry {
  return {
    read: () => ({ dtype: "f32", shape: tensor.shape, data: tensor.data() }),
    write: ({ data }) => void tensor.assign(Float32Array.from(data)),
  };
}
