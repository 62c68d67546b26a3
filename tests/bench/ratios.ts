// Ratios and their bars: how many times as fast, how fast it has to be, and whether it is.

export interface Ratio {
  /** What was compared, as a reader names it: `256 x 256`, `batch 64, turbo`. */
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
  /** Our speed over theirs; undefined where a side is missing. */
  readonly ratio: number | undefined;
  /** Without a bar the ratio is told, not judged. */
  readonly bar?: number;
  /** How far below the bar still counts as met, where equal speed is asked for and the clock cannot say equal. */
  readonly noise?: number;
}

export type Verdict = "met" | "not met" | "not measured" | "";

export function verdictOf({ ratio, bar, noise = 0 }: Ratio): Verdict {
  if (ratio === undefined) return "not measured";
  if (bar === undefined) return "";
  return ratio >= bar - noise ? "met" : "not met";
}

export function shownBar({ bar, noise }: Ratio): string {
  if (bar === undefined) return "";
  return noise === undefined ? bar.toFixed(2) : `${bar.toFixed(2)} - ${noise.toFixed(2)}`;
}
