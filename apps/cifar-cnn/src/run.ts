// One run from data to files. What training needs is loaded first; the report's packages come once it is over.
import {
  claimResultsFolder,
  duration,
  interruption,
  percent,
  rate,
  thousands,
  trainingProgress,
} from "@lanewise/terminal";
import { type BackendReport, explainBackend, init, manualSeed } from "lanewise";
import type { CifarDataset } from "lanewise/data";
import type { Module, Sequential } from "lanewise/nn";
import type { TrainingResult } from "lanewise/train";
import { loadImages, partsFor } from "./images.ts";
import type { GivenOptions } from "./options.ts";
import type { Metrics } from "./outputs/metrics.ts";
import { resumption } from "./resumption.ts";
import type { Settings } from "./settings.ts";
import { study } from "./study.ts";
import { buildNetwork } from "./training/build-network.ts";
import { trainNetwork } from "./training/train-network.ts";

/** Trains, tests, saves and reports; gives the process's exit code. `named` are the options that were typed. */
export async function run(given: GivenOptions, named: ReadonlySet<string>): Promise<number> {
  claimResultsFolder(given.out, "p2");
  const { settings, strict, store, from } = await resumption(given, named);
  const [data] = await Promise.all([
    loadImages(given),
    init({ strict, turbo: given.turbo === "on", ...(given.threads && { threads: given.threads }) }),
  ]);
  const backend = explainBackend();
  const { train, tested } = partsFor(settings, data);
  announce(settings, train, tested, backend);
  const stop = interruption({ message: "Stopping after this step, then saving. Ctrl-C again quits at once." });
  if (given.study) return (await study(settings, data, given.out, stop.signal)) ? 0 : stop.exitCode;

  manualSeed(settings.seed);
  const model = buildNetwork(settings, train);
  const result = await trainShown(model, train, settings, { store, resume: from }, stop.signal);
  if (result.stopped) {
    console.log(`Stopped after step ${result.step} of ${result.steps}; --resume goes on from ${store.label}.`);
    stop.end();
    return stop.exitCode;
  }
  // Like the report, testing and saving take packages that training need not wait for.
  const { finishRun } = await import("./outputs/finish-run.ts");
  const finished = await finishRun(given.out, { model, settings, data, tested, train, result, backend });
  console.log(verdict(finished.metrics));
  const files = ["p2_model.pkl", "p2_model.py", "metrics.json", "checkpoint.npz"];
  if (!given.withoutReport) {
    const { writeReport } = await import("./report/write-report.ts");
    files.push(...(await writeReport(given.out, finished)));
  }
  console.log(`${given.out}: ${files.join(", ")}`);
  stop.end();
  return stop.exitCode;
}

function announce(settings: Settings, train: CifarDataset, tested: CifarDataset, backend: BackendReport): void {
  const { recipe, network, widths, epochs, batchSize, optimizer, lr, labelSmoothing, seed, heldOut } = settings;
  const which = train.isSample ? "A SAMPLE of CIFAR-10" : "CIFAR-10";
  const kind = heldOut ? "held-out training" : "test";
  console.log(`${which}: ${thousands(train.length)} training and ${thousands(tested.length)} ${kind} images`);
  console.log(`  ${train.source}`);
  console.log(`Network: ${network}${network === "whitened" ? `, widths ${widths.join(", ")}` : ""}`);
  console.log(
    `Recipe ${recipe}: ${epochs} epochs, batches of ${batchSize}, ${optimizer}, lr ${lr}, label smoothing ` +
      `${labelSmoothing}, seed ${seed}`,
  );
  console.log(String(backend).split("\n")[0]);
}

async function trainShown(
  model: Sequential<readonly Module[]>,
  train: CifarDataset,
  settings: Settings,
  checkpoint: NonNullable<Parameters<typeof trainNetwork>[3]>["checkpoint"],
  signal: AbortSignal,
): Promise<TrainingResult> {
  const done = checkpoint?.resume?.progress.examples ?? 0;
  const progress = trainingProgress({ epochs: settings.epochs, perEpoch: train.length, done });
  try {
    return await trainNetwork(model, train, settings, {
      signal,
      checkpoint,
      onStep: ({ epoch, seen, loss, error, examplesPerSecond: perSecond }) =>
        progress.step({ epoch, seen, loss, error, perSecond }),
      onEpoch: ({ epoch, loss, error, examplesPerSecond: perSecond, complete }) => {
        if (complete) progress.epoch({ epoch, trainLoss: loss, trainError: error, perSecond });
      },
    });
  } finally {
    progress.end();
  }
}

function verdict({ testAccuracy, testAccuracyTTA, grade, trainSeconds, imagesPerSecond, data }: Metrics): string {
  const on = `${thousands(data.testImages)} ${data.tested === "test" ? "test" : "held-out"} images`;
  const graded = data.tested === "test" ? `: ${grade.band}, ${grade.points} points` : "";
  return [
    `Right: ${percent(testAccuracy)} of ${on}${data.sample ? " of the sample" : ""}${graded}.`,
    `With mirrored and moved copies: ${percent(testAccuracyTTA)}.`,
    `Trained in ${duration(trainSeconds)} (${rate(imagesPerSecond, "images")}).`,
  ].join("\n");
}
