// What differs between two plain values, in words: why a checkpoint is not of this run.

/** One line a difference: "lr: 0.1 there, 0.2 here". */
export function differences(there: unknown, here: unknown, path = ""): string[] {
  if (Object.is(there, here)) return [];
  if (isObject(there) && isObject(here) && Array.isArray(there) === Array.isArray(here)) {
    const listed = Array.isArray(there) && !there.some(isObject);
    const keys = [...new Set([...Object.keys(there), ...Object.keys(here)])];
    const found = keys.flatMap((key) => differences(there[key], here[key], path === "" ? key : `${path}.${key}`));
    // A list of plain values reads better whole.
    return listed && found.length > 0 ? [line(path, there, here)] : found;
  }
  return [line(path, there, here)];
}

function line(path: string, there: unknown, here: unknown): string {
  return `${path === "" ? "" : `${path}: `}${shown(there)} there, ${shown(here)} here`;
}

function shown(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return JSON.stringify(value) ?? String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
