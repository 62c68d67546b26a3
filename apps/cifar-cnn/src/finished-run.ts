// All that is known at the end of a run.
import type { BackendReport } from "lanewise";
import type { CifarDataset, CifarParts } from "lanewise/data";
import type { Module, Sequential } from "lanewise/nn";
import type { EpochRecord, Prediction } from "lanewise/train";
import type { Metrics } from "./outputs/metrics.ts";
import type { Settings } from "./settings.ts";

export interface FinishedRun {
  readonly model: Sequential<readonly Module[]>;
  readonly settings: Settings;
  readonly data: CifarParts;
  /** The pictures that the network was tested on: the test set, or held-out training pictures. */
  readonly tested: CifarDataset;
  readonly predictions: readonly Prediction[];
  readonly history: readonly EpochRecord[];
  readonly backend: BackendReport;
  readonly metrics: Metrics;
}
