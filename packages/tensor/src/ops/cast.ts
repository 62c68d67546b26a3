// cast: the same numbers as another element type.

import { kernels } from "@lanewise/kernels";
import type { DType } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import { livingValue, Tensor } from "../tensor.ts";
import { Value } from "../value.ts";

/** The kernel of each conversion that exists; a bool is stored as a byte of 0 or 1. */
const CONVERSIONS = {
  "f32 to i32": "cast_f32_i32",
  "f32 to u8": "cast_f32_u8",
  "f32 to bool": "cast_f32_bool",
  "i32 to f32": "cast_i32_f32",
  "u8 to f32": "cast_u8_f32",
  "bool to f32": "cast_u8_f32",
} as const;

/**
 * Converts: f32 toward zero and to the nearest end of the range, NaN to 0 (to bool: 1 where not 0); integers and bool to
 * f32. No gradient flows through it, but to the same type it is x itself.
 */
export function cast<S extends Shape, const D extends DType>(x: Tensor<S, DType>, dtype: D): Tensor<S, D> {
  if (x.dtype === dtype) return x as unknown as Tensor<S, D>;
  const conversion = `${x.dtype} to ${dtype}`;
  const kernel = (CONVERSIONS as Readonly<Record<string, (typeof CONVERSIONS)[keyof typeof CONVERSIONS]>>)[conversion];
  if (kernel === undefined) {
    throw new ShapeError("cast", `${conversion} came, expected one of ${Object.keys(CONVERSIONS).join(", ")}`);
  }
  const value = livingValue(x, "cast");
  const y = Value.alloc(x.shape, dtype);
  kernels()[kernel](value.size, value.handle, y.handle);
  return new Tensor<S, D>(y, "cast");
}
