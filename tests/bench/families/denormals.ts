// Denormals: one gradient, then 2,000 of zeros; the last 100 steps must be as fast as the first 100.
import type { Measurements, Subject } from "../measurements.ts";
import type { Ratio } from "../ratios.ts";
import { lanewise } from "../roster.ts";
import type { Family } from "./family.ts";

const optimizers = ["SGD", "Adam"];
/** Few, so that 100 steps fit between two interruptions. */
const elements = 16_384;
const part = (optimizer: string, part: "first" | "last"): Subject => ({ measure: "decay", optimizer, part, elements });
const side = lanewise(1);

export const denormals: Family = {
  name: "denormals",
  title: `Optimizer steps on ${elements.toLocaleString("en")} elements while the moments decay`,
  unit: "µs a step",
  seconds: 0.1,
  rounds: 12,
  wishes: () =>
    optimizers.flatMap((optimizer) =>
      (["first", "last"] as const).map((which) => ({ side, subject: part(optimizer, which) })),
    ),
  column: ({ optimizer, part }) => `${optimizer}, ${part} 100`,
  figure: (_, seconds) => seconds * 1e6,
  // Decayed 1,900 times by 0.9 the moment is 1e-3 * 1e-87: in f32 nothing but 0.
  fault: ({ part }, value) =>
    part === "last" && value !== 0 ? `the moment is ${value} after 1,900 steps, expected exactly 0` : undefined,
  known: () => undefined,
  ratios: (measurements) => optimizers.map((optimizer) => lastAgainstFirst(measurements, optimizer)),
};

function lastAgainstFirst(measurements: Measurements, optimizer: string): Ratio {
  const first = measurements.seconds(side, part(optimizer, "first"));
  const last = measurements.seconds(side, part(optimizer, "last"));
  return {
    what: optimizer,
    ours: "last 100 steps",
    theirs: "first 100 steps",
    ratio: first === undefined || last === undefined ? undefined : first / last,
    bar: 1,
    noise: 0.1,
  };
}
