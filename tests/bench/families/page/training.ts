// A page whose worker trains is never kept from answering: the longest time between two turns of its own event
// loop, from the worker's start on; no task on its thread lasts longer.
import type { Subject } from "../../measurements.ts";
import { browsers, inPage, labelOf } from "../../roster.ts";
import type { Family } from "../family.ts";
import { lossFault } from "../mlp.ts";
import { defaultThreads } from "./threads.ts";

const names: Readonly<Record<string, string>> = { mlp: "MLP", cnn: "CNN" };
const subjects = Object.keys(names).map((network): Subject => ({ measure: "training", network }));
const LONGEST_TASK = 0.05;

export const pageTraining: Family = {
  name: "page-training",
  title: "The longest task on a page's main thread while its worker trains on all its threads, batches of 64",
  unit: "ms",
  // Once: it is the longest of a while that is asked for, not the least of several.
  seconds: 6,
  rounds: 1,
  wishes: ({ cores }) =>
    subjects.flatMap((subject) =>
      browsers.map((browser) => ({ side: inPage(browser, "lanewise", defaultThreads(cores)), subject })),
    ),
  column: ({ network }) => names[String(network)]!,
  figure: (_, seconds) => seconds * 1000,
  fault: (_, value) => lossFault(value),
  known: () => undefined,
  ratios: (measurements, { cores }) =>
    subjects.flatMap((subject) =>
      browsers.map((browser) => {
        const side = inPage(browser, "lanewise", defaultThreads(cores));
        const seconds = measurements.seconds(side, subject);
        return {
          what: pageTraining.column(subject),
          ours: labelOf(side),
          theirs: "a task of 50 ms",
          ratio: seconds === undefined ? undefined : LONGEST_TASK / seconds,
          bar: 1,
        };
      }),
    ),
};
