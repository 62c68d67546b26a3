// concat: several tensors one after the other along an axis.

import type { Kernels } from "@lanewise/kernels";
import { zeros } from "../create.ts";
import { apply, opRecord } from "../define-op.ts";
import { ShapeError } from "../errors.ts";
import { axisOf, formatShape, type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Value } from "../value.ts";

interface Join {
  readonly axis: number;
}

/** The part of `whole` along `axis` that begins at `from` and has the shape of `part`. */
function place(whole: Value, part: Value, axis: number, from: number): [Uint32Array, Int32Array, number, number] {
  const inner = sizeOf(whole.shape.slice(axis + 1));
  // Rows of one outer index lie together, in the part as in the whole.
  const shape = Uint32Array.of(sizeOf(part.shape.slice(0, axis)), part.shape[axis]! * inner);
  return [shape, Int32Array.of(whole.shape[axis]! * inner, 1), from * inner, whole.size];
}

/** Two at a time; more are joined in turn. */
const concatRecord = opRecord<"a" | "b", never, Join>({
  name: "concat",
  inputs: ["a", "b"],
  forward: (k, { a, b, y, options: { axis } }) => {
    write(k, a, y, axis, 0);
    write(k, b, y, axis, a.shape[axis]!);
  },
  backward: {
    a: { needs: [], gradient: (k, { dy, options: { axis } }, da) => read(k, dy, da, axis, 0) },
    b: {
      needs: [],
      gradient: (k, { dy, options: { axis } }, db) => read(k, dy, db, axis, dy.shape[axis]! - db.shape[axis]!),
    },
  },
});

function write(k: Kernels, part: Value, whole: Value, axis: number, from: number): void {
  k.strided_write(...place(whole, part, axis, from), part.handle, whole.handle);
}

function read(k: Kernels, whole: Value, part: Value, axis: number, from: number): void {
  k.strided_copy(...place(whole, part, axis, from), whole.handle, part.handle);
}

/** The tensors one after the other along `axis`; their other sizes must be equal. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first, ...rest] = tensors;
  if (first === undefined) throw new ShapeError("concat", "no tensors came, expected at least one");
  const index = axisOf("concat", first.shape, axis);
  if (rest.length === 0) {
    // Joined with nothing: a copy, as of several.
    const nothing = zeros(first.shape.map((size, at) => (at === index ? 0 : size))) as Tensor;
    const copy = apply(concatRecord, [first, nothing], first.shape, { axis: index }) as Tensor;
    nothing.release();
    return copy;
  }
  return rest.reduce((joined, next) => {
    const fits =
      next.shape.length === joined.shape.length &&
      next.shape.every((size, at) => at === index || size === joined.shape[at]);
    if (!fits) {
      throw new ShapeError(
        "concat",
        `shapes ${formatShape(joined.shape)} and ${formatShape(next.shape)} came, expected equal sizes but along axis ${index}`,
      );
    }
    const shape: Shape = joined.shape.map((size, at) => (at === index ? size + next.shape[at]! : size));
    const result = apply(concatRecord, [joined, next], shape, { axis: index }) as Tensor;
    if (joined !== first) joined.release();
    return result;
  }, first);
}
