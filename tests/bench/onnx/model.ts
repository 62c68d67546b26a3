// The bytes of ONNX models: nodes, f32 constants, and one graph.
import { type Bytes, concat, float, message, number, text } from "./protobuf.ts";

const FLOAT = 1;
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A whole number, a fraction, a text, or whole numbers. */
export type Attribute = number | { readonly float: number } | string | readonly number[];

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Constant extends Port {
  readonly data: Float32Array;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly Port[];
  readonly output: Port;
  /** Of the operators: 13, or 20 where there is a Gelu. */
  readonly opset: number;
}

/** NodeProto. */
function node({ op, inputs, output, attributes = {} }: Node): Bytes {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  );
}

/** AttributeProto. */
function attribute(name: string, value: Attribute): Bytes {
  if (typeof value === "number") return message(5, text(1, name), number(3, value), number(20, ATTRIBUTE_TYPES.int));
  if (typeof value === "string") return message(5, text(1, name), text(4, value), number(20, ATTRIBUTE_TYPES.string));
  if ("float" in value) return message(5, text(1, name), float(2, value.float), number(20, ATTRIBUTE_TYPES.float));
  return message(5, text(1, name), ...value.map((each) => number(8, each)), number(20, ATTRIBUTE_TYPES.ints));
}

/** ValueInfoProto: a name, and a TypeProto of f32 with the sizes. */
function port(field: number, { name, shape }: Port): Bytes {
  const sizes = message(2, ...shape.map((length) => message(1, number(1, length))));
  return message(field, text(1, name), message(2, message(1, number(1, FLOAT), sizes)));
}

/** TensorProto, its numbers as they lie in memory. */
function constant({ name, shape, data }: Constant): Bytes {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(5, ...shape.map((length) => number(1, length)), number(2, FLOAT), text(8, name), message(9, raw));
}

/** ModelProto of IR version 9. */
export function modelBytes({ nodes, constants, inputs, output, opset }: Graph): Bytes {
  const graph = message(
    7,
    ...nodes.map(node),
    text(2, "graph"),
    ...constants.map(constant),
    ...inputs.map((each) => port(11, each)),
    port(12, output),
  );
  return concat(number(1, 9), graph, message(8, number(2, opset)));
}

/** y = a b, both [n, n]. */
export function matmulModel(n: number): Bytes {
  const shape = [n, n];
  return modelBytes({
    nodes: [{ op: "MatMul", inputs: ["a", "b"], output: "y" }],
    constants: [],
    inputs: [
      { name: "a", shape },
      { name: "b", shape },
    ],
    output: { name: "y", shape },
    opset: 13,
  });
}
