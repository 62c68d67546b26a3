// Protocol buffers as far as an ONNX model needs them, written out by hand: fields of numbers and of bytes.

const textEncoder = new TextEncoder();
export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** A number in base 128, low digits first. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** A field of wire type 2: its content after its length. */
export function message(field: number, ...content: readonly Uint8Array[]): Bytes {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concat(Uint8Array.from([...varint(field * 8 + 2), ...varint(length)]), ...content);
}

export const text = (field: number, content: string): Bytes => message(field, textEncoder.encode(content));
/** A whole number from 0. */
export const number = (field: number, value: number): Bytes =>
  Uint8Array.from([...varint(field * 8), ...varint(value)]);
/** An f32, of wire type 5. */
export const float = (field: number, value: number): Bytes =>
  concat(Uint8Array.of(field * 8 + 5), new Uint8Array(Float32Array.of(value).buffer));
