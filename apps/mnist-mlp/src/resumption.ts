// --resume: the checkpoint in the results' folder, and the settings that its run began with.
import { join } from "node:path";
import { type Resumption, resumption } from "lanewise/train";
import { checkpointFile } from "lanewise/train/node";
import type { GivenOptions } from "./options.ts";
import { type Settings, settingsOf } from "./settings.ts";
import type { Tested } from "./training/statistics.ts";

/** What to begin or go on with; `named` are the options that were typed. */
export function resumptionOf(given: GivenOptions, named: ReadonlySet<string>): Promise<Resumption<Settings, Tested>> {
  const settings = settingsOf(given);
  return resumption({
    store: checkpointFile(join(given.out, "checkpoint.npz")),
    program: "p1",
    resume: given.resume,
    settings,
    named: Object.fromEntries(Object.entries(settings).filter(([key]) => named.has(key))),
    strict: named.has("strict") ? given.strict : undefined,
    say: (text) => console.log(text),
  });
}
