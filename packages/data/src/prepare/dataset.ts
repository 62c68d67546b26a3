// Pictures of one's own as a dataset to train on, prepared by the very code that prepares them when the network is used.
import { Dataset } from "../dataset.ts";
import { prepareDigit } from "./digit.ts";
import type { PixelImage } from "./ink.ts";
import type { DigitInput } from "./input.ts";

export interface DrawnDigits {
  readonly images: readonly PixelImage[];
  readonly labels: ArrayLike<number>;
  /** Where they came from, in words that a report can print. */
  readonly source: string;
}

/** Drawings as examples [side · side], as `mnist()` has them. */
export function digitDataset({ images, labels, source }: DrawnDigits, input: DigitInput): Dataset<readonly [number]> {
  const size = input.side * input.side;
  const raw = new Float32Array(images.length * size);
  for (const [at, image] of images.entries()) {
    const prepared = prepareDigit(image, input);
    if (prepared.kind === "nothing drawn")
      throw new Error(`digitDataset: nothing is drawn in image ${at}; leave it out`);
    raw.set(prepared.pixels, at * size);
  }
  return new Dataset({ shape: [size] as const, raw, labels: Int32Array.from(labels), source, sha256: "" });
}
