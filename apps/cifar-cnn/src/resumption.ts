// --resume: the checkpoint in the results' folder, and the settings that its run began with.
import { join } from "node:path";
import { type Checkpoint, type CheckpointStore, resumption as resumptionOf } from "lanewise/train";
import { checkpointFile } from "lanewise/train/node";
import type { GivenOptions } from "./options.ts";
import { type Settings, settingsOf } from "./settings.ts";

export interface Resumption {
  readonly store: CheckpointStore;
  /** Where the run goes on; null where it begins. */
  readonly from: Checkpoint | null;
  readonly settings: Settings;
  readonly strict: boolean;
}

/** What a checkpoint keeps beside the settings, so that another program's is not taken for one. */
export const PROGRAM = "p2";

/** What to begin or go on with. A recipe that is named stands for all its settings. */
export async function resumption(given: GivenOptions, named: ReadonlySet<string>): Promise<Resumption> {
  const settings = settingsOf(given);
  const told = Object.entries(settings).filter(([key]) => named.has(key) || named.has("recipe"));
  const { store, resume, run, strict } = await resumptionOf({
    store: checkpointFile(join(given.out, "checkpoint.npz")),
    program: PROGRAM,
    resume: given.resume,
    settings,
    named: Object.fromEntries(told) as Partial<Settings>,
    strict: named.has("strict") ? given.strict : undefined,
    say: (text) => console.log(text),
  });
  return { store, from: resume, settings: run, strict };
}
