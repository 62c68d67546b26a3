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
import type { TrainingCheckpoint } from "lanewise/train";
import { type DigitsPair, loadDigits } from "./digits.ts";
import type { MLP } from "./network/index.ts";
import type { GivenOptions } from "./options.ts";
import type { Metrics } from "./outputs/metrics.ts";
import { resumptionOf } from "./resumption.ts";
import { architecture, buildNetwork, CLASSES, type Settings } from "./settings.ts";
import { type StudyRow, study } from "./study.ts";
import { getTrainingStats, type Tested, type TrainingStats } from "./training/statistics.ts";

/** Trains, tests, saves and reports; gives the process's exit code. `named` are the options that were typed. */
export async function run(given: GivenOptions, named: ReadonlySet<string>): Promise<number> {
  claimResultsFolder(given.out, "p1");
  const { run: settings, strict, ...began } = await resumptionOf(given, named);
  const [data] = await Promise.all([
    loadDigits(given),
    init({ strict, turbo: given.turbo === "on", ...(given.threads && { threads: given.threads }) }),
  ]);
  const backend = explainBackend();
  announce(settings, data, backend);
  const stop = interruption({ message: "Stopping after this step, then saving. Ctrl-C again quits at once." });

  const compared = given.study ? await study(settings, data.train, stop.signal) : [];
  if (stop.requested) {
    console.log("Stopped before the training itself: nothing was written.");
    return stop.exitCode;
  }
  manualSeed(settings.seed);
  const mlp = buildNetwork(settings, data.train.shape[0], CLASSES);
  const stats = await trainShown(mlp, settings, data, stop.signal, {
    ...began,
    data: { train: data.train.sha256, test: data.test.sha256 },
  });
  // Like the report, saving takes packages that training need not wait for.
  const { saveRun } = await import("./outputs/save-run.ts");
  const metrics = await saveRun(given.out, { mlp, settings, stats, data, backend });
  console.log(verdict(metrics));
  const files = ["p1_model.npz", "metrics.json", "checkpoint.npz"];
  if (!given.withoutReport) {
    const { writeReport } = await import("./report/write-report.ts");
    files.push(...(await writeReport(given.out, { mlp, settings, stats, data, backend, metrics, study: compared })));
  }
  console.log(`${given.out}: ${files.join(", ")}`);
  if (stats.stopped) console.log("--resume goes on from the checkpoint.");
  stop.end();
  return stop.exitCode;
}

/** All that is known at the end of a run. */
export interface FinishedRun {
  readonly mlp: MLP;
  readonly settings: Settings;
  readonly stats: TrainingStats;
  readonly data: DigitsPair;
  readonly backend: BackendReport;
  readonly metrics: Metrics;
  readonly study: readonly StudyRow[];
}

function announce(settings: Settings, { train, test }: DigitsPair, backend: BackendReport): void {
  const { activation, init: weights, epochs, batchSize, lr, schedule, momentum, seed } = settings;
  const which = train.isSample ? "A SAMPLE of MNIST" : "MNIST";
  console.log(`${which}: ${thousands(train.length)} training and ${thousands(test.length)} test images`);
  console.log(`  ${train.source}`);
  console.log(`Network: ${architecture(settings)}, ${activation}, ${weights} initial weights`);
  console.log(
    `Training: ${epochs} epochs, batches of ${batchSize}, lr ${lr} (${schedule}), momentum ${momentum}, ` +
      `weight decay ${settings.weightDecay}, label smoothing ${settings.labelSmoothing}, seed ${seed}`,
  );
  console.log(String(backend).split("\n")[0]);
}

async function trainShown(
  mlp: MLP,
  settings: Settings,
  data: DigitsPair,
  signal: AbortSignal,
  checkpoint: Omit<TrainingCheckpoint<Tested>, "checkpointed">,
): Promise<TrainingStats> {
  const { epochs, batchSize, seed, schedule } = settings;
  const done = checkpoint.resume?.progress.examples ?? 0;
  const progress = trainingProgress({ epochs, perEpoch: data.train.length, done });
  try {
    return await getTrainingStats(mlp, data, {
      epochs,
      batchSize,
      seed,
      schedule,
      signal,
      checkpoint,
      onStep: ({ epoch, seen, loss, error, examplesPerSecond: perSecond }) =>
        progress.step({ epoch, seen, loss, error, perSecond }),
      onEpoch: ({ epoch, loss, error, examplesPerSecond: perSecond, metrics }) =>
        progress.epoch({
          epoch,
          trainLoss: loss,
          trainError: error,
          testLoss: metrics.loss,
          testError: metrics.error,
          perSecond,
        }),
    });
  } finally {
    progress.end();
  }
}

function verdict({ testError, grade, trainSeconds, imagesPerSecond, data, stoppedEarly }: Metrics): string {
  const on = `${thousands(data.testImages)} test images${data.sample ? " of the sample" : ""}`;
  return [
    `Test error ${percent(testError)} on ${on}: ${grade.band}, ${grade.points} points.`,
    `Trained in ${duration(trainSeconds)} (${rate(imagesPerSecond, "images")})${stoppedEarly ? ", stopped early" : ""}.`,
  ].join(" ");
}
