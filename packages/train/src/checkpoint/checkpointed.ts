// What a checkpoint can hold: anything that tells its state and takes one over.
import type { StateArray } from "@lanewise/nn";
import type { StateTree } from "./state-tree.ts";

/** A module; or what has `state()` and `loadState()`, as optimizers do; or a property `state`, as generators and loaders. */
export type Checkpointed =
  | {
      stateDict(): ReadonlyMap<string, StateArray>;
      loadStateDict(state: ReadonlyMap<string, StateArray>): void;
    }
  | { state(): StateTree; loadState(state: never): void }
  | { state: StateTree };

export type Parts = Readonly<Record<string, Checkpointed>>;

/** The state of each part, as it is now. */
export function statesOf(parts: Parts): Map<string, StateTree> {
  return new Map(Object.entries(parts).map(([name, part]) => [name, stateOf(part)]));
}

/**
 * Gives each part the state of its name. The names must be the same on both sides; where a part refuses, those before it
 * get back what they had, and the error names the part.
 */
export function loadStates(parts: Parts, states: ReadonlyMap<string, StateTree>, label: string): void {
  const missing = Object.keys(parts).filter((name) => !states.has(name));
  const unexpected = [...states.keys()].filter((name) => !Object.hasOwn(parts, name));
  if (missing.length + unexpected.length > 0) {
    const problems = [
      ...(missing.length > 0 ? [`it has no state of ${missing.join(", ")}`] : []),
      ...(unexpected.length > 0 ? [`nothing here takes its state of ${unexpected.join(", ")}`] : []),
    ];
    throw new Error(`${label} is of another run: ${problems.join("; ")}`);
  }
  const loaded: (() => void)[] = [];
  for (const [name, part] of Object.entries(parts)) {
    const before = stateOf(part);
    try {
      load(part, states.get(name));
    } catch (cause) {
      for (const undo of loaded.reverse()) undo();
      throw new Error(`${label}: ${name} refuses its state: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
    loaded.push(() => load(part, before));
  }
}

function stateOf(part: Checkpointed): StateTree {
  if ("stateDict" in part) return part.stateDict();
  return typeof part.state === "function" ? (part.state as () => StateTree)() : part.state;
}

function load(part: Checkpointed, state: StateTree): void {
  if ("loadStateDict" in part) part.loadStateDict(state as ReadonlyMap<string, StateArray>);
  else if ("loadState" in part) part.loadState(state as never);
  else part.state = state;
}
