// A drawn digit as MNIST has its digits: cropped, its longer side 20 pixels, its centre of mass in the middle of 28 x 28.
// (Y. LeCun, C. Cortes, C. J. C. Burges: "The MNIST database of handwritten digits".)
import { areaMeans } from "./area.ts";
import { inkOf, type PixelImage } from "./ink.ts";
import { type DigitInput, mnistInput } from "./input.ts";

/** What a network of MNIST's digits takes. */
export interface PreparedDigit {
  readonly kind: "digit";
  /** [side, side] in row order: 0 is ground, 1 is ink. */
  readonly pixels: Float32Array<ArrayBuffer>;
}

/** There is no ink: no digit would be an honest answer. */
export interface NothingDrawn {
  readonly kind: "nothing drawn";
}

/** The digit in a picture of any size, in whatever colours of ink and ground; the ground is what the border shows. */
export function prepareDigit(image: PixelImage, { side, box }: DigitInput = mnistInput): PreparedDigit | NothingDrawn {
  checkImage("prepareDigit", image);
  const ink = inkOf(image);
  if (ink === null) return { kind: "nothing drawn" };
  const { left, top, right, bottom } = bounds(ink.amount, image);
  const step = Math.max(right - left, bottom - top) / box;
  const width = atLeastWhole((right - left) / step);
  const height = atLeastWhole((bottom - top) / step);
  const source = { width: image.width, height: image.height, channels: 1, data: ink.amount };
  const small = areaMeans(source, { left, top, step, width, height });
  const { x, y } = centreOfMass(small, width);
  const [column, row] = [begin(x, width, side), begin(y, height, side)];
  const pixels = new Float32Array(side * side);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) pixels[(row + j) * side + column + i] = small[j * width + i]! / ink.most;
  }
  return { kind: "digit", pixels };
}

export function checkImage(asked: string, { width, height, data }: PixelImage): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (whole && data.length === 4 * width * height) return;
  throw new RangeError(
    `${asked}: ${data.length} bytes of ${width} x ${height} pixels came, expected four for each: red, green, blue, alpha`,
  );
}

/** The box around all ink; right and bottom are just beyond it. */
function bounds(amount: Float64Array, { width, height }: PixelImage) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (amount[at] === 0) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  return { left, top, right, bottom };
}

/** Whole pixels that hold this many; a rounding error is no pixel more. */
const atLeastWhole = (pixels: number): number => Math.ceil(pixels - 1e-6);

/** In pixels from the corner, the middle of the first being at a half. */
function centreOfMass(values: Float64Array, width: number): { readonly x: number; readonly y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (const [at, value] of values.entries()) {
    sum += value;
    x += value * ((at % width) + 0.5);
    y += value * (Math.floor(at / width) + 0.5);
  }
  return { x: x / sum, y: y / sum };
}

/** Where a length begins in a side. MNIST's centres of mass lie in the pixel just beyond the middle, moved by whole pixels. */
function begin(centre: number, length: number, side: number): number {
  return Math.min(Math.max(atLeastWhole(side / 2 - centre), 0), side - length);
}
