// Numbers as people read them at a terminal: durations, rates, percentages, losses.
import stringWidth from "string-width";

/** A stretch of time: `8.4 s`, `1 m 05 s`, `2 h 07 m`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "?";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} m ${String(whole % 60).padStart(2, "0")} s`;
  const allMinutes = Math.round(seconds / 60);
  return `${Math.floor(allMinutes / 60)} h ${String(allMinutes % 60).padStart(2, "0")} m`;
}

/** A fraction in percent: `1.62 %`. */
export function percent(fraction: number, digits = 2): string {
  return Number.isFinite(fraction) ? `${(fraction * 100).toFixed(digits)} %` : String(fraction);
}

/** Things per second, with thousands apart: `48,210 images/s`. */
export function rate(perSecond: number, things: string): string {
  if (!Number.isFinite(perSecond)) return `? ${things}/s`;
  return `${perSecond < 10 ? perSecond.toFixed(1) : thousands(Math.round(perSecond))} ${things}/s`;
}

/** A loss: four decimals, or powers of ten where these would say nothing. */
export function fixed(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 10 ** -digits || size >= 1e6)) return value.toExponential(2);
  return value.toFixed(digits);
}

/** An integer with its thousands apart, the same in every locale. */
export function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Cuts a text to at most `width` columns, with an ellipsis where something fell off. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : "";
}

/** Breaks lines that are too long between words; what follows stands as far in as its line. Other lines stay as they are. */
export function wrapped(text: string, { width = process.stdout.columns ?? 100 }: { width?: number } = {}): string {
  return text
    .split("\n")
    .flatMap((line) => (stringWidth(line) <= width ? [line] : broken(line, width)))
    .join("\n");
}

function broken(text: string, width: number): string[] {
  const indent = /^ */.exec(text)![0];
  const [first = "", ...words] = text.trim().split(/ +/);
  const lines = [indent + first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(indent + word);
  }
  return lines;
}
