// What a classifier confuses: the matrix, a bar for each class, and a sentence on the commonest mistake.
import { barChart } from "./charts/bar.ts";
import { confusionMatrix } from "./charts/heatmap.ts";
import { md } from "./document/inline.ts";
import { type Block, figure, paragraph } from "./document/model.ts";

export interface Classification {
  /** What the classes are, in the singular: `digit`. */
  noun: string;
  classes: readonly string[];
  /** `counts[label][predicted]`. */
  counts: readonly (readonly number[])[];
  /** Whether the bars show what was told right or wrong. */
  bars: "right" | "wrong";
  /** What was told: `test images` by default. */
  images?: string;
}

/** A sentence and two floating figures with the ids `confusion` and `by-class`. */
export async function classificationBlocks(told: Classification): Promise<Block[]> {
  const { noun, classes, counts, bars, images = "test images" } = told;
  const shares = counts.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const counted = bars === "right" ? row[label]! : total - row[label]!;
    return total === 0 ? 0 : (100 * counted) / total;
  });
  return [
    commonest(classes, counts, bars),
    figure({
      floating: true,
      svg: await confusionMatrix({ classes, counts }),
      id: "confusion",
      caption: `The confusion matrix of the ${images}: rows are true, columns predicted.`,
    }),
    figure({
      floating: true,
      svg: await barChart({
        category: noun,
        categories: classes,
        value: { label: `${bars} predictions`, unit: "%" },
        series: [{ name: "test", values: shares }],
      }),
      id: "by-class",
      caption: `The part of each ${noun}'s ${images} whose prediction is ${bars}.`,
    }),
  ];
}

function commonest(
  classes: readonly string[],
  counts: readonly (readonly number[])[],
  bars: Classification["bars"],
): Block {
  const pairs = counts.flatMap((row, label) => row.map((count, predicted) => ({ label, predicted, count })));
  const [most] = pairs.filter(({ label, predicted }) => label !== predicted).toSorted((a, b) => b.count - a.count);
  const times = most?.count === 1 ? "once" : `${most?.count} times`;
  const mistake =
    most === undefined || most.count === 0
      ? "There is no mistake."
      : `The commonest mistake is “${classes[most.label]}” taken for “${classes[most.predicted]}”: ${times}.`;
  return paragraph(
    md`[](#confusion) counts what was taken for what, [](#by-class) how much of each class is told ${bars}. ${mistake}`,
  );
}
