// Tensors from numbers: nested arrays, typed arrays, and the constant ones.

import { kernels } from "@lanewise/kernels";
import type { ArrayOf, DType } from "./dtype.ts";
import { ShapeError } from "./errors.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import { Value } from "./value.ts";

export type Nested = number | boolean | readonly Nested[];
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

type Scalar = number | boolean;
type Rows<T> = readonly (readonly T[])[];

/** The shape of nested arrays as far as their type tells: one `number` a level, up to four levels. */
type NaturalShape<N> = N extends TypedArray
  ? [number]
  : N extends Scalar
    ? []
    : N extends readonly Scalar[]
      ? [number]
      : N extends Rows<Scalar>
        ? [number, number]
        : N extends Rows<readonly Scalar[]>
          ? [number, number, number]
          : N extends Rows<Rows<Scalar>>
            ? [number, number, number, number]
            : Shape;

type NaturalDType<N> = N extends Int32Array
  ? "i32"
  : N extends Uint8Array
    ? "u8"
    : N extends boolean | readonly boolean[] | Rows<boolean>
      ? "bool"
      : "f32";

interface TensorOptions<S extends Shape, D extends DType> {
  readonly shape?: S;
  readonly dtype?: D;
  readonly requiresGrad?: boolean;
}

/**
 * A tensor of the given numbers, copied.
 *
 * The shape is that of the nested arrays, or [length] of a typed array, or `shape`, whose size must be the number of
 * elements. The element type is that of the data (plain numbers and Float64Array: f32; booleans: bool), or `dtype`. A value
 * that the type cannot hold (1.5 or 3e9 as i32) is an error.
 */
export function tensor<N extends Nested | TypedArray, const S extends Shape, const D extends DType = NaturalDType<N>>(
  data: N,
  options: TensorOptions<S, D> & { readonly shape: S },
): Tensor<S, D>;
export function tensor<N extends Nested | TypedArray, const D extends DType = NaturalDType<N>>(
  data: N,
  options?: TensorOptions<never, D>,
): Tensor<NaturalShape<N>, D>;
export function tensor(data: Nested | TypedArray, options: TensorOptions<Shape, DType> = {}): Tensor<Shape, DType> {
  const flat = isTyped(data) ? data : flatten(data);
  const natural = isTyped(data) ? [data.length] : nestedShape(data);
  const shape = options.shape ?? natural;
  checkShape("tensor", shape);
  if (sizeOf(shape) !== flat.length) {
    throw new ShapeError(
      "tensor",
      `${flat.length} elements came, expected ${sizeOf(shape)} for shape ${formatShape(shape)}`,
    );
  }
  const dtype = options.dtype ?? naturalDType(flat);
  const elements = fitsAsItIs(flat, dtype) ? flat : convert(flat, dtype);
  const value = Value.alloc(shape, dtype);
  value.write(elements);
  const made = new Tensor<Shape, DType>(value, "tensor()");
  if (options.requiresGrad === true) made.requiresGrad = true;
  return made;
}

function isTyped(data: Nested | TypedArray): data is TypedArray {
  return ArrayBuffer.isView(data);
}

const isRow = (data: Nested): data is readonly Nested[] => Array.isArray(data) || ArrayBuffer.isView(data);

function nestedShape(data: Nested): Shape {
  const shape: number[] = [];
  for (let level: Nested = data; isRow(level); level = level[0]!) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}

function flatten(data: Nested): readonly (number | boolean)[] {
  const shape = nestedShape(data);
  const flat: (number | boolean)[] = [];
  const visit = (item: Nested, depth: number, path: string): void => {
    if (!isRow(item)) {
      if (typeof item !== "number" && typeof item !== "boolean") {
        throw new ShapeError("tensor", `${path} is ${item as unknown}, expected a number or a boolean`);
      }
      if (depth !== shape.length) throw ragged(path, "a number", `an array of ${shape[depth]}`);
      flat.push(item);
    } else if (item.length !== shape[depth]) {
      throw ragged(
        path,
        `an array of ${item.length}`,
        depth < shape.length ? `an array of ${shape[depth]}` : "a number",
      );
    } else for (const [index, part] of item.entries()) visit(part, depth + 1, `${path}[${index}]`);
  };
  visit(data, 0, "data");
  return flat;
}

function ragged(path: string, came: string, expected: string): ShapeError {
  return new ShapeError(
    "tensor",
    `${path} is ${came}, expected ${expected} as in the first row: rows must be of one length`,
  );
}

function naturalDType(flat: ArrayLike<number | boolean>): DType {
  if (flat instanceof Int32Array) return "i32";
  if (flat instanceof Uint8Array) return "u8";
  return flat.length > 0 && typeof flat[0] === "boolean" ? "bool" : "f32";
}

const holds: { readonly [D in DType]: (value: number) => boolean } = {
  f32: () => true,
  i32: (value) => value === (value | 0),
  u8: (value) => value === (value & 255),
  bool: (value) => value === 0 || value === 1,
};

function convert(flat: ArrayLike<number | boolean>, dtype: DType): ArrayOf[DType] {
  if (dtype === "f32" && flat instanceof Float64Array) return Float32Array.from(flat);
  const array = newArray(dtype, flat.length);
  const fits = holds[dtype];
  for (let index = 0; index < flat.length; index++) {
    const element = Number(flat[index]);
    if (!fits(element)) {
      throw new ShapeError(
        "tensor",
        `element ${index} is ${element}, which ${dtype} cannot hold; use cast() to convert`,
      );
    }
    array[index] = element;
  }
  return array;
}

/** Whether the data are of the element type already; the copy into the buffer is the only one then. */
function fitsAsItIs(flat: ArrayLike<number | boolean>, dtype: DType): flat is ArrayOf[DType] {
  return (
    (dtype === "f32" && flat instanceof Float32Array) ||
    (dtype === "i32" && flat instanceof Int32Array) ||
    (dtype === "u8" && flat instanceof Uint8Array)
  );
}

function newArray(dtype: DType, length: number): ArrayOf[DType] {
  if (dtype === "f32") return new Float32Array(length);
  return dtype === "i32" ? new Int32Array(length) : new Uint8Array(length);
}

/** A tensor of f32, all of one value. Throws a RangeError where the shape is none, or of 2^30 elements or more. */
export function full<const S extends Shape>(shape: S, value: number): Tensor<S> {
  checkShape("full", shape);
  const made = Value.alloc(shape);
  kernels().fill(made.size, value, made.handle);
  return new Tensor(made, "full()");
}

/** A tensor of f32 zeros. Throws a RangeError where the shape is none, or of 2^30 elements or more. */
export function zeros<const S extends Shape>(shape: S): Tensor<S> {
  return full(shape, 0);
}

/** A tensor of f32 ones. Throws as `zeros` does. */
export function ones<const S extends Shape>(shape: S): Tensor<S> {
  return full(shape, 1);
}
