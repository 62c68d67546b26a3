// Where a training is kept between two visits: one file that is this page's own.
import type { CheckpointStore } from "lanewise/train";
import { privateFile } from "lanewise/train/page";

/** Null where the browser gives none: private windows of some, pages that are not served securely. */
export async function keptTraining(): Promise<CheckpointStore | null> {
  try {
    await navigator.storage.getDirectory();
  } catch {
    return null;
  }
  return privateFile("lanewise-demo/training.npz");
}
