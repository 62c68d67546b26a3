// Optimizers, averages of what they train, and schedules of their settings.

export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export {
  type AverageState,
  Lookahead,
  type LookaheadOptions,
  WeightAverage,
  type WeightAverageOptions,
} from "./average.ts";
export { type AdjustLrFn, Muon, type MuonOptions } from "./muon.ts";
export { Optimizer, type OptimizerState, type ParameterGroup } from "./optimizer.ts";
export {
  constant,
  cosine,
  linear,
  type OneCycleOptions,
  oneCycle,
  piecewiseLinear,
  type Schedule,
  steps,
  warmUp,
} from "./schedules.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
