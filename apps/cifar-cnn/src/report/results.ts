// The part of the report that says what came out: curves, confusion matrix, accuracy by class.
import {
  type Block,
  barChart,
  confusionMatrix,
  figure,
  integer,
  md,
  paragraph,
  percent,
  type Section,
  section,
} from "@lanewise/report";
import type { FinishedRun } from "../finished-run.ts";
import { confusionCounts } from "../training/predictions.ts";
import type { Curves } from "./curves.ts";

export async function resultsSection(run: FinishedRun, curves: Curves): Promise<Section> {
  const { data, metrics, predictions } = run;
  const right = predictions.filter(({ label, predicted }) => label === predicted).length;
  return section(
    "Results",
    paragraph(md`The network tells ${integer(right)} of ${integer(predictions.length)} pictures right:
      ${percent(2)(metrics.testAccuracy)}. When its logits are averaged over a picture, its mirror image and both moved by a
      pixel, ${percent(2)(metrics.testAccuracyTTA)}. These pictures were read once, by the last weights; nothing was chosen
      by them.`),
    paragraph(md`[](#loss-curve) and [](#error-curve) are taken while the weights change, on pictures that were mirrored and
      moved, which makes them harder than the test's.`),
    figure({ svg: curves.loss, id: "loss-curve", caption: "Loss by epoch." }),
    figure({ svg: curves.error, id: "error-curve", caption: "Wrong predictions by epoch." }),
    ...(await byClass(data.train.classNames, confusionCounts(predictions))),
  );
}

async function byClass(classes: readonly string[], counts: readonly (readonly number[])[]): Promise<Block[]> {
  const shares = counts.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total === 0 ? 0 : (100 * row[label]!) / total;
  });
  return [
    figure({
      svg: await confusionMatrix({ classes, counts }),
      id: "confusion",
      caption: "The confusion matrix: rows are the true classes, columns the predicted ones.",
    }),
    figure({
      svg: await barChart({
        category: "class",
        categories: classes,
        value: { label: "right predictions", unit: "%" },
        series: [{ name: "test", values: shares }],
      }),
      id: "by-class",
      caption: "The part of each class's pictures that is told right.",
    }),
    ...commonest(classes, counts),
  ];
}

/** A sentence on the pair that is confused most. */
function commonest(classes: readonly string[], counts: readonly (readonly number[])[]): Block[] {
  const pairs = counts.flatMap((row, label) => row.map((count, predicted) => ({ label, predicted, count })));
  const [most] = pairs.filter(({ label, predicted }) => label !== predicted).toSorted((a, b) => b.count - a.count);
  if (most === undefined || most.count === 0) return [];
  return [
    paragraph(md`The commonest confusion: ${classes[most.label]!} taken for ${classes[most.predicted]!},
      ${most.count} times.`),
  ];
}
