// A photo as CIFAR-10 has its pictures: the square in the middle, small, as bytes of red, green and blue.
import { areaMeans } from "./area.ts";
import { checkImage } from "./digit.ts";
import type { PixelImage } from "./ink.ts";
import { cifarInput, type PhotoInput } from "./input.ts";

/** Bytes [side, side, 3] of the square in the middle; what is transparent is white. Numbers of them are the training's. */
export function preparePhoto(
  image: PixelImage,
  { side }: Pick<PhotoInput, "side"> = cifarInput,
): Uint8Array<ArrayBuffer> {
  checkImage("preparePhoto", image);
  const { width, height } = image;
  const crop = Math.min(width, height);
  const means = areaMeans(
    { width, height, channels: 3, data: onWhite(image) },
    { left: (width - crop) / 2, top: (height - crop) / 2, step: crop / side, width: side, height: side },
  );
  return Uint8Array.from(means, (value) => Math.round(value));
}

function onWhite({ data }: PixelImage): Float32Array {
  const colours = new Float32Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const alpha = data[from + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      colours[to + channel] = data[from + channel]! * alpha + 255 * (1 - alpha);
    }
  }
  return colours;
}
