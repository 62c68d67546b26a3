// The options of the program: a recipe, and what may differ from it, each with its explanation.
import { choice, flag, integer, integers, number, type OptionValues, type Program, text } from "@lanewise/terminal";
import { RECIPES, type RecipeName } from "./recipes.ts";

const training = { group: "Instead of the recipe's" } as const;
const selection = { group: "Choosing" } as const;
const machine = { group: "Machine" } as const;
const files = { group: "Data and results" } as const;

const options = {
  recipe: choice(
    "fast: above 90 % in some ten minutes on two cores; full: 93.6 % (94.3 % with mirrored and moved copies) in under an hour; tutorial: PyTorch's first network.",
    Object.keys(RECIPES) as RecipeName[],
    { default: "fast", short: "r", group: "Recipe" },
  ),
  widths: integers("Channels of the three groups of convolutions.", { min: 1, max: 4096, ...training }),
  epochs: integer("Passes over the training images.", { min: 1, max: 10_000, short: "e", ...training }),
  batchSize: integer("Images a step.", { min: 2, max: 50_000, short: "b", ...training }),
  optimizer: choice("What steps the convolutions' filters.", ["muon", "sgd"], training),
  lr: number("Learning rate of the filters.", { above: 0, ...training }),
  labelSmoothing: number("Share of each target that is spread over all classes.", { min: 0, below: 1, ...training }),
  seed: integer("What initial weights, the order of images and their changes are drawn from.", {
    default: 1,
    min: 0,
    ...training,
  }),
  heldOut: flag(
    "Train without 5,000 training images and test on those: what recipes are chosen by. The test set is not read.",
    selection,
  ),
  study: flag(
    "Train the recipe for two epochs with one ingredient left out at a time, compared on held-out images; --resume " +
      "goes on after those that are done.",
    selection,
  ),
  threads: integer("Threads that share the work; all cores where not given.", { min: 1, max: 256, ...machine }),
  strict: flag("Bit-equal results on every machine and for every number of threads, for some speed.", machine),
  turbo: choice("256-bit arithmetic, used after a check that it calculates right.", ["on", "off"], {
    default: "on",
    ...machine,
  }),
  data: text(
    "Folder with CIFAR-10's binary version (data_batch_1.bin and so on). Where not given: the folder of LANEWISE_DATA, " +
      "the cache, a download, at last the sample that comes with this program.",
    { placeholder: "folder", ...files },
  ),
  out: text("Folder for the results; made if it is not there.", {
    placeholder: "folder",
    default: "out/cifar",
    short: "o",
    ...files,
  }),
  resume: flag("Go on from the checkpoint in the results' folder, bit for bit as if never stopped.", files),
  withoutReport: flag("Write the model and the metrics only: no report, no curves.", files),
} as const;

export const program = {
  name: "p2",
  description: "Trains a convolutional network on CIFAR-10, on WebAssembly kernels and all cores.",
  options,
  epilogue:
    "Results: p2_model.pkl (PyTorch's format), p2_model.py, metrics.json, checkpoint.npz,\n" +
    "p2_report.pdf, the curves as .svg and .png.\n" +
    "Ctrl-C stops after the step in hand and keeps a checkpoint; --resume goes on from it.\n\n" +
    "Examples:\n" +
    "  npm run cifar\n" +
    "  npm run cifar -- --recipe full --out out/cifar-full\n" +
    "  npm run cifar -- --recipe fast --epochs 4 --held-out",
} satisfies Program<typeof options>;

export type GivenOptions = OptionValues<typeof options>;
