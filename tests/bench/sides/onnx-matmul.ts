// The bytes of an ONNX model of one MatMul, [n, n] by [n, n]: a protobuf written out by hand.

const textEncoder = new TextEncoder();

/** A number in protobuf's base 128, low digits first. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** A field of wire type 2: its bytes after their length. */
function bytes(field: number, content: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

const text = (field: number, content: string): number[] => bytes(field, [...textEncoder.encode(content)]);
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];

/** ValueInfoProto: name, and a TypeProto of f32 (1) with the two sizes. */
function matrix(name: string, n: number): number[] {
  const size = bytes(1, number(1, n));
  const tensorType = [...number(1, 1), ...bytes(2, [...size, ...size])];
  return [...text(1, name), ...bytes(2, bytes(1, tensorType))];
}

/** ModelProto: IR version 8, opset 13, and the graph y = a b. */
export function matmulModel(n: number): Uint8Array {
  const node = [...text(1, "a"), ...text(1, "b"), ...text(2, "y"), ...text(4, "MatMul")];
  const graph = [
    ...bytes(1, node),
    ...text(2, "product"),
    ...bytes(11, matrix("a", n)),
    ...bytes(11, matrix("b", n)),
    ...bytes(12, matrix("y", n)),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 13))]);
}
