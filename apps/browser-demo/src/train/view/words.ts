// Figures as people read them.
import type { StepEvent } from "lanewise/train";

export const percent = (share: number): string => {
  const value = share * 100;
  return Number.isFinite(value) ? `${value < 10 ? +value.toFixed(2) : +value.toFixed(1)} %` : "–";
};

export const loss = (value: number): string => (Number.isFinite(value) ? String(+value.toPrecision(3)) : "–");

export const whole = (value: number): string => (Number.isFinite(value) ? Math.round(value).toLocaleString("en") : "–");

/** "8 s", "1 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min ${rounded % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Seconds that the rest of a run takes at the speed of what was made of it here. */
export function timeLeft(first: Pick<StepEvent, "step" | "seconds">, now: StepEvent): number {
  const made = now.step - first.step;
  return made === 0 ? Number.NaN : ((now.seconds - first.seconds) / made) * (now.steps - now.step);
}

/** "12 of 2,000". */
export const share = (part: number, all: number): string => `${whole(part)} of ${whole(all)}`;

export const kibibytes = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.max(1, Math.round(bytes / 1024))} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
