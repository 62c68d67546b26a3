// The coursework's grade: points by the plain accuracy on the test set.

export interface Grade {
  readonly band: string;
  readonly points: number;
}

/** In falling order; the accuracy must be above the limit. */
const BANDS = [
  { limit: 0.9, points: 15 },
  { limit: 0.85, points: 10 },
  { limit: 0.8, points: 5 },
  { limit: 0.75, points: 3 },
] as const;

export function gradeOf(testAccuracy: number): Grade {
  const reached = BANDS.find(({ limit }) => testAccuracy > limit);
  if (reached === undefined) return { band: "75 % or less", points: 0 };
  return { band: `above ${Math.round(reached.limit * 100)} %`, points: reached.points };
}
