// Pictures of 8-bit pixels side by side, each with a caption: digits that were mistaken, filters, augmented images.
import { encode } from "fast-png";
import { measureText } from "./fonts.ts";
import { ink, sizes, svgSans, textWidth } from "./style.ts";

export interface GridImage {
  /** `height * width * channels` bytes, row by row. */
  pixels: ArrayLike<number>;
  /** A line each, below the image. */
  caption?: string | readonly string[];
}

export interface ImageGrid {
  images: readonly GridImage[];
  width: number;
  height: number;
  /** 1 is grey, 3 is RGB. */
  channels?: 1 | 3;
  /** Images in a row; by default as many as fit. */
  columns?: number;
  /** Width of one image in the picture, in points. */
  size?: number;
  /** 0 becomes white, as ink on paper. */
  inverted?: boolean;
}

/** One image as PNG, each pixel a square of `zoom` by `zoom`. */
export function pngOfPixels(
  pixels: ArrayLike<number>,
  shape: Pick<ImageGrid, "width" | "height" | "channels">,
  zoom = 1,
): Uint8Array {
  const { width, height, channels = 1 } = shape;
  if (pixels.length !== width * height * channels) {
    throw new RangeError(
      `image: ${pixels.length} bytes came, expected ${height} x ${width} x ${channels} = ${width * height * channels}`,
    );
  }
  const data = new Uint8Array(pixels.length * zoom * zoom);
  const rowLength = width * zoom * channels;
  for (let y = 0; y < height * zoom; y += 1) {
    for (let x = 0; x < width * zoom; x += 1) {
      const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels;
      for (let c = 0; c < channels; c += 1) data[y * rowLength + x * channels + c] = pixels[from + c] as number;
    }
  }
  return encode({ width: width * zoom, height: height * zoom, data, channels, depth: 8 });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The text cut to a width, with an ellipsis where something is left out. */
function cut(text: string, width: number): string {
  if (measureText(text, sizes.small) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && measureText(`${letters.join("")}…`, sizes.small) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

const lineHeight = 11;

/** The grid as SVG; `pngOfSvg` makes a PNG of it. */
export function imageGrid(grid: ImageGrid): string {
  const { images, width, height, size = 62, inverted = false } = grid;
  if (images.length === 0) throw new RangeError("image grid: no image came, expected at least one");
  const captions = images.map(({ caption = [] }) => (typeof caption === "string" ? [caption] : [...caption]));
  const lines = Math.max(...captions.map((caption) => caption.length));
  const gap = 10;
  const fitting = Math.max(1, Math.floor(textWidth / (size + gap)));
  const columns = Math.min(grid.columns ?? fitting, images.length);
  const imageHeight = (size * height) / width;
  const cellHeight = imageHeight + lines * lineHeight + gap + 2;
  // Enlarged here, by whole pixels: viewers differ in how they enlarge, and most blur.
  const zoom = Math.max(1, Math.ceil((size * 3) / width));
  const parts = images.map(({ pixels }, at) => {
    const shown = inverted ? Uint8Array.from(pixels, (value) => 255 - value) : pixels;
    const base64 = Buffer.from(pngOfPixels(shown, grid, zoom)).toString("base64");
    const x = (at % columns) * (size + gap) + gap / 2;
    const y = Math.floor(at / columns) * cellHeight + 1;
    const box = `x="${x}" y="${y}" width="${size}" height="${imageHeight}"`;
    const text = (captions[at] as string[]).map((line, row) => {
      const base = y + imageHeight + lineHeight * (row + 1) - 1;
      const color = row === 0 ? ink.text : ink.muted;
      return `<text x="${x + size / 2}" y="${base}" fill="${color}">${escaped(cut(line, size + gap - 2))}</text>`;
    });
    const image = `<image ${box} preserveAspectRatio="none" href="data:image/png;base64,${base64}"/>`;
    return `${image}<rect ${box} fill="none" stroke="${ink.line}" stroke-width="0.5"/>${text.join("")}`;
  });
  const fullWidth = columns * (size + gap);
  const fullHeight = Math.ceil(images.length / columns) * cellHeight - gap + 2;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}"`;
  return `${open} font-family="${svgSans}" font-size="${sizes.small}" text-anchor="middle">${parts.join("")}</svg>`;
}
