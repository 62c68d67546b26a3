// ONNX models byte by byte: the encodings of the protocol buffers' documentation, and a model written out by hand.
import { expect, it } from "vitest";
import { matmulModel } from "./model.ts";
import { float, message, number, text } from "./protobuf.ts";

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

it("writes fields as protobuf.dev/programming-guides/encoding shows them", () => {
  expect(hex(number(1, 150))).toBe("08 96 01");
  expect(hex(text(2, "testing"))).toBe("12 07 74 65 73 74 69 6e 67");
  expect(hex(message(3, number(1, 150)))).toBe("1a 03 08 96 01");
  // 1.0 is 3f800000.
  expect(hex(float(2, 1))).toBe("15 00 00 80 3f");
});

it("writes a model of one MatMul", () => {
  // A value: its name, then type { tensor_type { elem_type 1, shape { dim { 2 } dim { 2 } } } }.
  const value = (field: string, name: string) =>
    `${field} 13 0a 01 ${name} 12 0e 0a 0c 08 01 12 08 0a 02 08 02 0a 02 08 02`;
  const node = "0a 11 0a 01 61 0a 01 62 12 01 79 22 06 4d 61 74 4d 75 6c";
  const graph = `${node} 12 05 67 72 61 70 68 ${value("5a", "61")} ${value("5a", "62")} ${value("62", "79")}`;
  const length = graph.split(" ").length.toString(16);
  expect(hex(matmulModel(2))).toBe(`08 09 3a ${length} ${graph} 42 02 10 0d`);
});
