// The part of the report that compares: ways in which weights begin, and with --study the variations of the settings.
import {
  figure,
  fixed,
  integer,
  lineChart,
  md,
  paragraph,
  percent,
  type Section,
  section,
  significant,
  table,
} from "@lanewise/report";
import type { FinishedRun } from "../run.ts";
import type { Settings } from "../settings.ts";
import { heldOutCount, STUDY_EPOCHS, type StudyRow } from "../study.ts";
import type { Digits } from "../training/evaluation.ts";
import { firstLosses } from "../training/first-steps.ts";

const STEPS = 200;

/** What the plain standard normal does to the first steps, beside a scaled initializer. */
export async function initialWeightsSection(settings: Settings, train: Digits): Promise<Section> {
  const scaled = settings.init === "standard-normal" ? "he" : settings.init;
  const losses = { scaled: firstLosses({ ...settings, init: scaled }, train, STEPS), plain: [] as number[] };
  losses.plain = firstLosses({ ...settings, init: "standard-normal" }, train, STEPS);
  const [first, last] = [losses.scaled[0]!, losses.scaled.at(-1)!];
  const [firstPlain, lastPlain] = [losses.plain[0]!, losses.plain.at(-1)!];
  const name = { he: "He normal", xavier: "Xavier normal" }[scaled];
  return section(
    "Initial weights",
    paragraph(md`With weights drawn from the plain standard normal distribution, each sum over $n$ inputs grows by about
      $sqrt(n)$: the logits begin in the hundreds or thousands, and the first loss is
      ${significant(3)(firstPlain)} in place of ${significant(3)(first)}, where guessing would give $ln 10 = 2.303$.
      [](#first-steps) shows the first ${STEPS} steps of this run's settings from either beginning. The gradients are as
      oversized as the values, so a step throws the weights far about; after these steps the loss is
      ${significant(3)(lastPlain)} in place of ${significant(3)(last)}.`),
    figure({
      svg: await lineChart({
        x: { label: "step" },
        y: { label: "loss of the batch", scale: "log" },
        series: [
          { name: name, y: losses.scaled },
          { name: "standard normal", y: losses.plain },
        ],
        height: 220,
      }),
      id: "first-steps",
      caption: "The loss of the first steps by the way in which the weights begin.",
    }),
  );
}

export function studySection({ study, settings, data }: FinishedRun): Section {
  const held = heldOutCount(data.train.length);
  const best = study.reduce((so, row, at) => (row.heldOutError < study[so]!.heldOutError ? at : so), 0);
  const epochs = Math.min(settings.epochs, STUDY_EPOCHS);
  return section(
    "A study of the settings",
    paragraph(md`Each row of [](#study) changes one thing in the settings of this run. All were trained for ${epochs} epochs
      on the training images without ${integer(held)} of them, which were held out by chance and on which the errors were
      counted: the test images had no part in it. Differences of a tenth of a percent are within what another seed
      does.`),
    table({
      columns: [
        "variation",
        { title: "first epoch's loss", format: significant(3) },
        { title: "last epoch's loss", format: significant(3) },
        { title: "held-out error", format: percent(2) },
        { title: "seconds", format: fixed(1) },
      ],
      rows: study.map(({ name, firstLoss, trainLoss, heldOutError, seconds }) => [
        name,
        firstLoss,
        trainLoss,
        heldOutError,
        seconds,
      ]),
      highlight: [best],
      id: "study",
      caption: "Variations of the settings, compared on held-out training images; the best in bold.",
    }),
    ...standardNormal(study),
  );
}

function standardNormal(study: readonly StudyRow[]) {
  const row = study.find(({ settings }) => settings.init === "standard-normal");
  const usual = study.find(({ settings }) => settings.init !== "standard-normal");
  if (row === undefined || usual === undefined) return [];
  return [
    paragraph(md`Plain standard normal weights begin with a mean loss of ${significant(3)(row.firstLoss)} over the first epoch,
      against ${significant(3)(usual.firstLoss)}, and end at ${percent(2)(row.heldOutError)} wrong, against
      ${percent(2)(usual.heldOutError)}.`),
  ];
}
