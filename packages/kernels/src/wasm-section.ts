// A custom section at the end of a wasm binary: it changes the bytes and nothing else.

const leb128 = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)]);

export function withSection(wasm: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(name);
  const content = [...leb128(text.length), ...text];
  const section = [0, ...leb128(content.length), ...content];
  const result = new Uint8Array(wasm.length + section.length);
  result.set(wasm);
  result.set(section, wasm.length);
  return result;
}
