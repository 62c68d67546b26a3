// What a family of measurements says of itself; the rest of the bench knows no family by name.
import type { Measurements, Subject, Wish } from "../measurements.ts";
import type { Ratio } from "../ratios.ts";

export interface Scope {
  /** Logical processors of this machine. */
  readonly cores: number;
}

/** What `--profile` looks into: tasks of Lanewise's side that tell their kernels' times. */
export interface Profiled {
  readonly what: string;
  readonly subjects: readonly Subject[];
  /** On whom; where not given, on Lanewise in Node on one thread, two, and with turbo. */
  readonly sides?: readonly string[];
  /** In one repetition of the task. */
  readonly steps: number;
  /** The fastest of so many repetitions is shown. */
  readonly turns: number;
}

export interface Family {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Seconds that a side may repeat one thing in a round, and rounds. */
  readonly seconds: number;
  readonly rounds: number;
  wishes(scope: Scope): Wish[];
  /** The heading of a subject's column. */
  column(subject: Subject): string;
  /** Seconds of one call in the family's unit. */
  figure(subject: Subject, seconds: number): number;
  /** What is wrong with the number that a side calculated, if something is. */
  fault(subject: Subject, value: number): string | undefined;
  /** What a side gave where design figures were taken (2 cores of an AMD Zen 3), in the family's unit. */
  known(side: string, subject: Subject): number | undefined;
  ratios(measurements: Measurements, scope: Scope): Ratio[];
  readonly profiled?: Profiled;
}
