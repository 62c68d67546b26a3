// @lanewise/train: the training loop and its checkpoints.
export {
  type Checkpoint,
  type CheckpointBackend,
  type CheckpointStore,
  decodeCheckpoint,
  readCheckpoint,
} from "./checkpoint/checkpoint.ts";
export type { Checkpointed, Parts } from "./checkpoint/checkpointed.ts";
export { differences } from "./checkpoint/differences.ts";
export { type Resumption, type ResumptionRequest, resumption } from "./checkpoint/resumption.ts";
export type { StateTree } from "./checkpoint/state-tree.ts";
export { PauseSwitch } from "./pause.ts";
export { accuracyOf, confusionCounts, type Prediction, predictionsOf } from "./predictions.ts";
export type { EpochRecord, Metrics, RunProgress, StepEvent, StepPlace, StepResult } from "./progress.ts";
export { type ClassifierStepOptions, classifierStep, countWrongPredictions, type Rated, scaleRates } from "./step.ts";
export {
  type TrainingCheckpoint,
  type TrainingLoader,
  type TrainingOptions,
  type TrainingResult,
  train,
} from "./train.ts";
