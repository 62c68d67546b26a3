// The two models' inference in a page, from an array of examples to one of logits, by each library's public API: against
// ONNX Runtime and TensorFlow.js in the same kind of page on the same threads.
import type { Measurements, Subject } from "../../measurements.ts";
import { checksum, examples, type NetworkName, networkNamed, sizeOf } from "../../networks/network.ts";
import { referenceLogits } from "../../networks/reference.ts";
import type { Ratio } from "../../ratios.ts";
import { type BrowserName, browsers, inPage, labelOf, onnxruntime, tfjs } from "../../roster.ts";
import { inferencesInARepetition } from "../../sides/inputs.ts";
import type { Family } from "../family.ts";
import { imagesPerSecond } from "../mlp.ts";
import { pageThreads } from "./threads.ts";

const networks: readonly NetworkName[] = ["mlp", "cifar"];
const batches = [1, 32];
const libraries = ["lanewise", tfjs, onnxruntime] as const;
const peers = [tfjs, onnxruntime] as const;
const inference = (network: NetworkName, batch: number): Subject => ({ measure: "inference", network, batch });
const subjects = networks.flatMap((network) => batches.map((batch) => inference(network, batch)));
const names: Readonly<Record<string, string>> = { mlp: "MLP", cifar: "CIFAR-10" };

/** Of the sizes of the logits that are summed: f32 over six convolutions, Winograd's among them. */
const TOLERANCE = 1e-3;

/** What the last example of a batch must give, and the size of what is summed to it. */
function expected({ network: name, batch }: Subject): { readonly value: number; readonly size: number } {
  const network = networkNamed(String(name));
  const last = examples(network, Number(batch)).subarray(-sizeOf(network.input));
  const logits = referenceLogits(network, last);
  return { value: checksum(logits, network.classes), size: checksum(logits.map(Math.abs), network.classes) };
}

const remembered = new Map<Subject, ReturnType<typeof expected>>();

export const pageInference: Family = {
  name: "page-inference",
  title: "Inference in a cross-origin isolated page, in a worker: MLP 784-256-128-10, and the network for CIFAR-10",
  unit: "images/s",
  seconds: 0.15,
  rounds: 8,
  wishes: ({ cores }) =>
    subjects.flatMap((subject) =>
      browsers.flatMap((browser) =>
        pageThreads(cores).flatMap((threads) =>
          libraries.map((library) => ({ side: inPage(browser, library, threads), subject })),
        ),
      ),
    ),
  column: ({ network, batch }) => `${names[String(network)]}, batch ${batch}`,
  figure: imagesPerSecond,
  fault: (subject, value) => {
    const right = remembered.get(subject) ?? expected(subject);
    remembered.set(subject, right);
    return Math.abs(value - right.value) <= TOLERANCE * right.size
      ? undefined
      : `the last example's logits, each times its place, sum up to ${value}, expected ${right.value}`;
  },
  known: () => undefined,
  ratios: (measurements, { cores }) =>
    browsers.flatMap((browser) =>
      pageThreads(cores).flatMap((threads) =>
        subjects.map((subject) => againstTheFaster(measurements, subject, browser, threads)),
      ),
    ),
  profiled: {
    what: "inference",
    subjects,
    sides: browsers.map((browser) => inPage(browser, "lanewise", 1, "profile")),
    steps: inferencesInARepetition,
    turns: 10,
  },
};

function againstTheFaster(measurements: Measurements, subject: Subject, browser: BrowserName, threads: number): Ratio {
  const ours = inPage(browser, "lanewise", threads);
  const sides = peers.map((peer) => inPage(browser, peer, threads));
  // The faster is known where both were measured.
  const complete = sides.every((side) => measurements.seconds(side, subject) !== undefined);
  const faster = complete ? measurements.fastest(sides, subject) : undefined;
  return {
    what: pageInference.column(subject),
    ours: labelOf(ours),
    theirs: faster === undefined ? "the faster of both" : labelOf(faster),
    ratio: faster === undefined ? undefined : measurements.ratio(ours, faster, subject),
    bar: 1.3,
  };
}
