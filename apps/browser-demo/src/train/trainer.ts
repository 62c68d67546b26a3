// The training that the page sees: its phase, figures and curves. It outlives the visit of another page of the demo.

import type { BackendReport } from "lanewise";
import type { EpochRecord, StepEvent, TrainingResult } from "lanewise/train";
import { readCheckpoint } from "lanewise/train";
import { RemoteTraining } from "lanewise/train/page";
import type { Evaluation } from "./run/evaluation.ts";
import { keptTraining } from "./run/kept.ts";
import type { NetworkShape } from "./run/network.ts";
import type { Format, ModelFile, TrainingAnswers, TrainingOrder } from "./run/training.ts";
import { Series } from "./series.ts";
import { TRAINING_IMAGES, type TrainingSettings } from "./settings.ts";

export type Phase =
  | "idle"
  | "loading"
  | "preparing"
  | "training"
  | "paused"
  | "stopping"
  | "stopped"
  | "finished"
  | "failed";

/** Figures of images that were held out, after each epoch. */
export type HeldOut = { readonly heldOutLoss: number; readonly heldOutError: number };

/** A run that an earlier visit left. */
export interface KeptRun {
  readonly settings: TrainingSettings;
  readonly history: readonly EpochRecord<HeldOut>[];
  readonly step: number;
  readonly steps: number;
}

export interface Curves {
  readonly loss: Series;
  readonly error: Series;
}

/** What the view shows; all of it is plain. */
export interface TrainerState {
  readonly phase: Phase;
  /** Of the run that is shown. */
  readonly settings: TrainingSettings | null;
  readonly step: StepEvent | null;
  readonly history: readonly EpochRecord<HeldOut>[];
  readonly curves: Curves;
  /** What is wrong, in words. */
  readonly problem: string | null;
  /** The network that can be downloaded; null where there is none yet. */
  readonly model: NetworkShape | null;
  /** A file's name and how good its network is; a run that starts begins with it. */
  readonly loaded: { readonly file: ModelFile; readonly shape: NetworkShape; readonly test: Evaluation } | null;
  /** Of the finished run's network. */
  readonly test: Evaluation | null;
  readonly backend: BackendReport | null;
  readonly kept: KeptRun | null;
  /** Why checkpoints are not kept, or null. */
  readonly keepingProblem: string | null;
}

const newCurves = (): Curves => ({ loss: new Series(), error: new Series() });

const BEGIN: TrainerState = {
  phase: "idle",
  settings: null,
  step: null,
  history: [],
  curves: newCurves(),
  problem: null,
  model: null,
  loaded: null,
  test: null,
  backend: null,
  kept: null,
  keepingProblem: null,
};

/** Phases in which nothing else may begin. */
export const BUSY: ReadonlySet<Phase> = new Set(["loading", "preparing", "training", "paused", "stopping"]);
/** Phases in which a training can be held and stopped. */
export const RUNNING: ReadonlySet<Phase> = new Set(["preparing", "training", "paused"]);

type Remote = RemoteTraining<TrainingAnswers, HeldOut>;

export class Trainer {
  readonly #newWorker: () => Worker;
  readonly #listeners = new Set<(state: TrainerState) => void>();
  #state = BEGIN;
  /** Where the curves' last point ends: a point is of so many images that it means something, more of them later. */
  #drawn: StepEvent | null = null;
  #remote: Remote | undefined;

  constructor(newWorker: () => Worker) {
    this.#newWorker = newWorker;
  }

  get state(): TrainerState {
    return this.#state;
  }

  get busy(): boolean {
    return BUSY.has(this.#state.phase);
  }

  /** Calls `listener` at each change, until what it gives back is called. */
  listen(listener: (state: TrainerState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Looks for a run that an earlier visit left. */
  async findKept(): Promise<void> {
    const store = await keptTraining();
    if (store === null) {
      this.#change({ keepingProblem: "This browser gives the page no private file system, so nothing is kept." });
      return;
    }
    try {
      const checkpoint = await readCheckpoint<HeldOut>(store);
      if (checkpoint === null || this.busy) return;
      const { history, step, steps } = checkpoint.progress;
      this.#change({ kept: { settings: checkpoint.settings as TrainingSettings, history, step, steps } });
    } catch {
      // Another tab may be writing it, or a later version of the page has written it: it stays as it is, and the next run
      // takes its place.
    }
  }

  /** Trains with fresh weights, or with those of the file that was loaded. */
  start(asked: TrainingSettings): Promise<void> {
    const { loaded } = this.#state;
    const settings = { ...asked, ...loaded?.shape };
    this.#change({ settings, step: null, history: [], curves: newCurves() });
    return this.#run({ settings, model: loaded?.file });
  }

  /** Goes on with the run that was kept. */
  goOn(): Promise<void> {
    const { kept } = this.#state;
    if (kept === null) return Promise.resolve();
    const curves = newCurves();
    for (const { epoch, loss, error } of kept.history) {
      curves.loss.add(epoch - 0.5, loss);
      curves.error.add(epoch - 0.5, error);
    }
    this.#change({ settings: kept.settings, step: null, history: kept.history, curves, loaded: null });
    return this.#run({ settings: null });
  }

  async pause(): Promise<void> {
    const { phase } = this.#state;
    if (phase !== "training" && phase !== "preparing") return;
    // Before the worker says so: its next event would be of the step in hand.
    this.#change({ phase: "paused" });
    await this.#remote?.pause();
  }

  async resume(): Promise<void> {
    if (this.#state.phase !== "paused") return;
    this.#change({ phase: this.#state.step === null ? "preparing" : "training" });
    await this.#remote?.resume();
  }

  async stop(): Promise<void> {
    if (!RUNNING.has(this.#state.phase)) return;
    this.#change({ phase: "stopping" });
    await this.#remote?.abort();
  }

  /** Loads a model's file: tells how good it is, and the next run begins with it. */
  async load(file: ModelFile, settings: TrainingSettings): Promise<NetworkShape | null> {
    const { phase } = this.#state;
    this.#change({ phase: "loading", problem: null });
    try {
      const remote = this.#worker();
      await remote.start({ settings, model: file, onlyLoad: true } satisfies TrainingOrder);
      const [shape, test, backend] = [await remote.ask("shape"), await remote.ask("test"), await remote.ask("backend")];
      const none = { settings: null, step: null, history: [], curves: newCurves(), test: null };
      this.#change({ ...none, phase: "idle", model: shape, backend, loaded: { file, shape, test } });
      return shape;
    } catch (error) {
      // The model that was there before is there still.
      this.#change({ phase, problem: wordsOf(error) });
      return null;
    }
  }

  /** Forgets the file: the next run begins with fresh weights. */
  unload(): void {
    this.#change({ loaded: null });
  }

  /** The model's file; between two steps where a training runs. */
  file(format: Format): Promise<Uint8Array<ArrayBuffer>> {
    return this.#worker().ask("file", format);
  }

  /** The network as a module of PyTorch's. */
  python(): Promise<string> {
    return this.#worker().ask("python");
  }

  /** Removes the run that was kept. */
  async forget(): Promise<void> {
    this.#change({ kept: null });
    await (await keptTraining())?.remove();
  }

  /** Ends the worker, in the middle of a step even. */
  end(): void {
    this.#remote?.close();
    this.#remote = undefined;
  }

  /** What is wrong outside of a training, or null. */
  tell(problem: string | null): void {
    this.#change({ problem });
  }

  async #run(order: TrainingOrder): Promise<void> {
    this.#drawn = null;
    this.#change({ phase: "preparing", problem: null, test: null, kept: null });
    try {
      const remote = this.#worker();
      const result = await remote.start(order, {
        onStep: (step) => this.#onStep(step),
        onEpoch: (epoch) => this.#onEpoch(epoch),
      });
      await this.#onEnd(remote, result);
    } catch (error) {
      this.#change({ phase: "failed", problem: this.#state.problem ?? wordsOf(error) });
      // The run that was kept before is there still.
      void this.findKept();
    }
  }

  async #onEnd(remote: Remote, result: TrainingResult<HeldOut>): Promise<void> {
    const model = await remote.ask("shape");
    const keepingProblem = await remote.ask("keepingProblem");
    const { history, stopped, step, steps } = result;
    const test = stopped ? null : await remote.ask("test");
    const settings = this.#state.settings!;
    const whole = history.filter(({ complete }) => complete);
    // Nobody wants to go on with weights that ran away.
    const lost = this.#state.problem !== null;
    if (lost) await (await keptTraining())?.remove();
    const keeps = stopped && step > 0 && !lost && keepingProblem === null;
    const kept = keeps ? { settings, history: whole, step, steps } : null;
    this.#change({ phase: stopped ? "stopped" : "finished", history, model, test, keepingProblem, kept, loaded: null });
  }

  #onStep(step: StepEvent): void {
    const first = this.#state.step === null;
    const { loss, error, seen } = sinceThen(this.#drawn, step);
    if (seen >= (step.epoch === 1 ? TRAINING_IMAGES / 60 : TRAINING_IMAGES / 12)) {
      const x = step.epoch - 1 + (step.seen - seen / 2) / TRAINING_IMAGES;
      this.#state.curves.loss.add(x, loss);
      this.#state.curves.error.add(x, error);
      this.#drawn = step;
    }
    this.#change({ step, phase: this.#state.phase === "preparing" ? "training" : this.#state.phase });
    if (first) void this.#askBackend();
    if (!Number.isFinite(step.loss)) {
      this.#change({
        problem: "The loss is no finite number any more: the weights have run away. Try a smaller learning rate.",
      });
      void this.stop();
    }
  }

  #onEpoch(record: EpochRecord<HeldOut>): void {
    if (!record.complete) return;
    this.#change({ history: [...this.#state.history.filter(({ epoch }) => epoch !== record.epoch), record] });
  }

  async #askBackend(): Promise<void> {
    const backend = await this.#remote?.ask("backend").catch(() => null);
    if (backend != null) this.#change({ backend, model: this.#state.settings });
  }

  /** One worker for all runs: a second start in it finds its threads running. */
  #worker(): Remote {
    if (this.#remote === undefined || this.#remote.closed) {
      this.#remote = new RemoteTraining<TrainingAnswers, HeldOut>(this.#newWorker);
    }
    return this.#remote;
  }

  #change(change: Partial<TrainerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}

/** The means over what was seen since the event before: an epoch's own means hardly move at its end. */
export function sinceThen(
  before: Pick<StepEvent, "epoch" | "seen" | "loss" | "error"> | null,
  now: Pick<StepEvent, "epoch" | "seen" | "loss" | "error">,
): { readonly loss: number; readonly error: number; readonly seen: number } {
  const same = before !== null && before.epoch === now.epoch && before.seen < now.seen;
  if (!same) return { loss: now.loss, error: now.error, seen: now.seen };
  const seen = now.seen - before.seen;
  const mean = (name: "loss" | "error"): number => (now[name] * now.seen - before[name] * before.seen) / seen;
  return { loss: mean("loss"), error: mean("error"), seen };
}

function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!message.startsWith("the training worker failed")) return message;
  return `${message[0]!.toUpperCase()}${message.slice(1)}. The page trains in a worker; its script must be allowed and reachable.`;
}
