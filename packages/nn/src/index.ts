// Layers, models and losses.

export { type CrossEntropyOptions, crossEntropy, logSoftmax, relu, sigmoid, softmax, tanh } from "@lanewise/tensor";
export { GELU, Identity, ReLU, Sigmoid, Softmax, Tanh } from "./activation.ts";
export { Conv2d, type Conv2dOptions } from "./conv.ts";
export { Flatten, type FlattenOptions } from "./flatten.ts";
export { defaultUniform, kaimingNormal, xavierNormal } from "./init.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export {
  type CountStateArray,
  type FloatStateArray,
  Module,
  parameter,
  plainEntry,
  type StateArray,
  type StateEntry,
} from "./module.ts";
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions, type ChannelsRule } from "./norm.ts";
export { type PadSides, ReflectionPad2d, ZeroPad2d } from "./pad.ts";
export { AdaptiveAvgPool2d, AdaptiveMaxPool2d, AvgPool2d, MaxPool2d, type ResizeRule } from "./pool.ts";
export type { Apply, Fits, FlattenRule, ImagesRule, LastSizeRule, Rule, SameRule } from "./rule.ts";
export { Scale } from "./scale.ts";
export { Sequential } from "./sequential.ts";
