// What was measured: seconds of one call by side and settings, and what every table is made of.
import type { Request } from "./sides/tasks.ts";

/** A request without the time it may take. */
export type Subject = Omit<Request, "seconds"> & { readonly measure: string };

/** One thing to measure on one side. */
export interface Wish {
  readonly side: string;
  readonly subject: Subject;
}

export interface Measurement extends Wish {
  /** Of one call, the least of all rounds. */
  readonly seconds: number;
  /** The number all sides must agree on. */
  readonly value: number;
  readonly details: unknown;
}

export class Measurements {
  readonly #all = new Map<string, Measurement>();

  /** Keeps the faster of two measurements of the same wish. */
  add(measurement: Measurement): void {
    const key = keyOf(measurement);
    const before = this.#all.get(key);
    if (before === undefined || measurement.seconds < before.seconds) this.#all.set(key, measurement);
  }

  seconds(side: string, subject: Subject): number | undefined {
    return this.#all.get(keyOf({ side, subject }))?.seconds;
  }

  /** How many times as fast `side` is as `other`; undefined where one of them was not measured. */
  ratio(side: string, other: string, subject: Subject): number | undefined {
    const ours = this.seconds(side, subject);
    const theirs = this.seconds(other, subject);
    return ours === undefined || theirs === undefined ? undefined : theirs / ours;
  }

  /** The fastest of some sides; undefined where none was measured. */
  fastest(sides: readonly string[], subject: Subject): string | undefined {
    const measured = sides.filter((side) => this.seconds(side, subject) !== undefined);
    return measured.sort((a, b) => this.seconds(a, subject)! - this.seconds(b, subject)!)[0];
  }

  list(): readonly Measurement[] {
    return [...this.#all.values()];
  }
}

const keyOf = ({ side, subject }: Wish): string =>
  [
    side,
    ...Object.keys(subject)
      .sort()
      .map((name) => `${name}=${subject[name as "measure"]}`),
  ].join(" ");
