// One run from data to files. What training needs is loaded first; the report's packages come once it is over.
import { claimResultsFolder, duration, interruption, percent, rate, thousands } from "@lanewise/terminal";
import { type BackendReport, explainBackend, init, manualSeed } from "lanewise";
import type { CifarDataset, CifarParts } from "lanewise/data";
import { loadImages, partsFor } from "./images.ts";
import type { GivenOptions } from "./options.ts";
import type { Metrics } from "./outputs/metrics.ts";
import { resumption } from "./resumption.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { study } from "./study.ts";
import { buildNetwork } from "./training/build-network.ts";
import { trainShown } from "./training/train-shown.ts";

/** Trains, tests, saves and reports; gives the process's exit code. `named` are the options that were typed. */
export async function run(given: GivenOptions, named: ReadonlySet<string>): Promise<number> {
  claimResultsFolder(given.out, "p2");
  if (given.study) return runStudy(given);
  const { settings, strict, store, from } = await resumption(given, named);
  const data = await imagesAndKernels(given, strict);
  const backend = explainBackend();
  const { train, tested } = partsFor(settings, data);
  announce(settings, train, tested, backend);
  const stop = interruption({ message: "Stopping after this step, then saving. Ctrl-C again quits at once." });
  manualSeed(settings.seed);
  const model = buildNetwork(settings, train);
  const result = await trainShown(model, train, settings, {
    signal: stop.signal,
    checkpoint: { store, resume: from },
  });
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

async function runStudy(given: GivenOptions): Promise<number> {
  const settings: Settings = { ...settingsOf(given), heldOut: true };
  if (settings.network !== "whitened") {
    throw new RangeError(
      "--study came with the tutorial's recipe, which has no ingredients to leave out: name fast or full",
    );
  }
  const data = await imagesAndKernels(given, given.strict);
  const { train, tested } = partsFor(settings, data);
  announce(settings, train, tested, explainBackend());
  const stop = interruption({ message: "Stopping after this step. Ctrl-C again quits at once." });
  const whole = await study(settings, { train, tested }, given, stop.signal);
  stop.end();
  return whole ? 0 : stop.exitCode;
}

async function imagesAndKernels(given: GivenOptions, strict: boolean): Promise<CifarParts> {
  const { threads, turbo } = given;
  const [data] = await Promise.all([
    loadImages(given),
    init({ strict, turbo: turbo === "on", ...(threads && { threads }) }),
  ]);
  return data;
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

function verdict({ testAccuracy, testAccuracyTTA, grade, trainSeconds, imagesPerSecond, data }: Metrics): string {
  const on = `${thousands(data.testImages)} ${data.tested === "test" ? "test" : "held-out"} images`;
  const graded = data.tested === "test" ? `: ${grade.band}, ${grade.points} points` : "";
  return [
    `Right: ${percent(testAccuracy)} of ${on}${data.sample ? " of the sample" : ""}${graded}.`,
    `With mirrored and moved copies: ${percent(testAccuracyTTA)}.`,
    `Trained in ${duration(trainSeconds)} (${rate(imagesPerSecond, "images")}).`,
  ].join("\n");
}
