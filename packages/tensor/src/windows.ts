// Windows that move over images [N, H, W, C]: their strides, dilations and paddings as numbers, and how many of them fit.

import { ShapeError, where } from "./errors.ts";
import { formatShape, type Shape } from "./shape.ts";

/** One number for height and width, or one for each. */
export type Pair = number | readonly [height: number, width: number];

/** A padding for each side. */
export interface Sides {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Zeros around an image: a number, [height, width], a number for each side, or a name. "valid" is none; "same" is PyTorch's,
 * which keeps the image's size and so exists for stride 1 alone; "same-tf" is TensorFlow's, which gives ⌈size / stride⌉ at
 * any stride. Both put the odd row or column at the bottom or right.
 */
export type Padding = Pair | Sides | "valid" | "same" | "same-tf";

/** How windows move. */
export interface Windows {
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [height: number, width: number];
  readonly dilation: readonly [height: number, width: number];
  readonly padding: Padding;
}

const written = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** The most that a size or step can be: beyond it is a mistake. */
const LARGEST = 2 ** 24;

const isCount = (value: unknown, least: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= LARGEST;

/** An option's two numbers; `least` is the smallest that has a meaning. */
export function pairOf(op: string, option: string, value: Pair, least: number): readonly [number, number] {
  const pair = typeof value === "number" ? ([value, value] as const) : value;
  if (Array.isArray(pair) && pair.length === 2 && pair.every((each) => isCount(each, least))) return pair;
  throw new RangeError(
    `${op}${where()}: ${option} ${written(value)} came, expected a whole number from ${least} to 2^24, or [height, width] of such`,
  );
}

/** Refuses a padding that no image could have, before there is one. */
export function checkPadding(op: string, padding: Padding, stride: readonly [number, number]): void {
  if (padding === "valid" || padding === "same-tf") return;
  if (padding === "same") {
    if (stride[0] === 1 && stride[1] === 1) return;
    throw new RangeError(
      `${op}${where()}: padding "same" came with stride ${formatShape(stride)}; as in PyTorch it keeps the image's size and needs ` +
        'stride 1. "same-tf" is TensorFlow\'s rule, ⌈size / stride⌉ at any stride; or give the padding as numbers',
    );
  }
  const sides = typeof padding === "object" && "top" in padding ? Object.values(sidesOnly(padding)) : null;
  if (sides?.every((side) => isCount(side, 0))) return;
  if (sides === null && typeof padding !== "string") return void pairOf(op, "padding", padding as Pair, 0);
  throw new RangeError(
    `${op}${where()}: padding ${written(padding)} came, expected a whole number from 0, [height, width], ` +
      '{ top, bottom, left, right }, "valid", "same" or "same-tf"',
  );
}

const sidesOnly = ({ top, bottom, left, right }: Sides): Sides => ({ top, bottom, left, right });

/** What a window spans: its cells and the gaps that dilation leaves between them. */
const spanOf = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;

/** The padding before and after along one axis. */
function sidesAlong(axis: 0 | 1, size: number, windows: Windows): readonly [before: number, after: number] {
  const { padding } = windows;
  const stride = windows.stride[axis];
  if (padding === "valid") return [0, 0];
  if (padding === "same" || padding === "same-tf") {
    const missing =
      (Math.ceil(size / stride) - 1) * stride + spanOf(windows.kernel[axis], windows.dilation[axis]) - size;
    const total = Math.max(missing, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  if (typeof padding === "number") return [padding, padding];
  if ("top" in padding) return axis === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right];
  return [padding[axis], padding[axis]];
}

/** Where windows lie on an image of a known size. */
export interface Placement {
  readonly rows: number;
  readonly cols: number;
  readonly sides: Sides;
}

/** How many windows fit on an image of `shape`, [N, H, W, C]; none is an error with the numbers. */
export function placeWindows(op: string, shape: Shape, windows: Windows): Placement {
  const [, height, width] = shape as readonly [number, number, number, number];
  const [top, bottom] = sidesAlong(0, height, windows);
  const [left, right] = sidesAlong(1, width, windows);
  const [spanRows, spanCols] = ([0, 1] as const).map((axis) =>
    spanOf(windows.kernel[axis], windows.dilation[axis]),
  ) as [number, number];
  const [padded, paddedWidth] = [height + top + bottom, width + left + right];
  if (height < 1 || width < 1 || padded < spanRows || paddedWidth < spanCols) {
    const dilated = windows.dilation.some((each) => each > 1)
      ? ` with dilation ${formatShape(windows.dilation)}, which spans ${spanRows} x ${spanCols},`
      : "";
    throw new ShapeError(
      op,
      `an input of shape ${formatShape(shape)} came: a kernel of ${windows.kernel.join(" x ")}${dilated} does not fit on ` +
        `${height} x ${width}, padded to ${padded} x ${paddedWidth}; expected larger images, a smaller kernel or more padding`,
    );
  }
  return {
    rows: Math.floor((padded - spanRows) / windows.stride[0]) + 1,
    cols: Math.floor((paddedWidth - spanCols) / windows.stride[1]) + 1,
    sides: { top, bottom, left, right },
  };
}
