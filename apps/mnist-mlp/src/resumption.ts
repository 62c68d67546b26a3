// --resume: the checkpoint in the results' folder, and the settings that its run began with.
import { join } from "node:path";
import { type Checkpoint, type CheckpointStore, readCheckpoint } from "lanewise/train";
import { checkpointFile } from "lanewise/train/node";
import type { GivenOptions } from "./options.ts";
import { type Settings, settingsOf } from "./settings.ts";
import type { Tested } from "./training/statistics.ts";

export interface Resumption {
  readonly store: CheckpointStore;
  /** Where the run goes on; null where it begins. */
  readonly from: Checkpoint<Tested> | null;
  readonly settings: Settings;
  readonly strict: boolean;
}

/**
 * What to begin or go on with. Settings and mode are the checkpoint's, but for those that were named: where they differ,
 * training refuses and says so.
 */
export async function resumption(given: GivenOptions, named: ReadonlySet<string>): Promise<Resumption> {
  const store = checkpointFile(join(given.out, "checkpoint.npz"));
  const found = await readCheckpoint<Tested>(store).catch((error) => {
    if (given.resume) throw error;
    return null;
  });
  if (!given.resume) {
    if (found !== null && !found.finished) {
      console.log(
        `${store.label} is of a run that was not finished; this one begins anew. --resume would go on with it.`,
      );
    }
    return { store, from: null, settings: settingsOf(given), strict: given.strict };
  }
  if (found === null) console.log(`${store.label} is not there: the run begins.`);
  const began = found === null ? {} : settingsIn(found, settingsOf(given));
  const options = Object.entries(given).filter(([key]) => named.has(key));
  const settings = settingsOf({ ...given, ...began, ...Object.fromEntries(options) });
  const strict = found === null || named.has("strict") ? given.strict : found.backend.mode === "strict";
  return { store, from: found, settings, strict };
}

/** What a checkpoint keeps beside the settings, so that another program's is not taken for one. */
export const PROGRAM = "p1";

/** The settings in a checkpoint, once each is of the kind that it has here. */
function settingsIn({ label, settings: came }: Checkpoint, here: Settings): Partial<Settings> {
  const { program, ...settings } = (came ?? {}) as { program?: unknown } & Record<string, unknown>;
  if (program !== PROGRAM) throw new Error(`${label} is of a run of ${String(program)}, expected one of ${PROGRAM}`);
  const kind = (value: unknown) => (Array.isArray(value) ? "list" : typeof value);
  for (const [key, value] of Object.entries(here)) {
    if (kind(settings[key]) !== kind(value)) {
      throw new Error(`${label}: its setting '${key}' is a ${kind(settings[key])}, expected a ${kind(value)}`);
    }
  }
  return settings as Partial<Settings>;
}
