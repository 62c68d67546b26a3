// Padding of images [N, H, W, C]: with a number, or with the image mirrored at its outermost pixels.

import { apply, opRecord } from "../define-op.ts";
import { ShapeError, where } from "../errors.ts";
import { formatShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Sides } from "../windows.ts";
import type { AreImages, Resized } from "./pool/index.ts";

export interface PadOptions {
  /** "constant" (where not given), or "reflect": the mirror image, without the outermost pixels twice. */
  readonly mode?: "constant" | "reflect";
  /** What a constant padding is made of; 0 where not given. */
  readonly value?: number;
}

interface Pad {
  readonly sides: Sides;
  readonly reflect: boolean;
  readonly value: number;
  readonly images: Shape;
}

const padRecord = opRecord<"x", never, Pad>({
  name: "pad2d",
  inputs: ["x"],
  forward: (k, { x, y, options }) => k.pad_forward(...numbersOf(options), options.value, x.handle, y.handle),
  backward: {
    x: { needs: [], gradient: (k, { dy, options }, dx) => k.pad_backward(...numbersOf(options), dy.handle, dx.handle) },
  },
});

type Numbers = [number, number, number, number, number, number, number, number, number];

function numbersOf({ images, sides: { top, left, bottom, right }, reflect }: Pad): Numbers {
  const [batch, height, width, channels] = images as readonly [number, number, number, number];
  return [batch, height, width, channels, top, left, bottom, right, reflect ? 1 : 0];
}

/** @internal A padding for each side from a number for all or PyTorch's [left, right, top, bottom]. */
export function sidesOf(op: string, padding: number | readonly [number, number, number, number] | Sides): Sides {
  const [left, right, top, bottom] =
    typeof padding === "number"
      ? [padding, padding, padding, padding]
      : "top" in padding
        ? [padding.left, padding.right, padding.top, padding.bottom]
        : padding;
  for (const side of [left, right, top, bottom]) {
    if (Number.isInteger(side) && side >= 0 && side <= 2 ** 24) continue;
    throw new RangeError(
      `${op}${where()}: padding ${JSON.stringify(padding)} came, expected a whole number from 0, ` +
        "[left, right, top, bottom], or { top, bottom, left, right } of such",
    );
  }
  return { top, bottom, left, right };
}

/** x with cells around it: [N, H, W, C] to [N, top + H + bottom, left + W + right, C]. */
export function pad2d<S extends Shape>(
  x: Tensor<S & AreImages<S>>,
  padding: number | readonly [left: number, right: number, top: number, bottom: number] | Sides,
  options: PadOptions = {},
): Tensor<Resized<S>> {
  const { mode = "constant", value = 0 } = options;
  const sides = sidesOf("pad2d", padding);
  const images: Shape = x.shape;
  if (images.length !== 4)
    throw new ShapeError("pad2d", `an input of shape ${formatShape(images)} came, expected [N, H, W, C]`);
  if (mode !== "constant" && mode !== "reflect")
    throw new RangeError(`pad2d${where()}: mode "${mode as string}" came, expected "constant" or "reflect"`);
  const [batch, height, width, channels] = images as readonly [number, number, number, number];
  const { top, bottom, left, right } = sides;
  if (mode === "reflect" && (Math.max(top, bottom) >= height || Math.max(left, right) >= width)) {
    throw new ShapeError(
      "pad2d",
      `an input of shape ${formatShape(images)} came for a mirror of ${top} above, ${bottom} below, ${left} left and ${right} ` +
        "right, expected less than the image's size on each side: a mirror shows each pixel but the outermost once",
    );
  }
  const shape = [batch, top + height + bottom, left + width + right, channels];
  return apply(padRecord, [x as Tensor], shape, { sides, reflect: mode === "reflect", value, images }) as never;
}
