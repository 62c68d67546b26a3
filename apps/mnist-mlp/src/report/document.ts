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
  type Report,
  type Section,
  section,
} from "@lanewise/report";
import type { Prediction } from "lanewise/train";
import type { FinishedRun } from "../run.ts";
import { architecture } from "../settings.ts";
import { initialWeightsSection, studySection } from "./comparisons.ts";
import { methodSection } from "./method.ts";
import { type Curves, resultsSection } from "./results.ts";

export async function reportDocument(run: FinishedRun, all: readonly Prediction[], curves: Curves): Promise<Report> {
  const { settings, data, study } = run;
  return {
    title: "Handwritten digits by a multilayer perceptron",
    subtitle: `${data.train.isSample ? "A sample of MNIST" : "MNIST"}, trained in WebAssembly, gradients by hand`,
    summary: summary(run),
    sections: [
      problemSection(run),
      methodSection(settings),
      settingsSection(run),
      await resultsSection(run, all, curves),
      await initialWeightsSection(settings, data.train),
      ...(study.length > 0 ? [studySection(run)] : []),
    ],
  };
}

function summary({ metrics, stats }: FinishedRun): Block[] {
  const { testError, grade, trainSeconds, imagesPerSecond, data } = metrics;
  const notes: Block[] = [];
  if (data.sample) {
    notes.push(
      note(md`This run saw a **sample** of MNIST: ${integer(data.trainImages)} training and ${integer(data.testImages)} test
        images. The whole data set was not to be had. Its figures are not those of MNIST.`),
    );
  }
  if (stats.stopped) notes.push(note("This run was stopped before its end; it reports what was learned by then."));
  return [
    keyFigures(
      { value: percent(2)(testError), label: "test error" },
      { value: `${grade.points} points`, label: `grade: ${grade.band}` },
      { value: duration(trainSeconds), label: `training, ${metrics.epochs} epochs` },
      { value: integer(imagesPerSecond), label: "images a second" },
    ),
    ...notes,
  ];
}

function problemSection({ data }: FinishedRun): Section {
  const { train, test } = data;
  return section(
    "Problem",
    paragraph(md`To tell which digit, 0 to 9, a grey picture of 28 × 28 pixels shows. The data are MNIST (Y. LeCun, C. Cortes,
      C. J. C. Burges), handwritten digits with their true classes: here ${integer(train.length)} for training and
      ${integer(test.length)} for the test. What is asked is a small part of wrong answers on the test images; below 5 % earns
      10 points, below 10 % 5 points, below 20 % 3 points.`),
    facts(
      ["training data", train.source],
      ["SHA-256", md`\`${train.sha256}\``],
      ["test data", test.source],
      ["SHA-256", md`\`${test.sha256}\``],
    ),
  );
}

function settingsSection({ settings, backend, metrics }: FinishedRun): Section {
  const { activation, init, epochs, batchSize, lr, schedule, momentum } = settings;
  const threads = `${backend.threads} ${backend.threads === 1 ? "thread" : "threads"}`;
  const reproducible =
    backend.mode === "strict"
      ? "In strict mode the same seed gives the same weights, bit for bit, on every machine and with any number of threads."
      : "With --strict the same seed gives the same weights, bit for bit, on every machine.";
  return section(
    "Settings",
    paragraph(md`Everything that was chosen before the training; each is an option of the program. All arithmetic runs in
      WebAssembly. ${reproducible} The hash is taken over all weights and biases.`),
    facts(
      ["layers", architecture(settings)],
      ["activation of hidden layers", activation],
      ["initial weights", init],
      ["epochs", String(epochs)],
      ["batch size", String(batchSize)],
      ["learning rate", `${lr}, ${schedule}`],
      ["momentum", String(momentum)],
      ["weight decay", String(settings.weightDecay)],
      ["label smoothing", String(settings.labelSmoothing)],
      ["seed", String(settings.seed)],
      ["machine", `${backend.binary} binary, ${threads}${backend.turbo ? ", 256-bit operations (turbo)" : ""}`],
      ["weights, SHA-256", md`\`${metrics.weightsSha256}\``],
    ),
  );
}
