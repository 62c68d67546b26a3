// Brent's method: a zero of a function between two points where its signs differ, to the last digits of f64.
//
// R. P. Brent, Algorithms for Minimization without Derivatives, 1973, chapter 4.

/** The zero; throws where the function has one sign at both ends. */
export function rootBetween(f: (x: number) => number, low: number, high: number): number {
  // b is the best point so far, a the one before it, c the other end of the bracket.
  let [a, b, fa, fb] = [low, high, f(low), f(high)];
  if (!(fa * fb <= 0)) {
    throw new RangeError(`rootBetween: f(${low}) = ${fa} and f(${high}) = ${fb}, expected values of different signs`);
  }
  let [c, fc] = [a, fa];
  let step = b - a;
  let before = step;
  for (let turn = 0; turn < 200; turn++) {
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const tolerance = 2 * Number.EPSILON * Math.abs(b);
    const half = (c - b) / 2;
    if (Math.abs(half) <= tolerance || fb === 0) return b;
    const tried = Math.abs(before) >= tolerance && Math.abs(fa) > Math.abs(fb) ? interpolated() : Number.NaN;
    // A step that is too long, or no shorter than half of the one before the last, is replaced by bisection.
    const trusted =
      tried / half > 0 && Math.abs(tried) < Math.min(1.5 * Math.abs(half) - tolerance, Math.abs(before) / 2);
    [before, step] = trusted ? [step, tried] : [half, half];
    [a, fa] = [b, fb];
    b += Math.abs(step) > tolerance ? step : Math.sign(half) * tolerance;
    fb = f(b);
    if (Math.sign(fb) === Math.sign(fc)) {
      [c, fc] = [a, fa];
      before = b - a;
      step = before;
    }

    /** The secant through two points, or the inverse parabola through three. */
    function interpolated(): number {
      const s = fb / fa;
      if (a === c) return (2 * half * s) / (1 - s);
      const [q, r] = [fa / fc, fb / fc];
      const p = s * (2 * half * q * (q - r) - (b - a) * (r - 1));
      return -p / ((q - 1) * (r - 1) * (s - 1));
    }
  }
  return b;
}
