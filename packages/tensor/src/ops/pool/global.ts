// One number a channel for each image: [N, H, W, C] to [N, C].

import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { reshape } from "../layout.ts";
import { adaptiveAvgPool2d } from "./average.ts";
import type { AreImages } from "./geometry.ts";
import { adaptiveMaxPool2d } from "./max.ts";

type OfEachChannel<S extends Shape> = S extends readonly [
  infer N extends number,
  number,
  number,
  infer C extends number,
]
  ? [N, C]
  : [number, number];

function flat<S extends Shape>(pooled: Tensor): Tensor<OfEachChannel<S>> {
  const [batch, , , channels] = pooled.shape as unknown as [number, number, number, number];
  const rows = reshape(pooled, [batch, channels]);
  pooled.release();
  return rows as unknown as Tensor<OfEachChannel<S>>;
}

/** The average of each channel of each image. */
export function globalAvgPool2d<S extends Shape>(x: Tensor<S & AreImages<S>>): Tensor<OfEachChannel<S>> {
  return flat(adaptiveAvgPool2d<Shape, 1>(x as Tensor, 1) as unknown as Tensor);
}

/** The largest of each channel of each image. */
export function globalMaxPool2d<S extends Shape>(x: Tensor<S & AreImages<S>>): Tensor<OfEachChannel<S>> {
  return flat(adaptiveMaxPool2d<Shape, 1>(x as Tensor, 1) as unknown as Tensor);
}
