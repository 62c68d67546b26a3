// metrics.json: the figures of a run, for programs to read.
import type { BackendReport } from "lanewise";
import type { Dataset } from "lanewise/data";
import { type Grade, gradeOf } from "../training/grade.ts";
import type { TrainingStats } from "../training/statistics.ts";

export interface Metrics {
  /** The fraction of the test images that is taken for another digit, by the weights of the last step. */
  readonly testError: number;
  readonly grade: Grade;
  /** Epochs trained; the last may be cut short where `stoppedEarly` is there. */
  readonly epochs: number;
  /** From the first step to the last, the tests between epochs included. */
  readonly trainSeconds: number;
  /** Training images a second of `trainSeconds`. */
  readonly imagesPerSecond: number;
  readonly backend: { readonly binary: string; readonly turbo: boolean };
  readonly mode: string;
  readonly seed: number;
  readonly data: DataOrigin;
  /** SHA-256 over the weights and biases: equal for equal networks. */
  readonly weightsSha256: string;
  readonly stoppedEarly?: true;
}

interface DataOrigin {
  readonly source: string;
  /** True where the sample stood in for the whole of MNIST. */
  readonly sample: boolean;
  readonly trainImages: number;
  readonly testImages: number;
  /** SHA-256 of the training data: pixels, then labels as i32. */
  readonly sha256: string;
  /** The same of the test data. */
  readonly testSha256: string;
}

export interface Run {
  readonly stats: TrainingStats;
  readonly backend: BackendReport;
  readonly seed: number;
  readonly data: { readonly train: Dataset; readonly test: Dataset };
  readonly weightsSha256: string;
}

export function metricsOf({ stats, backend, seed, data, weightsSha256 }: Run): Metrics {
  const testError = stats.testError.at(-1)!;
  return {
    testError,
    grade: gradeOf(testError),
    epochs: stats.testError.length,
    trainSeconds: stats.seconds,
    imagesPerSecond: stats.images / stats.seconds,
    backend: { binary: backend.binary, turbo: backend.turbo },
    mode: backend.mode,
    seed,
    data: {
      source: data.train.source,
      sample: data.train.isSample,
      trainImages: data.train.length,
      testImages: data.test.length,
      sha256: data.train.sha256,
      testSha256: data.test.sha256,
    },
    weightsSha256,
    ...(stats.stopped ? { stoppedEarly: true } : {}),
  };
}
