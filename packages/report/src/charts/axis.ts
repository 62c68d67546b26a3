// An axis of a chart: its label with the unit, its scale, its range and the ticks of a logarithmic one.
import { ownFormat, type Spec } from "./render.ts";

export interface Axis {
  /** What is drawn along it: `loss`, `epoch`. */
  label: string;
  unit?: string;
  scale?: "linear" | "log";
  /** Both ends; without it the data's, widened to round numbers. */
  range?: readonly [number, number];
  /** Begin at zero; only for linear scales. */
  zero?: boolean;
}

export function axisTitle(axis: Axis): string {
  return axis.unit === undefined ? axis.label : `${axis.label} (${axis.unit})`;
}

/** 1, 2, 5 of each power of ten in the range; of many powers only the ones, and of very many each second or third. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const decades = last - first;
  const steps = decades <= 3 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / 8));
  const ticks: number[] = [];
  for (let power = Math.ceil(first / stride) * stride; power <= last; power += stride) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

/** The ends of a logarithmic axis: the data's, widened to the next 1, 2 or 5 of a power of ten. */
export function logRange(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return [0.1, 10];
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  const around: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power += 1) {
    for (const step of [1, 2, 5]) around.push(Number(`${step}e${power}`));
  }
  const below = around.filter((tick) => tick <= low);
  const above = around.filter((tick) => tick >= high);
  const range: [number, number] = [below.at(-1) ?? low, above[0] ?? high];
  return range[0] === range[1] ? [range[0] / 2, range[1] * 2] : range;
}

/** Vega-Lite's encoding channel of an axis over the given data. */
export function axisChannel(axis: Axis, field: string, values: readonly number[], grid: boolean): Spec {
  const log = axis.scale === "log";
  const range = axis.range ?? (log ? logRange(values) : undefined);
  if (range !== undefined && !(range[0] < range[1] && (!log || range[0] > 0))) {
    const rule = log ? "two rising positive ends" : "two rising ends";
    throw new RangeError(`chart: the range of axis "${axis.label}" is [${range}], expected ${rule}`);
  }
  const whole = values.every((value) => Number.isInteger(value) || !Number.isFinite(value));
  return {
    field,
    type: "quantitative",
    scale: {
      type: log ? "log" : "linear",
      zero: !log && axis.zero === true,
      nice: range === undefined,
      ...(range === undefined ? {} : { domain: [...range] }),
    },
    axis: {
      ...ownFormat,
      title: axisTitle(axis),
      grid,
      labelOverlap: "greedy",
      ...(log && range !== undefined ? { values: logTicks(range[0], range[1]) } : { tickCount: 6 }),
      ...(whole && !log ? { tickMinStep: 1 } : {}),
    },
  };
}
