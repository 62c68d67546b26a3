// Pictures are decoded again: their pixels must be the ones that went in, enlarged by whole numbers.
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { imageGrid, pngOfPixels } from "./image-grid.ts";
import { pngOfSvg } from "./raster.ts";

describe("PNG of pixels", () => {
  it("keeps grey and colour exactly and enlarges each pixel to a square", () => {
    const grey = decode(pngOfPixels([0, 128, 255, 7], { width: 2, height: 2 }, 2));
    expect(grey).toMatchObject({ width: 4, height: 4, channels: 1, depth: 8 });
    expect([...grey.data]).toEqual([0, 0, 128, 128, 0, 0, 128, 128, 255, 255, 7, 7, 255, 255, 7, 7]);
    const color = decode(pngOfPixels([255, 0, 0, 0, 0, 255], { width: 2, height: 1, channels: 3 }));
    expect([...color.data]).toEqual([255, 0, 0, 0, 0, 255]);
  });

  it("refuses a wrong count of bytes", () => {
    expect(() => pngOfPixels([1, 2, 3], { width: 2, height: 2 })).toThrow("3 bytes came, expected 2 x 2 x 1 = 4");
  });
});

describe("image grids", () => {
  const digit = { pixels: new Uint8Array(784).fill(200) };

  it("breaks rows, escapes captions and shortens those too long", () => {
    const images = Array.from({ length: 9 }, (_, at) => ({
      ...digit,
      caption: at === 0 ? ["3 <taken> for a 5 & more", "98 %"] : "5",
    }));
    const svg = imageGrid({ width: 28, height: 28, images });
    expect(svg.match(/<image /g)).toHaveLength(9);
    expect(svg).toContain("3 &lt;taken&gt; for");
    expect(svg).toContain("…</text>");
  });

  it("inverts ink and paper, and comes out of the rasteriser with the pixel's own value", () => {
    const svg = imageGrid({ width: 28, height: 28, images: [digit], inverted: true, size: 56 });
    const { width, data, channels } = decode(pngOfSvg(svg));
    const middle = (28 * 2 * width + 32 * 2) * channels;
    expect(data[middle]).toBe(255 - 200);
  });

  it("refuses an empty grid", () => {
    expect(() => imageGrid({ width: 1, height: 1, images: [] })).toThrow("no image came, expected at least one");
  });
});
