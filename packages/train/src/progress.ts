// How far a run is, in plain numbers: what events tell, what a history keeps, what a checkpoint needs to go on.

/** Figures by name: what an evaluation gives. */
export type Metrics = Readonly<Record<string, number>>;

/** What a step tells of its batch. */
export interface StepResult {
  /** Examples of the batch. */
  readonly examples: number;
  /** The mean loss of an example. */
  readonly loss: number;
  /** The number of wrong predictions, where it was counted. */
  readonly wrong?: number;
}

/** Where a step is in its run. */
export interface StepPlace {
  /** Steps that were made before it, over all epochs. */
  readonly step: number;
  /** Steps of the whole run. */
  readonly steps: number;
  /** From 1. */
  readonly epoch: number;
  /** Steps of this epoch that were made before it. */
  readonly batch: number;
}

/** After each step. */
export interface StepEvent {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps made, this one included, and those of the whole run. */
  readonly step: number;
  readonly steps: number;
  /** Examples seen in this epoch. */
  readonly seen: number;
  /** The mean loss over the epoch so far, and the fraction of wrong predictions (NaN where none are counted). */
  readonly loss: number;
  readonly error: number;
  /** The mean loss of this step's batch. */
  readonly batchLoss: number;
  /** Examples a second in the steps of this epoch. */
  readonly examplesPerSecond: number;
  /** Since the run began, over all its parts; pauses are left out. */
  readonly seconds: number;
}

/** One epoch of a history. */
export interface EpochRecord<M extends Metrics = Metrics> {
  /** From 1. */
  readonly epoch: number;
  /** The mean loss of an example, and the fraction of wrong predictions (NaN where none are counted), as the steps ran. */
  readonly loss: number;
  readonly error: number;
  readonly examples: number;
  /** Examples a second in the epoch's steps; evaluation is left out. */
  readonly examplesPerSecond: number;
  /** Since the run began, at the epoch's end. */
  readonly seconds: number;
  /** False for an epoch that was cut short: by a stop, or where a run has a fraction of an epoch. */
  readonly complete: boolean;
  /** What `evaluate` gave. */
  readonly metrics: M;
}

/** Sums over the steps of the epoch that runs. */
export interface EpochSums {
  readonly seen: number;
  readonly loss: number;
  /** Null where a step did not count. */
  readonly wrong: number | null;
  /** Time in steps. */
  readonly seconds: number;
}

/** All that the loop itself must remember. */
export interface RunProgress<M extends Metrics = Metrics> {
  readonly step: number;
  readonly steps: number;
  /** Examples trained on, each pass counted. */
  readonly examples: number;
  readonly seconds: number;
  /** Of the epochs that are over. */
  readonly history: readonly EpochRecord<M>[];
  readonly running: EpochSums;
}

export const NO_SUMS: EpochSums = { seen: 0, loss: 0, wrong: 0, seconds: 0 };

export function addStep(sums: EpochSums, { examples, loss, wrong }: StepResult, seconds: number): EpochSums {
  return {
    seen: sums.seen + examples,
    loss: sums.loss + loss * examples,
    wrong: sums.wrong === null || wrong === undefined ? null : sums.wrong + wrong,
    seconds: sums.seconds + seconds,
  };
}

/** The means of an epoch's sums. */
export function meansOf({ seen, loss, wrong, seconds }: EpochSums): {
  readonly loss: number;
  readonly error: number;
  readonly examplesPerSecond: number;
} {
  return { loss: loss / seen, error: wrong === null ? Number.NaN : wrong / seen, examplesPerSecond: seen / seconds };
}
