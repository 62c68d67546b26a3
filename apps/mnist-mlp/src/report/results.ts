// The part of the report that says what came out: curves, confusion matrix, errors by digit, the most confident mistakes.
import {
  classificationBlocks,
  figure,
  imageGrid,
  integer,
  md,
  paragraph,
  percent,
  type Section,
  section,
} from "@lanewise/report";
import { confusionCounts, type Prediction } from "lanewise/train";
import type { FinishedRun } from "../run.ts";
import { confidentMistakes, type Digits } from "../training/evaluation.ts";

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));
const MISTAKES = 18;
const SIDE = 28;

export interface Curves {
  readonly loss: string;
  readonly error: string;
}

export async function resultsSection(
  { stats, data, metrics }: FinishedRun,
  all: readonly Prediction[],
  curves: Curves,
): Promise<Section> {
  const counts = confusionCounts(all, DIGITS.length);
  const wrong = Math.round(metrics.testError * data.test.length);
  return section(
    "Results",
    paragraph(md`After ${stats.testError.length} epochs the network takes ${integer(wrong)} of
      ${integer(data.test.length)} test images for another digit: ${percent(2)(metrics.testError)}.`),
    learning(curves),
    section(
      "Errors by digit",
      ...(await classificationBlocks({ noun: "digit", classes: DIGITS, counts, bars: "wrong" })),
    ),
    mistakes(all, data.test),
  );
}

function learning({ loss, error }: Curves): Section {
  return section(
    "Learning curves",
    paragraph(md`[](#loss-curve) and [](#error-curve) show each epoch's means. Those of training are taken while the weights
      change from step to step, so in early epochs they lie above what the weights at the epoch's end would give; the test
      images are seen by the weights at the end. The test curve is shown as the exercise asks; nothing was chosen by it.`),
    figure({ svg: loss, floating: true, id: "loss-curve", caption: "Loss by epoch." }),
    figure({ svg: error, floating: true, id: "error-curve", caption: "Wrong predictions by epoch." }),
  );
}

function mistakes(all: readonly Prediction[], test: Digits): Section {
  const worst = confidentMistakes(all, MISTAKES);
  if (worst.length === 0) return section("Mistakes", paragraph("There are none: every test image is recognized."));
  const pixels = test.raw as Uint8Array;
  const grid = imageGrid({
    width: SIDE,
    height: SIDE,
    inverted: true,
    images: worst.map(({ index, label, predicted, probability }) => ({
      pixels: pixels.subarray(index * SIDE * SIDE, (index + 1) * SIDE * SIDE),
      caption: [`${label}, taken for ${predicted}`, percent(probability > 0.9995 ? 3 : 1)(probability)],
    })),
  });
  return section(
    "The most confident mistakes",
    paragraph(md`[](#mistakes) shows the wrong predictions in which the network is surest of itself, with the probability
      that it gives to its answer. Some of these digits are hard for people, too.`),
    figure({
      floating: true,
      svg: grid,
      id: "mistakes",
      caption: "The most confident mistakes: true digit, predicted digit, probability.",
    }),
  );
}
