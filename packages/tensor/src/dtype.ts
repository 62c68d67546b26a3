// Element types, and the typed arrays that carry them in and out.

/** f32 carries gradients; i32 indices and labels; u8 raw pixels; bool masks. */
export type DType = "f32" | "i32" | "u8" | "bool";

export interface ArrayOf {
  f32: Float32Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  u8: Uint8Array<ArrayBuffer>;
  bool: Uint8Array<ArrayBuffer>;
}

export const bytesOf: { readonly [D in DType]: number } = { f32: 4, i32: 4, u8: 1, bool: 1 };
