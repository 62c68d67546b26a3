// Comparisons, which give masks, and the choice between two values by a mask; all broadcast.

import { type Kernels, kernels } from "@lanewise/kernels";
import { planSides, Spread, withBroadcast } from "../../broadcast.ts";
import { apply, opRecord } from "../../define-op.ts";
import type { DType } from "../../dtype.ts";
import { ShapeError, ShapeProblem } from "../../errors.ts";
import { checkShape, type Shape } from "../../shape.ts";
import { type Broadcast, type Broadcastable, broadcast } from "../../shape-rules.ts";
import { livingValue, Tensor } from "../../tensor.ts";
import { Value } from "../../value.ts";
import { sideGradient } from "./binary.ts";

type Compared = "f32" | "i32";
type Comparison = <A extends Shape, B extends Shape, D extends Compared>(
  a: Tensor<A, D>,
  b: Tensor<B & Broadcastable<A, B>, NoInfer<D>>,
) => Tensor<Broadcast<A, B>, "bool">;

/** The shape that all sides are broadcast to; what does not fit is an error of `op`. */
function broadcastAll(op: string, shapes: readonly Shape[]): Shape {
  try {
    return shapes.reduce((joined, shape) => broadcast(joined, shape));
  } catch (error) {
    throw error instanceof ShapeProblem ? new ShapeError(op, error.message) : error;
  }
}

/** Runs `use` with rows, columns and each side's spread and handle; sides that are not simple are copied out first. */
function withSpreads(
  k: Kernels,
  sides: readonly Value[],
  shape: Shape,
  use: (rows: number, cols: number, spreads: readonly number[], handles: readonly number[]) => void,
): void {
  const simple = planSides(
    sides.map((side) => side.shape),
    shape,
  );
  if (simple !== null) {
    use(
      simple.rows,
      simple.cols,
      simple.spreads,
      sides.map(({ handle }) => handle),
    );
    return;
  }
  const copied = (rest: readonly Value[], handles: readonly number[]): void => {
    const [next, ...others] = rest;
    if (next === undefined) {
      const size = shape.reduce((product, length) => product * length, 1);
      use(
        1,
        size,
        handles.map(() => Spread.whole),
        handles,
      );
    } else withBroadcast(k, next, shape, (whole) => copied(others, [...handles, whole.handle]));
  };
  copied(sides, []);
}

function comparison(name: "eq" | "ne" | "lt" | "le" | "gt" | "ge"): Comparison {
  const compare = (a: Tensor<Shape, DType>, b: Tensor<Shape, DType>): Tensor<Shape, "bool"> => {
    const sides = [livingValue(a, name), livingValue(b, name)];
    const { dtype } = a;
    if ((dtype !== "f32" && dtype !== "i32") || b.dtype !== dtype) {
      throw new ShapeError(
        name,
        `${a.dtype} and ${b.dtype} came, expected two of f32 or two of i32; convert with cast()`,
      );
    }
    const shape = broadcastAll(name, [a.shape, b.shape]);
    checkShape(name, shape);
    const y = Value.alloc(shape, "bool");
    const k = kernels();
    const kernel = k[dtype === "f32" ? (`compare_${name}` as const) : (`compare_${name}_i32` as const)];
    withSpreads(k, sides, y.shape, (rows, cols, [aSpread, bSpread], [left, right]) =>
      kernel(rows, cols, aSpread!, bSpread!, left!, right!, y.handle),
    );
    return new Tensor(y, name);
  };
  return compare as Comparison;
}

/** Where a = b; broadcast, of f32 or i32. False where either is NaN. */
export const eq = comparison("eq");
/** Where a ≠ b; true where either is NaN. */
export const ne = comparison("ne");
/** Where a < b; false where either is NaN. */
export const lt = comparison("lt");
/** Where a ≤ b; false where either is NaN. */
export const le = comparison("le");
/** Where a > b; false where either is NaN. */
export const gt = comparison("gt");
/** Where a ≥ b; false where either is NaN. */
export const ge = comparison("ge");

/** The gradient of the side that is taken where the mask is `taken`: dy there, 0 elsewhere, whatever the values are. */
const sideWhere = (taken: boolean) => ({
  needs: ["mask"] as const,
  gradient: (k: Kernels, { mask, dy }: { readonly mask: Value; readonly dy: Value }, dx: Value): void =>
    sideGradient(k, dy, dx, (whole) =>
      withBroadcast(k, mask, dy.shape, (wholeMask) =>
        k.where_backward(dy.size, taken, wholeMask.handle, dy.handle, whole.handle),
      ),
    ),
});

const whereRecord = opRecord<"mask" | "a" | "b">({
  name: "where",
  inputs: ["mask", "a", "b"],
  dtypes: ["bool", "f32", "f32"],
  forward: (k, { mask, a, b, y }) =>
    withSpreads(k, [mask, a, b], y.shape, (rows, cols, spreads, handles) => {
      const [maskSpread, aSpread, bSpread] = spreads;
      const [chooser, left, right] = handles;
      k.where_forward(rows, cols, maskSpread!, aSpread!, bSpread!, chooser!, left!, right!, y.handle);
    }),
  backward: { a: sideWhere(true), b: sideWhere(false) },
});

/** a where the mask holds, else b; all broadcast. What is not chosen has gradient 0, even where it is NaN or infinite. */
export function where<M extends Shape, A extends Shape, B extends Shape>(
  mask: Tensor<M, "bool">,
  a: Tensor<A>,
  b: Tensor<B & Broadcastable<A, B>>,
): Tensor<Broadcast<M, Broadcast<A, B>>> {
  const shape = broadcastAll("where", [mask.shape, a.shape, b.shape]);
  const inputs = [mask, a, b] as unknown as readonly Tensor<Shape, DType>[];
  return apply(whereRecord, inputs, shape, undefined) as never;
}
