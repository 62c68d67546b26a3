// How the network sees images: normalized, in training mirrored and moved by chance, in evaluation by order.
import { imageShift, type Tensor } from "lanewise";
import { Augment, cifarInput } from "lanewise/data";
import type { Settings } from "../settings.ts";

/** By channel, of the training images, in bytes. */
export const NORMALIZATION = {
  mean: [0.4914 * 255, 0.4822 * 255, 0.4465 * 255],
  deviation: [0.247 * 255, 0.2435 * 255, 0.2616 * 255],
} as const;

/** The same after division by 255, as the network's file says it. */
const NUMBERS = { divisor: 255, mean: cifarInput.mean, std: cifarInput.std } as const;

type Images = Tensor<readonly [number, 32, 32, 3], "u8">;

/** The view of a batch in an epoch, counted from 1. */
export function trainingViews({ flip, translate, seed }: Pick<Settings, "flip" | "translate" | "seed">) {
  const augment = new Augment({ ...NUMBERS, flip, translate: { pixels: translate, padding: "reflect" }, seed });
  return (images: Images, indices: Int32Array, epoch: number): Tensor => augment.train(images, indices, epoch - 1);
}

export interface EvaluationView {
  readonly flip: boolean;
  /** Pixels that the image moves down and to the right; its reflection comes in. */
  readonly dy: number;
  readonly dx: number;
}

/** The view of a batch in evaluation. */
export function evaluationView(images: Images, { flip, dy, dx }: EvaluationView): Tensor {
  const mirrored = new Int32Array(images.shape[0]).fill(flip ? 1 : 0);
  return imageShift(images, { ...NUMBERS, flip: mirrored, top: -dy, left: -dx, padding: "reflect" });
}
