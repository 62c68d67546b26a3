// What a program with an option "resume" begins or goes on with: its own settings, or those that its run began with.

import type { Metrics } from "../progress.ts";
import { type Checkpoint, type CheckpointStore, readCheckpoint } from "./checkpoint.ts";

export interface ResumptionRequest<S extends object> {
  readonly store: CheckpointStore;
  /** Kept in the checkpoint, so that another program's is not taken for one. */
  readonly program: string;
  /** Whether to go on where there is a run to go on with. */
  readonly resume: boolean;
  /** The settings of a run that begins. */
  readonly settings: S;
  /** Those of them that were asked for by name: a run that goes on is refused where it began with others. */
  readonly named: Partial<S>;
  /** Strict mode, where it was asked for or against. */
  readonly strict?: boolean | undefined;
  /** Told what whoever started the program may not expect. */
  readonly say?: (text: string) => void;
}

export interface Resumption<S extends object, M extends Metrics = Metrics> {
  readonly store: CheckpointStore;
  /** Where the run goes on; null where it begins. */
  readonly resume: Checkpoint<M> | null;
  /** For the program itself. */
  readonly run: S;
  readonly strict: boolean;
  /** For the checkpoint: the run's settings with the program's name. */
  readonly settings: S & { readonly program: string };
}

/** Settings and mode are the checkpoint's, but for those that were named: where they differ, `train` refuses by name. */
export async function resumption<S extends object, M extends Metrics = Metrics>({
  store,
  program,
  resume,
  settings: begun,
  named,
  strict,
  say = () => {},
}: ResumptionRequest<S>): Promise<Resumption<S, M>> {
  const found = await readCheckpoint<M>(store).catch((error) => {
    if (resume) throw error;
    return null;
  });
  const from = resume ? found : null;
  if (resume && found === null) say(`${store.label} is not there: the run begins.`);
  if (!resume && found?.finished === false) {
    say(`${store.label} is of a run that was not finished; this one begins anew, and takes its place.`);
  }
  const run = from === null ? begun : { ...settingsIn(from, program, begun), ...named };
  if (from !== null) say(wayOn(from));
  const mode = from === null ? false : from.backend.mode === "strict";
  return { store, resume: from, run, strict: strict ?? mode, settings: { program, ...run } };
}

function wayOn({ label, finished, progress: { history, step, steps } }: Checkpoint): string {
  const epochs = `${history.length} ${history.length === 1 ? "epoch" : "epochs"}`;
  return finished
    ? `${label}: this run is finished, after ${epochs}. Its files are written again.`
    : `${label}: goes on after ${epochs}, at step ${step} of ${steps}.`;
}

/** The settings in a checkpoint, once each is of the kind that it has here. */
function settingsIn<S extends object>({ label, settings: came }: Checkpoint, expected: string, here: S): S {
  const { program, ...settings } = (came ?? {}) as { program?: unknown } & Record<string, unknown>;
  if (program !== expected) throw new Error(`${label} is of a run of ${String(program)}, expected one of ${expected}`);
  const kind = (value: unknown) => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value);
  for (const [key, value] of Object.entries(here)) {
    if (kind(settings[key]) !== kind(value)) {
      throw new Error(`${label}: its setting '${key}' is a ${kind(settings[key])}, expected a ${kind(value)}`);
    }
  }
  return settings as S;
}
