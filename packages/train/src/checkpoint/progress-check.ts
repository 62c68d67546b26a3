// Checks what a file says of a run's progress before the loop relies on it.
import type { EpochRecord, Metrics, RunProgress } from "../progress.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The progress, or an error that names the field. */
export function checkProgress<M extends Metrics>(came: unknown): RunProgress<M> {
  const progress = fields("progress", came);
  for (const name of ["step", "steps", "examples"]) count(name, progress[name]);
  time("seconds", progress.seconds);
  const running = fields("running", progress.running);
  count("running.seen", running.seen);
  isNumber("running.loss", running.loss);
  time("running.seconds", running.seconds);
  if (running.wrong !== null) count("running.wrong", running.wrong);
  if (!Array.isArray(progress.history)) throw new Error("its history is no list");
  for (const [index, record] of progress.history.entries()) checkRecord(index, record);
  return progress as unknown as RunProgress<M>;
}

function checkRecord(index: number, came: unknown): void {
  const record = fields(`history.${index}`, came) as Fields & Partial<EpochRecord>;
  if (record.epoch !== index + 1) throw new Error(`its history has epoch ${record.epoch} in place ${index + 1}`);
  for (const name of ["loss", "error", "examplesPerSecond", "seconds"])
    isNumber(`history.${index}.${name}`, record[name]);
  count(`history.${index}.examples`, record.examples);
  for (const [name, value] of Object.entries(fields(`history.${index}.metrics`, record.metrics))) isNumber(name, value);
}

function fields(name: string, value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${name} is no object`);
  return value as Fields;
}

function count(name: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new Error(`${name} is ${value}, expected a whole number`);
}

function time(name: string, value: unknown): void {
  if (!(Number.isFinite(value) && (value as number) >= 0)) throw new Error(`${name} is ${value}, expected seconds`);
}

function isNumber(name: string, value: unknown): void {
  if (typeof value !== "number") throw new Error(`${name} is ${value}, expected a number`);
}
