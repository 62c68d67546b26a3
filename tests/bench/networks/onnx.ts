// A network as an ONNX model: input `x` [batch, ...], images with channels first as ONNX has them; output `y` [batch, classes].
import { type Attribute, type Constant, type Graph, modelBytes, type Node } from "../onnx/model.ts";
import type { Bytes } from "../onnx/protobuf.ts";
import { type Layer, type Network, normEps } from "./network.ts";

/** The first with a Gelu. */
const OPSET = 20;

export function onnxModel(network: Network, batch: number): Bytes {
  return modelBytes(onnxGraph(network, batch));
}

export function onnxGraph({ input, classes, layers }: Network, batch: number): Graph {
  const nodes: Node[] = [];
  const constants: Constant[] = [];
  for (const [index, layer] of layers.entries()) {
    const before = nodes.at(-1)?.output ?? "x";
    const output = index === layers.length - 1 ? "y" : `h${index}`;
    const { op, attributes, operands } = parts(layer);
    const own = operands.map(({ name, ...rest }) => ({ name: `${name}${index}`, ...rest }));
    constants.push(...own);
    nodes.push({ op, inputs: [before, ...own.map(({ name }) => name)], output, attributes });
  }
  return {
    nodes,
    constants,
    inputs: [{ name: "x", shape: [batch, ...channelsFirst(input)] }],
    output: { name: "y", shape: [batch, classes] },
    opset: OPSET,
  };
}

interface Parts {
  readonly op: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly operands: readonly Constant[];
}

function parts(layer: Layer): Parts {
  switch (layer.kind) {
    case "linear": {
      const { inputs, outputs, weight, bias } = layer;
      const operands = [constant("w", [outputs, inputs], weight), ...optional("b", bias)];
      return { op: "Gemm", attributes: { transB: 1 }, operands };
    }
    case "conv": {
      const { inputs, outputs, kernel, padding, weight, bias } = layer;
      const operands = [constant("w", [outputs, inputs, kernel, kernel], weight), ...optional("b", bias)];
      const attributes = {
        kernel_shape: [kernel, kernel],
        pads: [padding, padding, padding, padding],
        strides: [1, 1],
      };
      return { op: "Conv", attributes, operands };
    }
    case "norm": {
      const { channels, weight, bias, mean, variance } = layer;
      const operands = Object.entries({ w: weight, b: bias, m: mean, v: variance }).map(([name, data]) =>
        constant(name, [channels], data),
      );
      return { op: "BatchNormalization", attributes: { epsilon: { float: normEps } }, operands };
    }
    case "maxPool": {
      const size = [layer.size, layer.size];
      return { op: "MaxPool", attributes: { kernel_shape: size, strides: size }, operands: [] };
    }
    case "relu":
      return { op: "Relu", attributes: {}, operands: [] };
    case "gelu":
      return { op: "Gelu", attributes: { approximate: "none" }, operands: [] };
    case "flatten":
      return { op: "Flatten", attributes: {}, operands: [] };
    case "scale":
      return { op: "Mul", attributes: {}, operands: [constant("s", [1], Float32Array.of(layer.factor))] };
  }
}

const constant = (name: string, shape: readonly number[], data: Float32Array): Constant => ({ name, shape, data });
const optional = (name: string, data: Float32Array | null): Constant[] =>
  data === null ? [] : [constant(name, [data.length], data)];

export const channelsFirst = (shape: readonly number[]): readonly number[] =>
  shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : shape;

/** Images with channels first, of images with channels last. */
export function toChannelsFirst(data: Float32Array, [rows, cols, channels]: readonly [number, number, number]) {
  const places = rows * cols;
  const each = places * channels;
  return Float32Array.from(data, (_, at) => {
    const [image, within] = [Math.floor(at / each), at % each];
    return data[image * each + (within % places) * channels + Math.floor(within / places)]!;
  });
}
