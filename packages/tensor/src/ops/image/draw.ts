// Random numbers for images: by seed, epoch and the image's index, whatever the order in which batches come.

import { kernels } from "@lanewise/kernels";
import type { Generator } from "../../random.ts";
import { Value } from "../../value.ts";

/**
 * `numbers` (at most 16) whole numbers from 0 to 2^32 − 1 for each image, image after image. They depend on the generator's
 * seed and stream, not on its position, which does not move.
 */
export function drawForImages(
  generator: Generator,
  indices: Int32Array,
  epoch: number,
  numbers: number,
): Uint32Array<ArrayBuffer> {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch >= 2 ** 28)
    throw new RangeError(`drawForImages: epoch ${epoch} came, expected a whole number from 0 to 2^28 - 1`);
  const { seed, stream } = generator.state;
  const key = [Number(BigInt(seed) & 0xffffffffn), Number(BigInt(seed) >> 32n)] as const;
  const places = Value.alloc([indices.length], "i32");
  const bits = Value.alloc([indices.length, numbers], "i32");
  try {
    places.write(Int32Array.from(indices));
    kernels().image_draw(indices.length, numbers, ...key, stream, epoch, places.handle, bits.handle);
    return Uint32Array.from(bits.read() as Int32Array, (each) => each >>> 0);
  } finally {
    places.release();
    bits.release();
  }
}
