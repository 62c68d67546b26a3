// Convolutions to measure, and what every side is fed: said once here, and once in torch_conv.py.
import type { Request } from "./tasks.ts";

/** As a request says it; images are square, and so are filters. */
export interface Convolution {
  readonly batch: number;
  readonly size: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
  /** 0 where the images are the data: nobody wants their gradient then. */
  readonly inputGradient: number;
}

export function convolutionOf(request: Omit<Request, "seconds">): Convolution {
  return request as unknown as Convolution;
}

/** The side of the result. */
export const outSize = ({ size, kernel, stride, padding }: Convolution): number =>
  Math.floor((size + 2 * padding - kernel) / stride) + 1;

/** Operations of one pass as the definition counts them: no algorithm's own. */
export function convolutionFlop(c: Convolution): number {
  return (2 * c.batch * outSize(c) ** 2 * c.outChannels * c.kernel ** 2 * c.inChannels) / c.groups;
}

// Quarters of small integers, in memory's order: images [N, H, W, C], filters [KH, KW, C / groups, Out].
const image = (index: number): number => (((index * 7) % 13) - 6) / 4;
const filter = (index: number): number => (((index * 5) % 11) - 5) / 4;
const gradient = (index: number): number => (((index * 3) % 7) - 3) / 4;
const bias = (index: number): number => ((index % 5) - 2) / 4;

const fill = (length: number, at: (index: number) => number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, index) => at(index));

export function convolutionInputs(c: Convolution) {
  return {
    images: fill(c.batch * c.size ** 2 * c.inChannels, image),
    filters: fill((c.kernel ** 2 * c.inChannels * c.outChannels) / c.groups, filter),
    bias: fill(c.outChannels, bias),
    gradient: fill(c.batch * outSize(c) ** 2 * c.outChannels, gradient),
  };
}

/** A sum in plain f64, and that of its terms' sizes. */
export interface Expected {
  readonly value: number;
  readonly size: number;
}

/** The last element of the result. */
export function lastResult(c: Convolution): Expected {
  const last = outSize(c) - 1;
  const first = bias(c.outChannels - 1);
  let [value, size] = [first, Math.abs(first)];
  eachTap(c, last, last, (row, col, tap) => {
    for (let from = 0; from < c.inChannels / c.groups; from++) {
      const x = image(imageAt(c, c.batch - 1, row, col, from));
      const product = x * filter((tap * (c.inChannels / c.groups) + from + 1) * c.outChannels - 1);
      value += product;
      size += Math.abs(product);
    }
  });
  return { value, size };
}

/** The last element of the filters' gradient. */
export function lastFilterGradient(c: Convolution): Expected {
  const out = outSize(c);
  let [value, size] = [0, 0];
  for (let n = 0; n < c.batch; n++) {
    for (let y = 0; y < out; y++) {
      for (let x = 0; x < out; x++) {
        const row = y * c.stride - c.padding + c.kernel - 1;
        const col = x * c.stride - c.padding + c.kernel - 1;
        if (row >= c.size || col >= c.size) continue;
        const dy = gradient(((n * out + y) * out + x + 1) * c.outChannels - 1);
        const product = dy * image(imageAt(c, n, row, col, c.inChannels / c.groups - 1));
        value += product;
        size += Math.abs(product);
      }
    }
  }
  return { value, size };
}

/** Where in the images a channel of the last group lies. */
function imageAt(c: Convolution, n: number, row: number, col: number, channel: number): number {
  const inGroup = c.inChannels - c.inChannels / c.groups + channel;
  return ((n * c.size + row) * c.size + col) * c.inChannels + inGroup;
}

/** The places of the images under the filter's taps, but for those on the padding. */
function eachTap(c: Convolution, y: number, x: number, run: (row: number, col: number, tap: number) => void): void {
  for (let tap = 0; tap < c.kernel ** 2; tap++) {
    const row = y * c.stride - c.padding + Math.floor(tap / c.kernel);
    const col = x * c.stride - c.padding + (tap % c.kernel);
    if (row >= 0 && row < c.size && col >= 0 && col < c.size) run(row, col, tap);
  }
}
