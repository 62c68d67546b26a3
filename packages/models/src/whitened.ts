// The network of the fast and full recipes: whitened patches, then three groups of two convolutions.
// K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", arXiv 2404.00498, sections 3.1 to 3.3.

import { BatchNorm2d, Conv2d, Flatten, GELU, Linear, MaxPool2d, type Module, Scale, Sequential } from "@lanewise/nn";
import type { Tensor } from "@lanewise/tensor";

/** Side of a patch that the first layer whitens. */
export const PATCH = 2;
/** Filters of the first layer: one for each of the patch's values of three channels, and its negative. */
export const WHITENED = 2 * PATCH * PATCH * 3;

export type Widths = readonly [number, number, number];

/** Batch norm as there: its scale fixed at 1, its running statistics following quickly. */
const NORM = { momentum: 0.4, eps: 1e-12 } as const;

export interface WhitenedOptions {
  /** Channels of the three groups. */
  readonly widths: Widths;
  /** The first layer's filters, [2, 2, 3, 24] in memory's order; where there are none they begin as PyTorch's do. */
  readonly filters: Float32Array | null;
  /** Whether each convolution's first filters begin by passing their channel on. */
  readonly dirac: boolean;
  readonly classes?: number;
}

/** [N, 32, 32, 3], normalized, to logits [N, classes]. The first layer's filters stay as they are; its bias trains. */
export function whitenedNetwork(options: WhitenedOptions): Sequential<readonly Module[]> {
  const { widths, filters, dirac, classes = 10 } = options;
  const whitening = new Conv2d(3, WHITENED, PATCH);
  if (filters !== null) whitening.weight.assign(Float32Array.from(filters));
  whitening.weight.requiresGrad = false;
  whitening.bias!.assign(new Float32Array(WHITENED));
  const [first, second, third] = widths;
  return new Sequential(
    ...([
      whitening,
      new GELU(),
      ...group(WHITENED, first, dirac),
      ...group(first, second, dirac),
      ...group(second, third, dirac),
      new MaxPool2d(3),
      new Flatten(),
      new Linear(third, classes, { bias: false }),
      new Scale(1 / 9),
    ] as readonly Module[]),
  );
}

/** Halves the sides and makes `outChannels` of the channels. */
function group(inChannels: number, outChannels: number, dirac: boolean): Module[] {
  return [
    convolution(inChannels, outChannels, dirac),
    new MaxPool2d(2),
    fixedNorm(outChannels),
    new GELU(),
    convolution(outChannels, outChannels, dirac),
    fixedNorm(outChannels),
    new GELU(),
  ];
}

function convolution(inChannels: number, outChannels: number, dirac: boolean): Module {
  const layer = new Conv2d(inChannels, outChannels, 3, { padding: 1, bias: false });
  if (dirac) beginWithDirac(layer.weight as unknown as Tensor, inChannels, outChannels);
  return layer;
}

/** The first filters pass their channel on; the others stay as they began. */
function beginWithDirac(weights: Tensor, inChannels: number, outChannels: number): void {
  const weight = weights.data();
  const middle = 4;
  for (let tap = 0; tap < 9; tap++) {
    for (let from = 0; from < inChannels; from++) {
      for (let to = 0; to < Math.min(inChannels, outChannels); to++) {
        weight[(tap * inChannels + from) * outChannels + to] = tap === middle && from === to ? 1 : 0;
      }
    }
  }
  weights.assign(weight);
}

function fixedNorm(channels: number): Module {
  const norm = new BatchNorm2d(channels, NORM);
  norm.weight!.requiresGrad = false;
  return norm;
}
