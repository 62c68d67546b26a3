// The part of the report that shows what each ingredient is worth: a study that was made once and is kept.
import { existsSync, readFileSync } from "node:fs";
import { fixed, integer, md, paragraph, percent, type Section, section, table } from "@lanewise/report";
import type { Ablation } from "../study.ts";

const KEPT = new URL("../../results/ablation.json", import.meta.url);

/** The section, or none where no study is kept. */
export function ablationSection(): Section[] {
  if (!existsSync(KEPT)) return [];
  const { epochs, trainImages, heldOutImages, machine, settings, rows } = JSON.parse(
    readFileSync(KEPT, "utf8"),
  ) as Ablation;
  const whole = rows[0]!;
  return [
    section(
      "What each ingredient is worth",
      paragraph(md`Each row of [](#ablation) leaves out or changes one thing in the ${settings.recipe} recipe,
        shortened to ${epochs} epochs. All were trained on ${integer(trainImages)} training pictures and compared on the
        other ${integer(heldOutImages)}; the test set had no part in it. The study was made once (\`--study\`) on
        ${machine}. The last two rows change the seed alone: differences as small as theirs are chance.`),
      table({
        columns: [
          "variation",
          { title: "held-out accuracy", format: percent(2) },
          { title: "difference", format: fixed(2) },
          { title: "with copies", format: percent(2) },
          { title: "last loss", format: fixed(3) },
        ],
        rows: rows.map(({ name, accuracy, accuracyTTA, loss }) => [
          name,
          accuracy,
          100 * (accuracy - whole.accuracy),
          accuracyTTA,
          loss,
        ]),
        highlight: [0],
        caption: "The recipe with one change at a time. The difference is in percentage points.",
        id: "ablation",
      }),
    ),
  ];
}
