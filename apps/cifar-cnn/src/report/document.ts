// The report as a whole: its head, its summary, its sections in their order.
import {
  type Block,
  duration,
  facts,
  integer,
  keyFigures,
  md,
  note,
  paragraph,
  percent,
  plain,
  type Report,
  type Section,
  section,
} from "@lanewise/report";
import type { FinishedRun } from "../finished-run.ts";
import { ablationSection } from "./ablation.ts";
import type { Curves } from "./curves.ts";
import { networkSection } from "./network.ts";
import { picturesSection } from "./pictures.ts";
import { recipeSection } from "./recipe.ts";
import { resultsSection } from "./results.ts";

export async function reportDocument(run: FinishedRun, curves: Curves): Promise<Report> {
  return {
    title: "Objects in small pictures by a convolutional network",
    subtitle: `${run.data.train.isSample ? "A sample of CIFAR-10" : "CIFAR-10"}, trained in WebAssembly`,
    summary: summary(run),
    sections: [
      problemSection(run),
      networkSection(run),
      recipeSection(run),
      settingsSection(run),
      await resultsSection(run, curves),
      picturesSection(run),
      ...ablationSection(),
    ],
  };
}

function summary({ metrics, settings, data }: FinishedRun): Block[] {
  const notes: Block[] = [];
  if (data.train.isSample) {
    notes.push(
      note(md`This run saw a **sample** of CIFAR-10: ${integer(data.train.length)} training and
        ${integer(data.test.length)} test images. The whole data set was not to be had. Its figures are not those of
        CIFAR-10.`),
    );
  }
  if (settings.heldOut) {
    notes.push(note("Tested on training images that were held out; the test set was not read, so there is no grade."));
  }
  return [
    keyFigures(
      {
        value: percent(2)(metrics.testAccuracy),
        label: `right of the ${settings.heldOut ? "held-out" : "test"} images`,
      },
      { value: percent(2)(metrics.testAccuracyTTA), label: "with mirrored and moved copies" },
      ...(settings.heldOut ? [] : [{ value: `${metrics.grade.points} points`, label: `grade: ${metrics.grade.band}` }]),
      { value: duration(metrics.trainSeconds), label: `training, ${metrics.epochs} epochs` },
    ),
    ...notes,
  ];
}

function problemSection({ data }: FinishedRun): Section {
  const { train, test } = data;
  return section(
    "Problem",
    paragraph(md`To tell what a coloured picture of 32 × 32 pixels shows: ${train.classNames.join(", ")}. The data are
      CIFAR-10 (A. Krizhevsky, _Learning Multiple Layers of Features from Tiny Images_, 2009): here
      ${integer(train.length)} pictures for training and ${integer(test.length)} for the test. Above 90 % right answers earn 15
      points, above 85 % 10, above 80 % 5, above 75 % 3.`),
    facts(
      ["training data", train.source],
      ["SHA-256", md`\`${train.sha256}\``],
      ["test data", test.source],
      ["SHA-256", md`\`${test.sha256}\``],
    ),
  );
}

function settingsSection({ settings, backend, metrics }: FinishedRun): Section {
  const threads = `${backend.threads} ${backend.threads === 1 ? "thread" : "threads"}`;
  const reproducible =
    backend.mode === "strict"
      ? "In strict mode the same seed gives the same weights, bit for bit, on every machine and with any number of threads."
      : "With --strict the same seed gives the same weights, bit for bit, on every machine.";
  const { widths, schedule, ...single } = settings;
  return section(
    "Settings",
    paragraph(md`Everything that was chosen before the training. All arithmetic runs in WebAssembly. ${reproducible}`),
    facts(
      ...Object.entries(single).map(([name, value]) => [worded(name), settingText(value)] as const),
      ["widths", widths.join(", ")],
      ["schedule", schedule.map(([done, factor]) => `${factor} at ${Math.round(100 * done)} %`).join(", ")],
      ["machine", `${backend.binary} binary, ${threads}${backend.turbo ? ", 256-bit operations (turbo)" : ""}`],
      ["weights, SHA-256", md`\`${metrics.weightsSha256}\``],
    ),
  );
}

/** A setting's name in words: `batchSize` as `batch size`. */
const worded = (name: string) =>
  name === "lr"
    ? "learning rate"
    : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/ lr$/, " learning rate");

function settingText(value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : typeof value === "number" ? plain(value) : value;
}
