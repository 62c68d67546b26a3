// Drawings as fixtures/prepare.py makes them, of whole numbers alone: discs whose edges cover a pixel in quarters.
import type { PixelImage } from "./ink.ts";

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly ground: readonly number[];
  readonly ink: readonly number[];
  /** The most that a pixel is darker by. */
  readonly noise: number;
  /** [x, y, radius] */
  readonly discs: readonly (readonly number[])[];
}

export function drawn({ width, height, ground, ink, noise, discs }: Drawing): PixelImage {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cover = coverAt(x, y, discs);
      const rough = ((x * x * 3 + y * 7 + x * y * 5) % 11) % (noise + 1);
      for (let c = 0; c < 4; c++) {
        // On nothing, as canvases have it, alpha alone tells of coverage.
        const share = ground[3] === 0 && c < 3 ? 4 : cover;
        const mixed = Math.floor((ground[c]! * (4 - share) + ink[c]! * share) / 4);
        data[4 * (y * width + x) + c] = c < 3 ? Math.max(mixed - rough, 0) : mixed;
      }
    }
  }
  return { width, height, data };
}

function coverAt(x: number, y: number, discs: Drawing["discs"]): number {
  const inside = (dx: number, dy: number) =>
    discs.some(([cx, cy, r]) => (4 * x + dx - 4 * cx!) ** 2 + (4 * y + dy - 4 * cy!) ** 2 <= 16 * r! * r!);
  return [inside(1, 1), inside(3, 1), inside(1, 3), inside(3, 3)].filter(Boolean).length;
}

/** Grey bytes as a picture. */
export function grey(width: number, height: number, bytes: ArrayLike<number>): PixelImage {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) data.fill(bytes[pixel]!, 4 * pixel, 4 * pixel + 3);
  return { width, height, data };
}
