// What a tensor is and what can be done to it: types, creation, lifetime, gradients and the ops.

export { type BackendReport, explainBackend, type InitOptions, init } from "@lanewise/kernels";
export { full, type Nested, ones, type TypedArray, tensor, zeros } from "./create.ts";
export { apply, definedOps, defineOp, opRecord } from "./define-op.ts";
export { type ArrayOf, bytesOf, type DType } from "./dtype.ts";
export { currentLayer, inLayer, LifetimeError, ShapeError } from "./errors.ts";
export type { FusedActivation } from "./fused-activation.ts";
export { type MemoryReport, memoryReport } from "./memory.ts";
export type { Context, GradientRule, OpRecord } from "./op-record.ts";
export * from "./ops/index.ts";
export { defaultGenerator, Generator, type GeneratorState, manualSeed, rand, randn } from "./random.ts";
export { setUnscopedTensorLimit } from "./scope.ts";
export { scope } from "./scopes.ts";
export { checkShape, formatShape, type Shape, sameShape, sizeOf } from "./shape.ts";
export type {
  Broadcast,
  Mismatch,
  Product,
  Reduced,
  ReduceOptions,
  Reshaped,
  SameSize,
  WithLast,
} from "./shape-rules.ts";
export { noGrad, recording } from "./tape.ts";
export { keep, livingValue, Tensor } from "./tensor.ts";
export { asyncTurns, turns } from "./turns.ts";
export { Value } from "./value.ts";
export { type Padding, type Pair, pairOf, type Sides } from "./windows.ts";
