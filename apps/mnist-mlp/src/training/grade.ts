// The coursework's grade: points by the error on the test set.

export interface Grade {
  readonly band: string;
  readonly points: number;
}

/** In rising order; the error must be below the limit. */
const BANDS = [
  { limit: 0.05, points: 10 },
  { limit: 0.1, points: 5 },
  { limit: 0.2, points: 3 },
] as const;

export function gradeOf(testError: number): Grade {
  const reached = BANDS.find(({ limit }) => testError < limit);
  if (reached === undefined) return { band: "20 % or more", points: 0 };
  return { band: `below ${Math.round(reached.limit * 100)} %`, points: reached.points };
}
