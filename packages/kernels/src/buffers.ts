// Copies into and out of the kernels' memory. No view on it ever leaves: it would die when the memory grows.
import { machine } from "./machine.ts";

/** Element types as they are stored; bool is a byte of 0 or 1. */
export type StoredType = "f32" | "i32" | "u8" | "bool";

export interface ArrayOf {
  f32: Float32Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  u8: Uint8Array<ArrayBuffer>;
  bool: Uint8Array<ArrayBuffer>;
}

const arrays = { f32: Float32Array, i32: Int32Array, u8: Uint8Array, bool: Uint8Array };

/** Copies `data` into a buffer of exactly its length. */
export function writeBuffer(handle: number, data: Float32Array | Int32Array | Uint8Array): void {
  const { bindings, granted } = machine();
  const address = bindings.buffer_address(handle, data.byteLength);
  // The view is made anew at each call: `memory.buffer` is another object after every growth.
  new Uint8Array(granted.memory.buffer, address, data.byteLength).set(
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
}

/** A copy of a buffer of exactly `length` elements. */
export function readBuffer<D extends StoredType>(handle: number, dtype: D, length: number): ArrayOf[D] {
  const { bindings, granted } = machine();
  const array = arrays[dtype];
  const copy = new array(length) as ArrayOf[D];
  const address = bindings.buffer_address(handle, copy.byteLength);
  // Not by `copy.buffer`: a small array has none in V8 before somebody asks, and making it takes longer than the copy.
  copy.set(new array(granted.memory.buffer, address, length));
  return copy;
}
