// The recipes: a network and all that its training needs; fast was chosen on held-out training images.
import type { Widths } from "./network/index.ts";

export interface Recipe {
  /** "whitened" (three groups of two convolutions) or "tutorial" (PyTorch's first). */
  readonly network: "whitened" | "tutorial";
  /** Channels of the three groups; the tutorial's network has its own. */
  readonly widths: Widths;
  readonly epochs: number;
  readonly batchSize: number;
  /** What steps the filters; biases and the last layer are stepped by SGD in any case. */
  readonly optimizer: "muon" | "sgd";
  /** Of the filters: of Muon, or of SGD for the loss summed over a batch. */
  readonly lr: number;
  readonly momentum: number;
  /** Of the norms' biases, for the summed loss. */
  readonly biasLr: number;
  /** Of the last layer, for the summed loss. */
  readonly headLr: number;
  /** Pull to 0 a step and image: each weight loses this share of itself times the images of a step. */
  readonly decay: number;
  /** Points of the rate's line: [share of the run, factor]. */
  readonly schedule: readonly (readonly [done: number, factor: number])[];
  readonly labelSmoothing: number;
  /** Whether a slow copy of the weights follows and is handed back every five steps. */
  readonly lookahead: boolean;
  /** "alternating": an image is mirrored in every second epoch. */
  readonly flip: "alternating" | "random" | "none";
  /** Most pixels that an image is moved by, in each direction. */
  readonly translate: number;
  /** Whether the first layer whitens patches; else it begins as PyTorch's does, and stays so. */
  readonly whitening: boolean;
  /** Whether each convolution's first filters begin by passing their channel on. */
  readonly dirac: boolean;
  /** Epochs in which the whitening layer's bias trains. */
  readonly whiteningBiasEpochs: number;
}

/** What the rates of arXiv 2404.00498's listing are for: 1,024 images, and what momentum makes of their gradients. */
const KILOSTEP = 1024 * (1 + 1 / (1 - 0.85));

const muon = {
  network: "whitened",
  optimizer: "muon",
  lr: 0.24,
  momentum: 0.6,
  biasLr: 0.053,
  headLr: 0.0033,
  decay: 2e-6,
  schedule: [
    [0, 1],
    [1, 0],
  ],
  labelSmoothing: 0.2,
  lookahead: true,
  flip: "alternating",
  translate: 2,
  whitening: true,
  dirac: true,
  whiteningBiasEpochs: 3,
} as const;

export const RECIPES = {
  fast: { ...muon, widths: [64, 128, 128], epochs: 8, batchSize: 500 },
  full: { ...muon, widths: [64, 256, 256], epochs: 12, batchSize: 1000, headLr: 0.0008 },
  tutorial: {
    network: "tutorial",
    widths: [6, 16, 16],
    epochs: 10,
    batchSize: 32,
    optimizer: "sgd",
    lr: 0.01 / 32,
    momentum: 0.9,
    biasLr: 0.01 / 32,
    headLr: 0.01 / 32,
    decay: 0,
    schedule: [
      [0, 1],
      [1, 0],
    ],
    labelSmoothing: 0,
    lookahead: false,
    flip: "none",
    translate: 0,
    whitening: false,
    dirac: false,
    whiteningBiasEpochs: 0,
  },
} as const satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;

/** The rates of the SGD form of the whitened network: 11.5 a kilostep, 64 times that for the norms' biases. */
export const SGD_RATES = {
  optimizer: "sgd",
  lr: 11.5 / KILOSTEP,
  momentum: 0.85,
  biasLr: (64 * 11.5) / KILOSTEP,
  headLr: 11.5 / KILOSTEP,
  decay: 0.0153 / KILOSTEP,
  schedule: [
    [0, 0.2],
    [0.23, 1],
    [1, 0.07],
  ],
} as const satisfies Partial<Recipe>;
