// The end of a run: it is tested, once, and saved; each file is written aside and renamed, so that no half one is seen.
import { join } from "node:path";
import type { BackendReport } from "lanewise";
import type { CifarDataset, CifarParts } from "lanewise/data";
import { torchModule } from "lanewise/interop";
import { hashArrays } from "lanewise/io";
import { saveState, writeAside } from "lanewise/io/node";
import type { Module, Sequential } from "lanewise/nn";
import type { TrainingResult } from "lanewise/train";
import type { FinishedRun } from "../finished-run.ts";
import type { Settings } from "../settings.ts";
import { evaluate } from "../training/evaluation.ts";
import { cardOf } from "./card.ts";
import { metricsOf } from "./metrics.ts";

/** A run whose training is over. */
export interface TrainedRun {
  readonly model: Sequential<readonly Module[]>;
  readonly settings: Settings;
  readonly data: CifarParts;
  readonly train: CifarDataset;
  readonly tested: CifarDataset;
  readonly result: TrainingResult;
  readonly backend: BackendReport;
}

/** Tests the network and writes p2_model.pkl, p2_model.py and metrics.json. */
export async function finishRun(out: string, run: TrainedRun): Promise<FinishedRun> {
  const { model, settings, data, train, tested, result, backend } = run;
  const state = model.stateDict();
  // Saved before it is tested: what was learned is safe first.
  const card = cardOf(settings, `Trained on ${train.source}.`);
  await saveState(join(out, "p2_model.pkl"), state, card === null ? {} : { metadata: { ...card } });
  await writeAside(join(out, "p2_model.py"), torchModule(model, { className: "Net" }));
  const { predictions, accuracy, accuracyTTA } = evaluate(model, tested);
  const trained = model.parameters().filter(({ requiresGrad }) => requiresGrad);
  const metrics = metricsOf({
    settings,
    accuracy: { plain: accuracy, averaged: accuracyTTA },
    params: trained.reduce((sum, { size }) => sum + size, 0),
    trained: result,
    backend,
    train,
    tested,
    testSha256: data.test.sha256,
    weightsSha256: await hashArrays(state),
  });
  await writeAside(join(out, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
  return { model, settings, data, tested, predictions, history: result.history, backend, metrics };
}
