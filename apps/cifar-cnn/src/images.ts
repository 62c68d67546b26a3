// CIFAR-10 for this program: where it is looked for, and the sample that stands in at last.
import { downloadShown } from "@lanewise/terminal";
import { type CifarDataset, type CifarParts, cifar10 } from "lanewise/data";
import type { Settings } from "./settings.ts";

const SAMPLE = new URL("../sample/", import.meta.url);
/** Held out for choosing: 5,000, or a fifth of a small set. */
const HELD_OUT = 5000;
/** The same for all seeds of training, so that recipes are compared on the same images. */
const SPLIT_SEED = 0;

export async function loadImages(given: { readonly data?: string | undefined }): Promise<CifarParts> {
  return cifar10({
    path: given.data,
    sample: SAMPLE,
    onProgress: downloadShown("CIFAR-10"),
    onSample: (tried) => console.log(`The whole CIFAR-10 was not to be had:\n  ${tried.join("\n  ")}`),
  });
}

/** What is trained on and what is tested on. */
export function partsFor(
  { heldOut }: Pick<Settings, "heldOut">,
  { train, test }: CifarParts,
): {
  readonly train: CifarDataset;
  readonly tested: CifarDataset;
} {
  if (!heldOut) return { train, tested: test };
  const count = Math.min(HELD_OUT, Math.floor(train.length / 5));
  const parts = train.split({ validation: count, seed: SPLIT_SEED, stratify: true });
  return { train: parts.train as CifarDataset, tested: parts.validation as CifarDataset };
}
