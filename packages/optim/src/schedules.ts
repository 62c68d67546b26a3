// Schedules: a learning rate, or any other setting, as a plain function of how much of a run is done. They hold no state,
// so a run that is resumed needs nothing but its step.

/** From the share of the run that is done, 0 to 1, to a number: a rate, or a factor of one. */
export type Schedule = (done: number) => number;

/** The same all along. */
export function constant(value = 1): Schedule {
  checkFinite("constant", { value });
  return () => value;
}

/** Straight from `from` to `to`. */
export function linear(from = 1, to = 0): Schedule {
  checkFinite("linear", { from, to });
  return (done) => from + (to - from) * clamped(done);
}

/** Half a cosine from `from` to `to` (I. Loshchilov and F. Hutter, arXiv 1608.03983). */
export function cosine(from = 1, to = 0): Schedule {
  checkFinite("cosine", { from, to });
  return (done) => to + ((from - to) * (1 + cosPi(clamped(done)))) / 2;
}

/** `start`, and from each point [done, value] on that point's value: `steps(1, [[0.5, 0.1], [0.75, 0.01]])`. */
export function steps(start: number, points: readonly (readonly [done: number, value: number])[]): Schedule {
  checkFinite("steps", { start });
  checkPoints("steps", points);
  return (done) => points.findLast(([from]) => done >= from)?.[1] ?? start;
}

/** Straight from point to point, [done, value]; before the first and after the last, their values. */
export function piecewiseLinear(points: readonly (readonly [done: number, value: number])[]): Schedule {
  checkPoints("piecewiseLinear", points);
  if (points.length === 0) throw new RangeError("piecewiseLinear: no points came, expected one or more");
  return (done) => {
    const next = points.findIndex(([at]) => at > done);
    if (next < 0) return points.at(-1)![1];
    const [to, end] = points[next]!;
    const [from, start] = points[next - 1] ?? [to, end];
    return next === 0 ? end : start + ((end - start) * (done - from)) / (to - from);
  };
}

export interface OneCycleOptions {
  /** The share of the run in which it rises; 0.3 where not given. */
  readonly peakAt?: number;
  /** What it begins with; 1/25 where not given. */
  readonly start?: number;
  /** What it ends with; 4e-6 where not given. */
  readonly end?: number;
}

/** Half a cosine up to 1, half a cosine down (L. Smith and N. Topin, arXiv 1708.07120; the defaults are PyTorch's). */
export function oneCycle({ peakAt = 0.3, start = 1 / 25, end = 4e-6 }: OneCycleOptions = {}): Schedule {
  checkFinite("oneCycle", { start, end });
  if (!(peakAt >= 0 && peakAt <= 1))
    throw new RangeError(`oneCycle: peakAt ${peakAt} came, expected a share from 0 to 1`);
  const up = cosine(start, 1);
  const down = cosine(1, end);
  return (done) => (done < peakAt ? up(done / peakAt) : down(peakAt === 1 ? 0 : (done - peakAt) / (1 - peakAt)));
}

/** `schedule`, times a factor that rises straight from `start` to 1 in the first `share` of the run. */
export function warmUp(share: number, schedule: Schedule, start = 0): Schedule {
  checkFinite("warmUp", { start });
  if (!(share >= 0 && share <= 1)) throw new RangeError(`warmUp: share ${share} came, expected a share from 0 to 1`);
  return (done) => schedule(done) * (done < share ? start + (1 - start) * (done / share) : 1);
}

const clamped = (done: number): number => Math.min(1, Math.max(0, done));

/** cos(π x) for x in 0..1, by plain arithmetic: engines' Math.cos may differ in the last bit, and a run's bits with it. */
function cosPi(x: number): number {
  if (x > 0.5) return -cosPi(1 - x);
  // cos below π/4, the sine of the rest of the right angle above.
  const angle = Math.PI * (x <= 0.25 ? x : 0.5 - x);
  const square = angle * angle;
  let term = x <= 0.25 ? 1 : angle;
  let sum = 0;
  for (let n = x <= 0.25 ? 1 : 2; n < 22; n += 2) {
    sum += term;
    term *= -square / (n * (n + 1));
  }
  return sum;
}

function checkFinite(schedule: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isFinite(value)) throw new RangeError(`${schedule}: ${name} ${value} came, expected a finite number`);
  }
}

function checkPoints(schedule: string, points: readonly (readonly [number, number])[]): void {
  for (const [index, [done, value]] of points.entries()) {
    const least = points[index - 1]?.[0] ?? 0;
    if (!(done >= least && done <= 1 && Number.isFinite(value)))
      throw new RangeError(
        `${schedule}: point ${index} is [${done}, ${value}], expected a share from ${least} to 1, in rising order, and a finite number`,
      );
  }
}
