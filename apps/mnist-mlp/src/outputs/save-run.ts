// Saves a run: the model and its figures, each written aside and renamed, so that no half file is ever seen.
import { join } from "node:path";
import { mnistInput } from "lanewise/data";
import { hashArrays } from "lanewise/io";
import { saveArrays, writeAside } from "lanewise/io/node";
import type { FinishedRun } from "../run.ts";
import { CLASSES } from "../settings.ts";
import { type Metrics, metricsOf } from "./metrics.ts";
import { modelArrays, weightArrays } from "./model-file.ts";

/** Writes p1_model.npz and metrics.json. */
export async function saveRun(out: string, run: Omit<FinishedRun, "metrics" | "study">): Promise<Metrics> {
  const { mlp, settings, stats, data, backend } = run;
  const weights = weightArrays(mlp);
  const { shape, divisor, source, isSample, sha256 } = data.train;
  const config = {
    ...settings,
    inputSize: shape[0],
    outputSize: CLASSES,
    divisor,
    input: mnistInput,
    data: { source, sample: isSample, sha256 },
    program: "Lanewise, apps/mnist-mlp",
  };
  const metrics = metricsOf({ stats, backend, seed: settings.seed, data, weightsSha256: await hashArrays(weights) });
  await saveArrays(join(out, "p1_model.npz"), modelArrays(weights, config));
  await writeAside(join(out, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
  return metrics;
}
