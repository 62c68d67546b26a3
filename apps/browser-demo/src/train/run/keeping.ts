// Checkpoints that are kept where they can be: a full disk is told, and is no end of a training.
import type { CheckpointStore } from "lanewise/train";

export interface KeepingStore extends CheckpointStore {
  /** Why the last checkpoint was not kept, or null. */
  readonly problem: string | null;
}

export function keepingStore(store: CheckpointStore): KeepingStore {
  let problem: string | null = null;
  return {
    label: store.label,
    read: () => store.read(),
    remove: () => store.remove(),
    async write(bytes) {
      try {
        await store.write(bytes);
        problem = null;
      } catch (error) {
        problem = `The checkpoint could not be kept: ${error instanceof Error ? error.message : error}`;
      }
    },
    get problem() {
      return problem;
    },
  };
}
