// What every side is fed, said once in TypeScript and once in torch_peer.py: sums that f32 holds exactly, images, labels.

/** The two factors of a product of n x n matrices: quarters of small integers, so that every sum is exact in f32. */
export function factors(n: number): { a: Float32Array<ArrayBuffer>; b: Float32Array<ArrayBuffer> } {
  return {
    a: Float32Array.from({ length: n * n }, (_, index) => left(index)),
    b: Float32Array.from({ length: n * n }, (_, index) => right(index)),
  };
}

const left = (index: number): number => (((index * 7) % 13) - 6) / 4;
const right = (index: number): number => (((index * 5) % 11) - 5) / 4;

/** Row `row`, column `column` of their product, in plain f64. */
export function productAt(n: number, row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += left(row * n + k) * right(k * n + column);
  return sum;
}

export const imageSize = 784;
export const layerSizes = [imageSize, 256, 128, 10] as const;
export const classes = 10;
export const learningRate = 0.01;
export const momentum = 0.9;
/** More than the caches hold, as a real training set is. */
const imageCount = 8192;
/** Steps in one repetition: garbage collection and the like are part of training. */
export const stepsInARepetition = 10;

/** The same where their kernels are timed. */
export const inferencesInARepetition = 4;

export interface Images {
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
}

/** Pixels in 0..1 and labels, the same on every side; a multiplicative generator is enough for both. */
export function images(): Images {
  let state = 1;
  const next = (): number => {
    state = (state * 48271) % 2147483647;
    return state;
  };
  const pixels = Float32Array.from({ length: imageCount * imageSize }, () => (next() % 256) / 255);
  const labels = Int32Array.from({ length: imageCount }, () => next() % classes);
  return { pixels, labels };
}

/** Batches one after another, over and over: the views that step `step` begins with. */
export function batchAt({ pixels, labels }: Images, step: number, size: number): Images {
  const begin = (step * size) % (imageCount - size + 1);
  return {
    pixels: pixels.subarray(begin * imageSize, (begin + size) * imageSize),
    labels: labels.subarray(begin, begin + size),
  };
}

/** f32 that a pass over memory reads, and as many that it writes: more than the caches hold. */
export const streamElements = 2 ** 24;
