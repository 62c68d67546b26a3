// Stored images as bytes, and the views of a batch of them: mirrored in every second epoch, moved by up to two pixels.
import { type Tensor, tensor } from "lanewise";
import { Augment } from "lanewise/data";
import { classes } from "../inputs.ts";

const COUNT = 4096;
const SIDE = 32;

const augment = new Augment({
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.247, 0.2435, 0.2616],
  flip: "alternating",
  translate: { pixels: 2, padding: "reflect" },
  seed: 1,
});

export interface ByteImages {
  readonly stored: Tensor<readonly [number, number, number, 3], "u8">;
  readonly labels: Int32Array<ArrayBuffer>;
}

export function byteImages(): ByteImages {
  let state = 1;
  const next = (): number => {
    state = (state * 48271) % 2147483647;
    return state;
  };
  const pixels = Uint8Array.from({ length: COUNT * SIDE * SIDE * 3 }, () => next() % 256);
  return {
    stored: tensor(pixels, { shape: [COUNT, SIDE, SIDE, 3] }),
    labels: Int32Array.from({ length: COUNT }, () => next() % classes),
  };
}

/** The numbers and labels of the batch that step `step` trains on. */
export function viewsOf({ stored, labels }: ByteImages, step: number, size: number) {
  const begin = (step * size) % (COUNT - size + 1);
  const rows = Int32Array.from({ length: size }, (_, index) => begin + index);
  return { x: augment.trainRows(stored, rows, step), y: tensor(labels.subarray(begin, begin + size)) };
}
