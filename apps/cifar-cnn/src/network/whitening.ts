// The first layer's fixed filters: they make the 2x2 patches of the training images uncorrelated and of one size.
import { PATCH, WHITENED } from "@lanewise/models";
import { symmetricEigen } from "./symmetric-eigen.ts";

const CHANNELS = 3;
/** Values of a patch, [row, column, channel]. */
const SIZE = PATCH * PATCH * CHANNELS;

export interface ImageBytes {
  /** [count, side, side, 3], bytes. */
  readonly pixels: Uint8Array;
  readonly side: number;
  readonly count: number;
}

export interface Normalization {
  /** By channel, in bytes: (pixel - mean) / deviation. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/**
 * Filters [2, 2, 3, 24] in the library's order: the eigenvectors of the patches' uncentred covariance, each divided by
 * √(eigenvalue + ε), then their negatives (K. Jordan, arXiv 2404.00498, section 3.2; ε = 5e-4 as there).
 */
export function whiteningFilters(images: ImageBytes, normalization: Normalization, epsilon = 5e-4): Float32Array {
  const { values, vectors } = symmetricEigen(patchCovariance(images, normalization), SIZE);
  const filters = new Float32Array(SIZE * WHITENED);
  for (const [filter, vector] of vectors.entries()) {
    const scale = 1 / Math.sqrt(values[filter]! + epsilon);
    for (const [at, component] of vector.entries()) {
      filters[at * WHITENED + filter] = component * scale;
      filters[at * WHITENED + SIZE + filter] = -component * scale;
    }
  }
  return filters;
}

/** Mean of p pᵀ over all patches p of all images, [12, 12]; in f64. */
export function patchCovariance({ pixels, side, count }: ImageBytes, { mean, deviation }: Normalization): Float64Array {
  const sums = new Float64Array(SIZE * SIZE);
  const patch = new Float64Array(SIZE);
  for (let image = 0; image < count; image++) {
    for (let top = 0; top + PATCH <= side; top++) {
      for (let left = 0; left + PATCH <= side; left++) {
        for (let at = 0; at < SIZE; at++) {
          const channel = at % CHANNELS;
          const col = left + (Math.floor(at / CHANNELS) % PATCH);
          const row = top + Math.floor(at / (CHANNELS * PATCH));
          const pixel = pixels[((image * side + row) * side + col) * CHANNELS + channel]!;
          patch[at] = (pixel - mean[channel]!) / deviation[channel]!;
        }
        for (let i = 0; i < SIZE; i++) for (let j = i; j < SIZE; j++) sums[i * SIZE + j]! += patch[i]! * patch[j]!;
      }
    }
  }
  const patches = count * (side - PATCH + 1) ** 2;
  for (let i = 0; i < SIZE; i++) {
    for (let j = i; j < SIZE; j++) {
      const value = sums[i * SIZE + j]! / patches;
      sums[i * SIZE + j] = value;
      sums[j * SIZE + i] = value;
    }
  }
  return sums;
}
