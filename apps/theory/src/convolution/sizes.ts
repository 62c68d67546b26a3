// The size equation of a convolution along one axis, solved for the padding and for the stride.

/** What keeps the size at stride 1: n + padding − k + 1 = n, so padding = k − 1 in all. */
export interface SamePadding {
  readonly before: number;
  readonly after: number;
  /** Whether both sides get the same: for odd k alone. */
  readonly even: boolean;
}

export function samePadding(k: number): SamePadding {
  const before = Math.floor((k - 1) / 2);
  return { before, after: k - 1 - before, even: k % 2 === 1 };
}

/** The strides that keep a size: all integers from `from` to `to`; without end where `to` is null. */
export interface Strides {
  readonly n: number;
  readonly k: number;
  readonly padding: number;
  /** n + 2p − k: how far the filter can move. */
  readonly room: number;
  readonly from: number;
  readonly to: number | null;
}

/**
 * ⌊m / s⌋ + 1 = n with m = n + 2p − k. For n ≥ 2 and m ≥ 0 that is n − 1 ≤ m / s < n, so m / n < s ≤ m / (n − 1): the integers
 * there are all solutions. For n = 1 it is m < s, without end. For m < 0 the filter does not fit, and there is none.
 */
export function stridesThatKeep(n: number, k: number, padding: number): Strides {
  const room = n + 2 * padding - k;
  const base = { n, k, padding, room };
  if (room < 0) return { ...base, from: 1, to: 0 };
  const from = Math.floor(room / n) + 1;
  return { ...base, from, to: n === 1 ? null : Math.floor(room / (n - 1)) };
}

export function hasSolutions({ from, to }: Pick<Strides, "from" | "to">): boolean {
  return to === null || from <= to;
}

/** The strides that keep both sizes at once. */
export function common(a: Strides, b: Strides): Pick<Strides, "from" | "to"> {
  const ends = [a.to, b.to].filter((end) => end !== null);
  return { from: Math.max(a.from, b.from), to: ends.length === 0 ? null : Math.min(...ends) };
}

/** The solutions as a reader lists them: `1`, `2, 3`, `all from 4`, `none`. */
export function listed(strides: Pick<Strides, "from" | "to">): string {
  if (!hasSolutions(strides)) return "none";
  const { from, to } = strides;
  if (to === null) return `all from ${from} on`;
  return Array.from({ length: to - from + 1 }, (_, at) => from + at).join(", ");
}
