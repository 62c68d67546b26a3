// Where pooling windows lie: options become numbers, sizes are checked, and one list of numbers goes to the kernels.

import { ShapeError, where } from "../../errors.ts";
import { formatShape, type Shape } from "../../shape.ts";
import type { Mismatch } from "../../shape-rules.ts";
import { type Pair, pairOf, placeWindows, type Sides } from "../../windows.ts";

export interface PoolOptions {
  /** Steps between windows; the kernel's size where not given. */
  readonly stride?: Pair;
  /**
   * Cells around the images that no maximum falls on: a number of at most half the kernel, [height, width], "valid" for
   * none (where not given), or "same-tf", TensorFlow's rule, which gives ⌈size / stride⌉ windows.
   */
  readonly padding?: Pair | "valid" | "same-tf";
  /** Whether a last window that begins on the image or its left padding counts though it hangs over; default false. */
  readonly ceilMode?: boolean;
}

export interface MaxPoolOptions extends PoolOptions {
  /** Steps between a window's cells; 1 where not given. */
  readonly dilation?: Pair;
}

/** Options that were checked as far as they can be without an input. */
export interface PoolSettings {
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [height: number, width: number];
  readonly dilation: readonly [height: number, width: number];
  readonly padding: readonly [height: number, width: number] | "same-tf";
  readonly ceilMode: boolean;
}

/** @internal Checks options and fills in what was not given. */
export function poolSettings(op: string, kernelSize: Pair, options: MaxPoolOptions): PoolSettings {
  const { stride = kernelSize, dilation = 1, padding = 0, ceilMode = false } = options;
  const kernel = pairOf(op, "kernelSize", kernelSize, 1);
  const settings = {
    kernel,
    stride: pairOf(op, "stride", stride, 1),
    dilation: pairOf(op, "dilation", dilation, 1),
    padding: padding === "same-tf" ? padding : pairOf(op, "padding", padding === "valid" ? 0 : padding, 0),
    ceilMode,
  } as const;
  if (settings.padding === "same-tf") {
    if (ceilMode)
      throw new RangeError(`${op}${where()}: ceilMode came with padding "same-tf", which rounds up by itself`);
    return settings;
  }
  const half = ([0, 1] as const).map((axis) => Math.floor(spanOf(settings, axis) / 2));
  const [height, width] = settings.padding;
  if (height > half[0]! || width > half[1]!) {
    throw new RangeError(
      `${op}${where()}: padding ${height} x ${width} came with a kernel of ${kernel.join(" x ")}, expected at most half of it: ` +
        "a window could lie in the padding alone",
    );
  }
  return settings;
}

/** What a window spans: its cells and the gaps that dilation leaves between them. */
function spanOf({ kernel, dilation }: PoolSettings, axis: 0 | 1): number {
  return dilation[axis] * (kernel[axis] - 1) + 1;
}

/** Pooling in numbers, in the order in which the kernels take them. */
export type PoolGeometry = readonly [
  batch: number,
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  kernelHeight: number,
  kernelWidth: number,
  strideHeight: number,
  strideWidth: number,
  padTop: number,
  padLeft: number,
  padBottom: number,
  padRight: number,
  dilationHeight: number,
  dilationWidth: number,
];

export interface Pooling {
  readonly shape: readonly [batch: number, height: number, width: number, channels: number];
  readonly geometry: PoolGeometry;
  /** The most cells that a window has. */
  readonly cells: number;
}

type Images = readonly [batch: number, height: number, width: number, channels: number];

function imagesOf(op: string, shape: Shape): Images {
  if (shape.length === 4) return shape as unknown as Images;
  const hint = shape.length === 3 ? "; a single image is a batch of one: reshape it to [1, H, W, C]" : "";
  throw new ShapeError(op, `an input of shape ${formatShape(shape)} came, expected [N, H, W, C]${hint}`);
}

/** Regular windows on images of `shape`. */
export function pooling(op: string, shape: Shape, settings: PoolSettings): Pooling {
  const images = imagesOf(op, shape);
  const { kernel, stride, dilation } = settings;
  const { rows, cols, sides } =
    settings.padding === "same-tf"
      ? placeWindows(op, images, { kernel, stride, dilation, padding: settings.padding })
      : numbered(op, images, settings, settings.padding);
  const { top, left, bottom, right } = sides;
  const pooled = [images[0], rows, cols, images[3]] as const;
  const geometry = [...images, rows, cols, ...kernel, ...stride, top, left, bottom, right, ...dilation] as const;
  return { shape: pooled, geometry, cells: kernel[0] * kernel[1] };
}

function numbered(
  op: string,
  images: Images,
  settings: PoolSettings,
  [down, across]: readonly [number, number],
): { readonly rows: number; readonly cols: number; readonly sides: Sides } {
  const [rows, cols] = ([0, 1] as const).map((axis) => {
    const pad = axis === 0 ? down : across;
    return windowsAlong(
      images[axis === 0 ? 1 : 2],
      pad,
      spanOf(settings, axis),
      settings.stride[axis],
      settings.ceilMode,
    );
  }) as [number, number];
  if (rows < 1 || cols < 1) {
    const [, height, width] = images;
    throw new ShapeError(
      op,
      `an input of shape ${formatShape(images)} came: a kernel of ${settings.kernel.join(" x ")}, which spans ` +
        `${spanOf(settings, 0)} x ${spanOf(settings, 1)}, does not fit on ${height} x ${width}, padded to ` +
        `${height + 2 * down} x ${width + 2 * across}; expected larger images, a smaller kernel or more padding`,
    );
  }
  return { rows, cols, sides: { top: down, bottom: down, left: across, right: across } };
}

/** As PyTorch counts: with `ceil` one more where it begins before the right padding. */
function windowsAlong(size: number, pad: number, span: number, stride: number, ceil: boolean): number {
  if (size < 1) return 0;
  const count = Math.floor((size + 2 * pad - span + (ceil ? stride - 1 : 0)) / stride) + 1;
  return ceil && (count - 1) * stride >= size + pad ? count - 1 : count;
}

/** Images divided evenly into `outputSize` windows: window i of n covers ⌊i size / n⌋ to ⌈(i + 1) size / n⌉. */
export function adaptivePooling(op: string, shape: Shape, outputSize: readonly [number, number]): Pooling {
  const images = imagesOf(op, shape);
  const [batch, height, width, channels] = images;
  if (height < 1 || width < 1)
    throw new ShapeError(op, `an input of shape ${formatShape(shape)} came, expected images of at least one pixel`);
  const [rows, cols] = outputSize;
  const longest = (size: number, count: number): number =>
    Math.max(
      ...Array.from({ length: count }, (_, i) => Math.ceil(((i + 1) * size) / count) - Math.floor((i * size) / count)),
    );
  const none = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] as const;
  const geometry = [...images, rows, cols, ...none] as const;
  return { shape: [batch, rows, cols, channels], geometry, cells: longest(height, rows) * longest(width, cols) };
}

// ---- the same for the compiler

/** `unknown` where `S` may be images. */
export type AreImages<S extends Shape> = number extends S["length"]
  ? unknown
  : S extends readonly [number, number, number, number]
    ? unknown
    : Mismatch<"images [N, H, W, C]", readonly [number, number, number, number], S>;

/** Images of another size. */
export type Resized<S extends Shape, H extends number = number, W extends number = number> = S extends readonly [
  infer N extends number,
  number,
  number,
  infer C extends number,
]
  ? [N, H, W, C]
  : [number, H, W, number];

/** Height and width of a pair as far as the compiler knows it. */
export type HeightOf<P extends Pair> = P extends readonly [infer H extends number, number] ? H : P & number;
export type WidthOf<P extends Pair> = P extends readonly [number, infer W extends number] ? W : P & number;
