// Drawing by keys: a pen that steps over a grid, lowered and lifted with the space bar.

/** Fields of a side: coarse enough to cross in a few steps, fine enough for an 8. */
export const FIELDS = 14;

export interface Field {
  readonly column: number;
  readonly row: number;
}

export type PenOrder =
  | { readonly kind: "move"; readonly to: Field }
  | { readonly kind: "pen"; readonly down: boolean }
  | { readonly kind: "undo" }
  | { readonly kind: "clear" };

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-1, -1],
  PageUp: [1, -1],
  End: [-1, 1],
  PageDown: [1, 1],
};

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key means where the pen is; null if nothing. */
export function penOrder({ key, ctrlKey, metaKey, altKey }: Key, at: Field, down: boolean): PenOrder | null {
  if ((ctrlKey || metaKey) && key.toLowerCase() === "z") return { kind: "undo" };
  if (ctrlKey || metaKey || altKey) return null;
  if (key === " ") return { kind: "pen", down: !down };
  if (key === "Escape" && down) return { kind: "pen", down: false };
  if (key === "Backspace") return { kind: "undo" };
  if (key === "Delete") return { kind: "clear" };
  const step = steps[key];
  if (step === undefined) return null;
  const within = (place: number) => Math.min(Math.max(place, 0), FIELDS - 1);
  return { kind: "move", to: { column: within(at.column + step[0]), row: within(at.row + step[1]) } };
}

/** The middle of a field, in units of the board's side. */
export function middleOf({ column, row }: Field): { readonly x: number; readonly y: number } {
  return { x: (column + 0.5) / FIELDS, y: (row + 0.5) / FIELDS };
}

/** In words, as a screen reader says it. */
export function spoken({ column, row }: Field, down: boolean): string {
  return `row ${row + 1}, column ${column + 1}, pen ${down ? "down" : "up"}`;
}
