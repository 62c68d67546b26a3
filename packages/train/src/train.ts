// train: the loop over epochs and steps. It knows no model: a step is a function of a batch.
import type { DataLoaderState } from "@lanewise/data";
import { defaultGenerator, scope } from "@lanewise/tensor";
import { type Checkpoint, type CheckpointStore, checkSameRun, encodeCheckpoint } from "./checkpoint/checkpoint.ts";
import { loadStates, type Parts, statesOf } from "./checkpoint/checkpointed.ts";
import type { StateTree } from "./checkpoint/state-tree.ts";
import { Breath, type PauseSwitch } from "./pause.ts";
import {
  addStep,
  type EpochRecord,
  type EpochSums,
  type Metrics,
  meansOf,
  NO_SUMS,
  type RunProgress,
  type StepEvent,
  type StepPlace,
  type StepResult,
} from "./progress.ts";

/** What gives batches, an epoch a loop, and can begin anywhere in one: `DataLoader` does. */
export interface TrainingLoader<B> extends AsyncIterable<B> {
  /** Batches an epoch. */
  readonly length: number;
  /** In a loop's body: the epoch and its batches given out. Once an epoch is over: the next, and batch 0. It may hold more. */
  state: DataLoaderState;
}

export interface TrainingCheckpoint<M extends Metrics = Metrics> {
  /** Written after each epoch, and when the run is stopped. */
  readonly store: CheckpointStore;
  /** Whatever changes from step to step, by name; the loader and the default generator are there already. */
  readonly checkpointed: Parts;
  /** What the run begins with; it must be the same when the run goes on. */
  readonly settings?: StateTree;
  /** What says which data it is, a hash for instance; the same holds. */
  readonly data?: StateTree;
  /** Goes on from here: `await readCheckpoint(store)`. Null begins anew. */
  readonly resume?: Checkpoint<M> | null;
}

export interface TrainingOptions<B, M extends Metrics = Metrics> {
  readonly loader: TrainingLoader<B>;
  /** Passes over the data; a fraction ends within one. */
  readonly epochs: number;
  /** One step: forward, loss, backward, update. Its tensors end with it. */
  readonly step: (batch: B, place: StepPlace) => StepResult;
  /** Called before each step; sets learning rates, for instance: see `scaleRates`. */
  readonly schedule?: ((place: StepPlace) => void) | undefined;
  /** Figures of the model after each epoch; also after one that a stop cuts short (`complete` is false then). */
  readonly evaluate?: ((epoch: { epoch: number; complete: boolean }) => M | Promise<M>) | undefined;
  /** Stops after the step in hand when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Holds the run between two steps. */
  readonly pause?: PauseSwitch | undefined;
  readonly onStep?: ((event: StepEvent) => void) | undefined;
  readonly onEpoch?: ((record: EpochRecord<M>) => void) | undefined;
  readonly checkpoint?: TrainingCheckpoint<M> | undefined;
}

export interface TrainingResult<M extends Metrics = Metrics> {
  /** By epoch; where the run was stopped within one, the last record is of what was seen of it. */
  readonly history: readonly EpochRecord<M>[];
  readonly step: number;
  readonly steps: number;
  /** Examples trained on, each pass counted. */
  readonly examples: number;
  /** From the first step to the last, evaluation included, pauses not; over all parts of the run. */
  readonly seconds: number;
  /** Whether `signal` ended the run before its last step. */
  readonly stopped: boolean;
}

/**
 * Trains: `step` for each batch of `loader`, `epochs` times over. Stopped and gone on with from its checkpoint, at an
 * epoch's end or within one, a run ends with the bits of one that never stopped.
 */
export async function train<B, M extends Metrics = Metrics>(
  options: TrainingOptions<B, M>,
): Promise<TrainingResult<M>> {
  return new Run(options).toEnd();
}

class Run<B, M extends Metrics> {
  readonly #options: TrainingOptions<B, M>;
  readonly #parts: Parts;
  readonly #breath = new Breath();
  readonly #history: EpochRecord<M>[] = [];
  readonly #steps: number;
  #step = 0;
  #examples = 0;
  #sums: EpochSums = NO_SUMS;
  /** `performance.now()` at which the run would have begun, had it never stopped or paused. */
  #began = performance.now();
  /** Set at the run's end, before its last checkpoint is written: the file and the result tell the same. */
  #total: number | undefined;

  constructor(options: TrainingOptions<B, M>) {
    const { epochs, loader, checkpoint } = options;
    if (!(Number.isFinite(epochs) && epochs >= 0))
      throw new RangeError(`train: epochs ${epochs} came, expected 0 or more`);
    this.#options = options;
    // 0.1 · 30 is 3 and a little: no further step for that.
    this.#steps = Math.ceil(epochs * loader.length - 1e-6);
    const own = { loader, generator: defaultGenerator() };
    const taken = Object.keys(checkpoint?.checkpointed ?? {}).filter((name) => Object.hasOwn(own, name));
    if (taken.length > 0) {
      throw new RangeError(
        `train: ${taken.join(" and ")} came in checkpointed; that is the run's own, saved by itself: name yours otherwise`,
      );
    }
    this.#parts = { ...own, ...checkpoint?.checkpointed };
    if (checkpoint?.resume != null) this.#goOnFrom(checkpoint.resume, checkpoint);
  }

  async toEnd(): Promise<TrainingResult<M>> {
    const { loader, signal, pause, onEpoch } = this.#options;
    let last: EpochRecord<M> | undefined;
    while (this.#step < this.#steps && signal?.aborted !== true) {
      if (pause?.paused === true) {
        await this.#hold(pause, signal);
        continue;
      }
      const before = this.#step;
      await this.#epoch();
      // A turn that makes no step would come again for ever, and nothing could be heard meanwhile.
      if (this.#step === before) throw new Error(`train: the loader gave no batch, expected ${loader.length} an epoch`);
      const complete = loader.state.batch === 0;
      const over = complete || this.#step === this.#steps;
      // Saved before it is evaluated: who stops a run may not wait for that.
      if (!over) await this.#save();
      last = await this.#record(complete);
      if (this.#step === this.#steps) this.#total = last.seconds;
      if (over) {
        this.#history.push(last);
        this.#sums = NO_SUMS;
        await this.#save();
        last = undefined;
      }
      onEpoch?.(last ?? this.#history.at(-1)!);
    }
    const { step, steps, examples, seconds } = this.#progress();
    const history = last === undefined ? this.#history : [...this.#history, last];
    return { history, step, steps, examples, seconds, stopped: step < steps };
  }

  /** The steps of an epoch, or what is left of one, up to its end, the run's end, or a stop. */
  async #epoch(): Promise<void> {
    const { loader, schedule, step, signal, pause, onStep } = this.#options;
    let place: DataLoaderState | undefined;
    for await (const batch of loader) {
      const before = performance.now();
      const at = { step: this.#step, steps: this.#steps, epoch: this.#epochNumber, batch: loader.state.batch - 1 };
      schedule?.(at);
      const result = scope(() => step(batch, at));
      this.#step += 1;
      this.#examples += result.examples;
      this.#sums = addStep(this.#sums, result, (performance.now() - before) / 1000);
      onStep?.(this.#event(result));
      await this.#breath.take();
      if (pause?.paused === true) await this.#hold(pause, signal);
      place = loader.state;
      // The last batch of an epoch ends it by itself.
      if ((signal?.aborted === true || this.#step === this.#steps) && place.batch < loader.length) break;
      place = undefined;
    }
    // A loop that is left begins the next epoch; the rest of this one is to come.
    if (place !== undefined) loader.state = place;
  }

  async #hold(pause: PauseSwitch, signal: AbortSignal | undefined): Promise<void> {
    const before = performance.now();
    await pause.wait(signal);
    this.#began += performance.now() - before;
  }

  async #record(complete: boolean): Promise<EpochRecord<M>> {
    const { evaluate } = this.#options;
    const epoch = this.#epochNumber;
    const metrics = (await evaluate?.({ epoch, complete })) ?? ({} as M);
    const { seen } = this.#sums;
    return { epoch, ...meansOf(this.#sums), examples: seen, seconds: this.#seconds, complete, metrics };
  }

  async #save(): Promise<void> {
    const { checkpoint } = this.#options;
    if (checkpoint === undefined) return;
    const { store, settings = null, data = null } = checkpoint;
    await store.write(encodeCheckpoint({ settings, data, progress: this.#progress(), parts: statesOf(this.#parts) }));
  }

  #goOnFrom(from: Checkpoint<M>, { settings = null, data = null }: TrainingCheckpoint<M>): void {
    checkSameRun(from, { settings, data, steps: this.#steps });
    loadStates(this.#parts, from.parts, from.label);
    const { step, examples, seconds, history, running } = from.progress;
    this.#step = step;
    this.#examples = examples;
    this.#history.push(...history);
    this.#sums = running;
    this.#began = performance.now() - seconds * 1000;
    if (from.finished) this.#total = seconds;
  }

  get #epochNumber(): number {
    return this.#history.length + 1;
  }

  get #seconds(): number {
    return this.#total ?? (performance.now() - this.#began) / 1000;
  }

  #progress(): RunProgress<M> {
    return {
      step: this.#step,
      steps: this.#steps,
      examples: this.#examples,
      seconds: this.#seconds,
      history: this.#history,
      running: this.#sums,
    };
  }

  #event(result: StepResult): StepEvent {
    return {
      epoch: this.#epochNumber,
      epochs: this.#options.epochs,
      step: this.#step,
      steps: this.#steps,
      seen: this.#sums.seen,
      ...meansOf(this.#sums),
      batchLoss: result.loss,
      seconds: this.#seconds,
    };
  }
}
