// Interleaving: every round asks each side for each thing once, so that a slow moment of the machine hits all alike.
import { setTimeout as pause } from "node:timers/promises";
import { Measurements, type Wish } from "./measurements.ts";
import type { Side } from "./side.ts";

export interface Plan {
  readonly wishes: readonly Wish[];
  readonly rounds: number;
  /** How long a side may repeat one thing in one round. */
  readonly seconds: number;
  readonly onRound?: (round: number) => void;
}

export interface Outcome {
  readonly measurements: Measurements;
  /** What could not be measured, with the reason; a side that failed once is not asked for the same thing again. */
  readonly failures: readonly { readonly wish: Wish; readonly reason: string }[];
}

/** Threads that spin after their last work have to be asleep before the next side begins. */
const settleMs = 15;

export async function interleave(sides: ReadonlyMap<string, Pick<Side, "ask">>, plan: Plan): Promise<Outcome> {
  const measurements = new Measurements();
  const failed = new Map<Wish, string>();
  for (let round = 0; round < plan.rounds; round++) {
    plan.onRound?.(round);
    // There and back: no side always follows the same one.
    const order = round % 2 === 0 ? plan.wishes : plan.wishes.toReversed();
    for (const wish of order) {
      const side = sides.get(wish.side);
      if (side === undefined || failed.has(wish)) continue;
      await pause(settleMs);
      try {
        const { seconds, value, details } = await side.ask({ ...wish.subject, seconds: plan.seconds });
        measurements.add({ ...wish, seconds, value, details });
      } catch (error) {
        failed.set(wish, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { measurements, failures: [...failed].map(([wish, reason]) => ({ wish, reason })) };
}
