// The options of the program: everything that the coursework tunes, each with its explanation.
import { choice, flag, integer, integers, number, type OptionValues, type Program, text } from "@lanewise/terminal";
import { ACTIVATIONS, INITIALIZERS } from "./settings.ts";
import { SCHEDULES } from "./training/schedule.ts";

const network = { group: "The network" } as const;
const training = { group: "Training" } as const;
const machine = { group: "Machine" } as const;
const files = { group: "Data and results" } as const;

const options = {
  hidden: integers("Widths of the hidden layers, from the images on; 'none' leaves a linear classifier.", {
    default: [512, 256],
    min: 1,
    max: 65_536,
    ...network,
  }),
  activation: choice("What the hidden layers do to their sums.", ACTIVATIONS, { default: "relu", ...network }),
  init: choice(
    "How weights begin: normal, scaled for ReLU (he) or for sigmoid and tanh (xavier), or plain standard normal.",
    INITIALIZERS,
    { default: "he", ...network },
  ),
  epochs: integer("Passes over the training images.", { default: 15, min: 1, max: 10_000, short: "e", ...training }),
  batchSize: integer("Images a step.", { default: 128, min: 1, max: 60_000, short: "b", ...training }),
  lr: number("Learning rate of the first step.", { default: 0.1, above: 0, ...training }),
  schedule: choice("How the learning rate falls to 0, or that it does not.", SCHEDULES, {
    default: "cosine",
    ...training,
  }),
  momentum: number("Share of the last step's direction that is kept.", { default: 0.9, min: 0, below: 1, ...training }),
  weightDecay: number("Pull of the weights to 0: added to each gradient, times the weight.", {
    default: 1e-4,
    min: 0,
    ...training,
  }),
  labelSmoothing: number(
    "Share of each target that is spread over all digits: keeps the network from being too sure.",
    {
      default: 0.1,
      min: 0,
      below: 1,
      ...training,
    },
  ),
  seed: integer("What initial weights and the order of images are drawn from.", { default: 1, min: 0, ...training }),
  study: flag("Also train variations of these settings and compare them on held-out training images.", training),
  threads: integer("Threads that share the work; all cores where not given.", { min: 1, max: 256, ...machine }),
  strict: flag("Bit-equal results on every machine and for every number of threads, for some speed.", machine),
  turbo: choice("256-bit arithmetic, used after a check that it calculates right.", ["on", "off"], {
    default: "on",
    ...machine,
  }),
  data: text(
    "Folder with MNIST as four IDX files (.gz or not) or as mnist_train.csv and mnist_test.csv. Where not given: the " +
      "folder of LANEWISE_DATA, the cache, a download, at last the sample that comes with this program.",
    { placeholder: "folder", ...files },
  ),
  format: choice("Read only files of this format.", ["idx", "csv"], files),
  out: text("Folder for the results; made if it is not there.", {
    placeholder: "folder",
    default: "out/mnist",
    short: "o",
    ...files,
  }),
  resume: flag(
    "Go on with the run in the results' folder from its checkpoint, to the bit as if it had never stopped. What the run " +
      "began with holds: no other option is needed but --out and --data, where they were given.",
    files,
  ),
  withoutReport: flag("Write the model and the metrics only: no report, no curves.", files),
} as const;

export const program = {
  name: "p1",
  description:
    "Trains a multilayer perceptron on MNIST, with back-propagation written out by hand, on WebAssembly kernels and all cores.",
  options,
  epilogue:
    "Results: p1_model.npz, metrics.json, p1_report.pdf, the curves as .svg and .png, and checkpoint.npz, from which a run\n" +
    "goes on.\n" +
    "Ctrl-C stops after the step in hand and saves what was learned; --resume goes on from there.\n\n" +
    "Examples:\n" +
    "  npm start\n" +
    "  npm start -- --hidden 256,128 --activation tanh --init xavier --epochs 10\n" +
    "  npm start -- --strict --seed 7 --out out/seven\n" +
    "  npm start -- --resume --out out/seven",
} satisfies Program<typeof options>;

export type GivenOptions = OptionValues<typeof options>;
