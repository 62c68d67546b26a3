// A shaped view of a buffer: what kernels and the tape work with, where tensors are what users hold.

import { readBuffer, writeBuffer } from "@lanewise/kernels";
import { type ArrayOf, bytesOf, type DType } from "./dtype.ts";
import { checkShape, MOST_ELEMENTS, type Shape, sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";

export class Value {
  readonly storage: Storage;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;

  constructor(storage: Storage, shape: Shape, dtype: DType) {
    this.storage = storage;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
  }

  /** A new buffer, its contents unspecified; the caller is its owner. */
  static alloc(shape: Shape, dtype: DType = "f32"): Value {
    if (sizeOf(shape) >= MOST_ELEMENTS) checkShape("a result", shape);
    return new Value(new Storage(sizeOf(shape) * bytesOf[dtype]), shape, dtype);
  }

  get handle(): number {
    return this.storage.handle;
  }

  /** The same buffer, of which the caller becomes an owner more, under another shape of the same size. */
  share(shape: Shape = this.shape): Value {
    return new Value(this.storage.share(), shape, this.dtype);
  }

  release(): void {
    this.storage.release();
  }

  read(): ArrayOf[DType] {
    return readBuffer(this.handle, this.dtype, this.size);
  }

  write(data: Float32Array | Int32Array | Uint8Array): void {
    writeBuffer(this.handle, data);
  }
}

/** A buffer that lives for the call of `use`. */
export function withTemporary<R>(shape: Shape, use: (value: Value) => R, dtype: DType = "f32"): R {
  const value = Value.alloc(shape, dtype);
  try {
    return use(value);
  } finally {
    value.release();
  }
}
