// The part of the report that says what came out: curves, confusion matrix, accuracy by class.
import { classificationBlocks, figure, integer, md, paragraph, percent, type Section, section } from "@lanewise/report";
import { confusionCounts } from "lanewise/train";
import type { FinishedRun } from "../finished-run.ts";
import type { Curves } from "./curves.ts";

export async function resultsSection(run: FinishedRun, curves: Curves): Promise<Section> {
  const { data, metrics, predictions, settings } = run;
  const right = predictions.filter(({ label, predicted }) => label === predicted).length;
  return section(
    "Results",
    paragraph(md`The network tells ${integer(right)} of ${integer(predictions.length)} pictures right:
      ${percent(2)(metrics.testAccuracy)}. When its logits are averaged over a picture, its mirror image and both moved by a
      pixel, ${percent(2)(metrics.testAccuracyTTA)}. ${
        settings.heldOut
          ? "They are training pictures that training did not see."
          : "These pictures were read once, by the last weights; nothing was chosen by them."
      }`),
    paragraph(md`[](#loss-curve) and [](#error-curve) are taken while the weights change, on pictures that were mirrored and
      moved, which makes them harder than the test's.`),
    figure({ svg: curves.loss, floating: true, id: "loss-curve", caption: "Loss by epoch." }),
    figure({ svg: curves.error, floating: true, id: "error-curve", caption: "Wrong predictions by epoch." }),
    ...(await classificationBlocks({
      noun: "class",
      classes: data.train.classNames,
      counts: confusionCounts(predictions, data.train.classNames.length),
      bars: "right",
      images: settings.heldOut ? "held-out images" : "test images",
    })),
  );
}
