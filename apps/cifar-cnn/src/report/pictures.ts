// The part of the report that shows pictures: those that the network is surest of, rightly and wrongly.
import { figure, imageGrid, md, paragraph, percent, type Section, section } from "@lanewise/report";
import type { Prediction } from "lanewise/train";
import type { FinishedRun } from "../finished-run.ts";

const SHOWN = 15;
const SIDE = 32;

export function picturesSection(run: FinishedRun): Section {
  const { predictions } = run;
  const wrong = predictions.filter(({ label, predicted }) => label !== predicted);
  const surest = [...predictions].filter((p) => p.label === p.predicted).sort((a, b) => b.probability - a.probability);
  const worst = [...wrong].sort((a, b) => a.ofLabel - b.ofLabel);
  return section(
    "Best and worst pictures",
    paragraph(md`[](#best) shows the right answers that the network is surest of, [](#worst) the pictures to whose true class
      it gives the least probability.`),
    figure({
      floating: true,
      svg: grid(run, surest.slice(0, SHOWN), ({ label, probability }, classes) => [
        classes[label]!,
        percent(2)(probability),
      ]),
      id: "best",
      caption: "The surest right answers, with their probability.",
    }),
    ...(worst.length === 0
      ? [paragraph("There is no wrong answer.")]
      : [
          figure({
            floating: true,
            svg: grid(run, worst.slice(0, SHOWN), ({ label, predicted, probability }, classes) => [
              classes[label]!,
              `${classes[predicted]!}, ${percent(1)(probability)}`,
            ]),
            id: "worst",
            caption: "The worst answers: the true class, below it the predicted one and the probability given to that.",
          }),
        ]),
  );
}

function grid(
  { tested, data }: FinishedRun,
  chosen: readonly Prediction[],
  caption: (prediction: Prediction, classes: readonly string[]) => readonly string[],
): string {
  const size = SIDE * SIDE * 3;
  const pixels = tested.raw as Uint8Array;
  return imageGrid({
    images: chosen.map((prediction) => ({
      pixels: pixels.subarray(prediction.index * size, (prediction.index + 1) * size),
      caption: caption(prediction, data.train.classNames),
    })),
    width: SIDE,
    height: SIDE,
    channels: 3,
    columns: 5,
    size: 64,
  });
}
