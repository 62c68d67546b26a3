// Optimizers.

export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export { type AdjustLrFn, Muon, type MuonOptions } from "./muon.ts";
export { Optimizer, type OptimizerState, type ParameterGroup } from "./optimizer.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
