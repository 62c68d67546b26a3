// Shapes: what they are, how many elements they hold, how they are written.

/** Sizes from the outermost axis in. Literal where known when compiling, `number` where not. */
export type Shape = readonly number[];

/** The number of elements of a shape; 1 for a scalar's []. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** A shape's axis counted from either end, as a plain index; throws where there is none. */
export function axisOf(op: string, shape: Shape, axis: number): number {
  const index = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && index >= 0 && index < shape.length) return index;
  throw new RangeError(
    `${op}: axis ${axis} does not exist in shape ${formatShape(shape)}; expected ${-shape.length} to ${shape.length - 1}`,
  );
}

/** A buffer's bytes are counted in 32 bits. */
export const MOST_ELEMENTS = 2 ** 30;

/** Checks sizes that came from a caller: non-negative integers whose product a buffer can hold. */
export function checkShape(op: string, shape: Shape): void {
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`${op}: shape ${formatShape(shape)} came, expected non-negative integers`);
    }
  }
  if (sizeOf(shape) >= MOST_ELEMENTS) {
    throw new RangeError(`${op}: shape ${formatShape(shape)} has ${sizeOf(shape)} elements, expected fewer than 2^30`);
  }
}
