// The same kernels in a page and in Node, both without turbo, on the same threads: a product, a convolution, a training step
// of the MLP and one of the network for CIFAR-10. And what a page's threads gain.
import type { Measurements, Subject } from "../../measurements.ts";
import type { Ratio } from "../../ratios.ts";
import { type BrowserName, browsers, inPage, labelOf, lanewise } from "../../roster.ts";
import { cifar, step as cifarStep } from "../cifar.ts";
import { conv, firstConvolution } from "../conv.ts";
import type { Family } from "../family.ts";
import { matmul, product } from "../matmul.ts";
import { mlp, step as mlpStep } from "../mlp.ts";
import { pageThreads } from "./threads.ts";

const large = product(512);
const subjects: readonly Subject[] = [large, firstConvolution, mlpStep(64), cifarStep(32)];
/** Who knows what is right, by what is measured. */
const families: Readonly<Record<string, Family>> = { matmul, conv, mlp, cifar };
const names: Readonly<Record<string, string>> = {
  matmul: "matmul 512",
  conv: "conv 3x3 64ch 32x32",
  mlp: "MLP step, batch 64",
  cifar: "CIFAR-10 step, batch 32",
};

/** Of Node's speed. */
const bars: Readonly<Record<BrowserName, number>> = { chromium: 0.9, firefox: 0.8 };

export const pageSpeed: Family = {
  name: "page-speed",
  title: "In a cross-origin isolated page, in a worker, against Node without turbo",
  unit: "µs a call",
  seconds: 0.2,
  rounds: 8,
  wishes: ({ cores }) =>
    subjects.flatMap((subject) =>
      pageThreads(cores).flatMap((threads) =>
        [lanewise(threads), ...browsers.map((browser) => inPage(browser, "lanewise", threads))].map((side) => ({
          side,
          subject,
        })),
      ),
    ),
  column: ({ measure }) => names[measure]!,
  figure: (_, seconds) => seconds * 1e6,
  fault: (subject, value) => families[subject.measure]!.fault(subject, value),
  known: () => undefined,
  ratios: (measurements, { cores }) => [
    ...browsers.flatMap((browser) =>
      pageThreads(cores).flatMap((threads) =>
        subjects.map((subject) =>
          against(measurements, subject, inPage(browser, "lanewise", threads), lanewise(threads), bars[browser]),
        ),
      ),
    ),
    ...browsers.flatMap((browser) =>
      pageThreads(cores)
        .slice(1)
        .flatMap((threads) =>
          subjects.map((subject) => {
            const [several, one] = [inPage(browser, "lanewise", threads), inPage(browser, "lanewise", 1)];
            return against(measurements, subject, several, one, subject === large ? 1.7 : undefined);
          }),
        ),
    ),
  ],
};

function against(
  measurements: Measurements,
  subject: Subject,
  ours: string,
  theirs: string,
  bar: number | undefined,
): Ratio {
  return {
    what: pageSpeed.column(subject),
    ours: labelOf(ours),
    theirs: labelOf(theirs),
    ratio: measurements.ratio(ours, theirs, subject),
    ...(bar === undefined ? {} : { bar }),
  };
}
