// metrics.json: the figures of a run, for programs to read.
import type { BackendReport } from "lanewise";
import type { CifarDataset } from "lanewise/data";
import { type Grade, gradeOf } from "../grade.ts";
import type { Settings } from "../settings.ts";

export interface Metrics {
  /** The fraction of the tested images told right, by the weights of the last step and the image alone. */
  readonly testAccuracy: number;
  /** The same with logits averaged over the image, its mirror image, and both moved by a pixel. */
  readonly testAccuracyTTA: number;
  /** By `testAccuracy`. */
  readonly grade: Grade;
  /** Numbers that training changes. */
  readonly params: number;
  readonly recipe: Settings;
  readonly epochs: number;
  /** From the first step to the last, over all parts of the run. */
  readonly trainSeconds: number;
  /** Training images a second of `trainSeconds`. */
  readonly imagesPerSecond: number;
  readonly backend: { readonly binary: string; readonly turbo: boolean; readonly threads: number };
  readonly mode: string;
  readonly seed: number;
  readonly data: DataOrigin;
  /** SHA-256 over the state dict: equal for equal networks. */
  readonly weightsSha256: string;
}

interface DataOrigin {
  readonly source: string;
  /** True where the sample stood in for the whole of CIFAR-10. */
  readonly sample: boolean;
  readonly trainImages: number;
  readonly testImages: number;
  /** What was tested on: "test" or "held-out training images". */
  readonly tested: string;
  /** SHA-256 of the training data: pixels, then labels as i32. */
  readonly sha256: string;
  /** The same of the test data. */
  readonly testSha256: string;
}

export interface Run {
  readonly settings: Settings;
  readonly accuracy: { readonly plain: number; readonly averaged: number };
  readonly params: number;
  readonly trained: { readonly seconds: number; readonly examples: number };
  readonly backend: BackendReport;
  readonly train: CifarDataset;
  readonly tested: CifarDataset;
  readonly testSha256: string;
  readonly weightsSha256: string;
}

export function metricsOf({ settings, accuracy, params, trained, backend, train, tested, ...hashes }: Run): Metrics {
  return {
    testAccuracy: accuracy.plain,
    testAccuracyTTA: accuracy.averaged,
    grade: gradeOf(accuracy.plain),
    params,
    recipe: settings,
    epochs: settings.epochs,
    trainSeconds: trained.seconds,
    imagesPerSecond: trained.examples / trained.seconds,
    backend: { binary: backend.binary, turbo: backend.turbo, threads: backend.threads },
    mode: backend.mode,
    seed: settings.seed,
    data: {
      source: train.source,
      sample: train.isSample,
      trainImages: train.length,
      testImages: tested.length,
      tested: settings.heldOut ? "held-out training images" : "test",
      sha256: train.sha256,
      testSha256: hashes.testSha256,
    },
    weightsSha256: hashes.weightsSha256,
  };
}
