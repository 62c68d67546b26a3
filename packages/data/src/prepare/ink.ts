// Ink on a ground, of whatever colours: how far each pixel is from the ground, which is what the picture's border shows.

/** RGBA bytes, row by row, alpha not multiplied in: an ImageData is one. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

export interface Ink {
  /** Distance of each pixel from the ground, 0 where it is not further than the border's own noise. */
  readonly amount: Float64Array;
  /** The largest of them. */
  readonly most: number;
}

/** Of 510, between a transparent pixel and a white one: what the eye takes for a trace of a pen, and noise does not reach. */
const LEAST_CONTRAST = 20;
/** How many times further than the border's quieter three quarters a pixel lies that is no noise. */
const ABOVE_NOISE = 3;

/** The ink of a picture; null where there is none. */
export function inkOf(image: PixelImage): Ink | null {
  const border = borderOf(image);
  const ground = [0, 1, 2, 3].map((channel) =>
    quantile(
      border.map((at) => multiplied(image.data, at, channel)),
      0.5,
    ),
  );
  const amount = distances(image.data, ground);
  // Strokes may run over the border here and there, so that its furthest quarter says nothing of the ground.
  const noise =
    ABOVE_NOISE *
    quantile(
      border.map((at) => amount[at / 4]!),
      0.75,
    );
  let most = 0;
  for (let pixel = 0; pixel < amount.length; pixel++) {
    if (amount[pixel]! <= noise) amount[pixel] = 0;
    most = Math.max(most, amount[pixel]!);
  }
  return most < LEAST_CONTRAST ? null : { amount, most };
}

/** Where the outermost pixels begin in the data. */
function borderOf({ width, height }: PixelImage): number[] {
  const places: number[] = [];
  for (let y = 0; y < height; y++) {
    const whole = y === 0 || y === height - 1;
    for (let x = 0; x < width; x += whole || width === 1 ? 1 : width - 1) places.push(4 * (y * width + x));
  }
  return places;
}

/** With alpha multiplied in and for a channel of its own, ink on a transparent ground is seen whatever its colour is. */
function multiplied(data: PixelImage["data"], at: number, channel: number): number {
  const alpha = data[at + 3]!;
  return channel === 3 ? alpha : data[at + channel]! * (alpha / 255);
}

/** Euclid's, over red, green, blue and alpha: in proportion to how much of a pixel the ink covers. */
function distances(data: PixelImage["data"], ground: readonly number[]): Float64Array {
  const [red, green, blue, opaque] = ground as readonly [number, number, number, number];
  const amount = new Float64Array(data.length / 4);
  for (let pixel = 0, at = 0; pixel < amount.length; pixel++, at += 4) {
    const alpha = data[at + 3]!;
    const share = alpha / 255;
    const r = data[at]! * share - red;
    const g = data[at + 1]! * share - green;
    const b = data[at + 2]! * share - blue;
    const a = alpha - opaque;
    amount[pixel] = Math.sqrt(r * r + g * g + b * b + a * a);
  }
  return amount;
}

/** The value that this share of the values does not exceed; the lower one where it lies between two. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
