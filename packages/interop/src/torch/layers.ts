// Each layer as a PyTorch expression. Images are [N, H, W, C] here and [N, C, H, W] there, so a layer over the last axis
// means another axis where its input is images: what the input is, is known from the layers before it.
import {
  AdaptiveAvgPool2d,
  AdaptiveMaxPool2d,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  type Conv2dOptions,
  Flatten,
  Linear,
  MaxPool2d,
  type Module,
  ReflectionPad2d,
  Scale,
  ZeroPad2d,
} from "@lanewise/nn";
import { type Argument, type ClassName, call } from "./python.ts";

/** What goes through a network at a place: unknown before the first layer that takes only one of them. */
export type Kind = "images" | "rows" | "unknown";

export interface Expression {
  python: string;
  /** What the layer gives. */
  gives: Kind;
  /** The class of its own that it needs. */
  needs?: ClassName;
}

/** The layer as PyTorch writes it, after something that gives `kind`; undefined where it has no counterpart. */
export function expressionOf(layer: Module, kind: Kind): Expression | undefined {
  if (layer instanceof Conv2d) return { ...convolution(layer), gives: "images" };
  if (layer instanceof BatchNorm2d) return { python: norm("nn.BatchNorm2d", layer), gives: "images" };
  if (layer instanceof MaxPool2d || layer instanceof AvgPool2d) return { python: pool(layer), gives: "images" };
  if (layer instanceof AdaptiveAvgPool2d || layer instanceof AdaptiveMaxPool2d) {
    return { python: call(`nn.${layer.kind}`, [square(layer.outputSize)]), gives: "images" };
  }
  if (layer instanceof ZeroPad2d || layer instanceof ReflectionPad2d) {
    const { top, bottom, left, right } = layer.padding;
    return { python: call(`nn.${layer.kind}`, [[left, right, top, bottom]]), gives: "images" };
  }
  if (layer instanceof Scale) return { python: call("Scale", [layer.factor]), gives: kind, needs: "Scale" };
  if (layer instanceof Flatten) return flatten(layer, kind);
  if (Object.hasOwn(PLAIN, layer.kind)) return { python: PLAIN[layer.kind]!, gives: kind };
  if (layer.kind === "Softmax") return { python: `nn.Softmax(dim=${kind === "images" ? 1 : -1})`, gives: kind };
  if (layer instanceof Linear || layer instanceof BatchNorm1d) {
    if (kind === "images") {
      throw new TypeError(
        `${layer.kind} works on the last axis of images, their channels, which is another axis in PyTorch; put Flatten before it`,
      );
    }
    return { python: layer instanceof Linear ? linear(layer) : norm("nn.BatchNorm1d", layer), gives: "rows" };
  }
  return undefined;
}

/** Layers without options, the same for images and rows. */
const PLAIN: Readonly<Record<string, string>> = {
  ReLU: "nn.ReLU()",
  GELU: "nn.GELU()",
  Sigmoid: "nn.Sigmoid()",
  Tanh: "nn.Tanh()",
  Identity: "nn.Identity()",
};

function linear({ weight, bias }: Linear<number, number>): string {
  return call("nn.Linear", [weight.shape[0], weight.shape[1]], { bias: [bias !== null, true] });
}

function flatten(layer: Flatten, kind: Kind): Expression {
  if (layer.order === "channels-first" || kind === "rows") return { python: "nn.Flatten()", gives: "rows" };
  return { python: "FlattenChannelsLast()", gives: "rows", needs: "FlattenChannelsLast" };
}

type AnyNorm = BatchNorm1d<number> | BatchNorm2d<number>;

function norm(name: string, layer: AnyNorm): string {
  const channels = layer.channels;
  return call(name, [channels], {
    eps: [layer.eps, 1e-5],
    momentum: [layer.momentum, 0.1],
    affine: [layer.weight !== null, true],
    track_running_stats: [layer.runningMean !== null, true],
  });
}

function pool(layer: MaxPool2d | AvgPool2d): string {
  const { stride = layer.kernelSize, padding = 0, ceilMode = false } = layer.options;
  if (padding === "same-tf") {
    throw new TypeError("padding \"same-tf\" is TensorFlow's, which PyTorch's pooling has not; give it as numbers");
  }
  const size = square(layer.kernelSize);
  const windows = {
    stride: [square(pair(stride)), size],
    padding: [padding === "valid" ? 0 : square(pair(padding)), 0],
    ceil_mode: [ceilMode, false],
  } as const;
  if (layer instanceof MaxPool2d) {
    return call("nn.MaxPool2d", [size], { ...windows, dilation: [square(pair(layer.options.dilation ?? 1)), 1] });
  }
  const { countIncludePad = true, divisorOverride = null } = layer.options;
  return call("nn.AvgPool2d", [size], {
    ...windows,
    count_include_pad: [countIncludePad, true],
    divisor_override: [divisorOverride, null],
  });
}

function convolution(layer: Conv2d<number, number>): Omit<Expression, "gives"> {
  const { options, weight, bias } = layer;
  const [height, width, inputs, outputs] = weight.shape;
  const { stride = 1, dilation = 1, groups = 1 } = options;
  const { name, padding, sides } = paddingOf(options);
  const python = call(name ?? "nn.Conv2d", [inputs * groups, outputs, square([height, width])], {
    stride: [square(pair(stride)), 1],
    padding: [padding ?? 0, 0],
    sides: [sides ?? null, null],
    dilation: [square(pair(dilation)), 1],
    groups: [groups, 1],
    bias: [bias !== null, true],
  });
  return name === undefined ? { python } : { python, needs: name };
}

interface Padded {
  /** The class that can do it, where nn.Conv2d can't. */
  name?: "PaddedConv2d" | "SameConv2d";
  padding?: Argument;
  /** Left, right, top, bottom. */
  sides?: Argument;
}

function paddingOf({ padding = 0 }: Conv2dOptions): Padded {
  if (padding === "valid") return {};
  if (padding === "same") return { padding };
  if (padding === "same-tf") return { name: "SameConv2d" };
  if (typeof padding === "number" || !("top" in padding)) return { padding: square(pair(padding)) };
  const { top, bottom, left, right } = padding;
  if (top === bottom && left === right) return { padding: square([top, left]) };
  return { name: "PaddedConv2d", sides: [left, right, top, bottom] };
}

function pair(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

/** One number where both are the same, as people write it. */
function square(both: readonly [number, number]): number | readonly [number, number] {
  return both[0] === both[1] ? both[0] : both;
}
