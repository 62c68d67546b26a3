// Examples of what happens to stored images. The expected numbers are those of the small images themselves.

import { opCase, values } from "../../cases.ts";
import { tensor } from "../../create.ts";
import { Generator } from "../../random.ts";
import { imageAffine } from "./affine.ts";
import { drawForImages } from "./draw.ts";
import { imageShift } from "./shift.ts";

/** Two images of 2 rows by 3 columns: 1 2 3 / 4 5 6 and the same tenfold. */
const two = values([2, 2, 3, 1], [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60], "u8");
/** 1 2 3 / 4 5 6 / 7 8 9. */
const square = values([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9], "u8");
const plain = { divisor: 1 } as const;

export const imageCases = [
  opCase("imageShift", (x) => imageShift(x, { ...plain, flip: [1, 0], left: [0, 1], rows: Int32Array.of(1, 0) }), {
    label: "mirrored, and moved left with black coming in",
    inputs: [two],
    shape: [2, 2, 3, 1],
    reference: () => [30, 20, 10, 60, 50, 40, 2, 3, 0, 5, 6, 0],
    refuses: [[[2, 2, 3]]],
  }),
  opCase("imageShift", (x) => imageShift(x, { ...plain, left: -1, top: 1, padding: "reflect" }), {
    label: "the mirror image coming in",
    inputs: [two],
    shape: [2, 2, 3, 1],
    reference: () => [5, 4, 5, 2, 1, 2, 50, 40, 50, 20, 10, 20],
  }),
  opCase("imageShift", (x) => imageShift(x, { size: [1, 2], top: 1, left: 1, mean: [0.5], std: [0.25] }), {
    label: "cropped and normalized",
    inputs: [two],
    shape: [2, 1, 2, 1],
    reference: () => [5, 6, 50, 60].map((byte) => (byte / 255 - 0.5) / 0.25),
  }),
  opCase("imageShift", (x) => imageShift(x, { ...plain, holes: Int32Array.of(0, 1, 1, 9, -1, -1, 2, 2) }), {
    label: "with holes",
    inputs: [two],
    shape: [2, 2, 3, 1],
    reference: () => [1, 0, 0, 4, 5, 6, 0, 20, 30, 40, 50, 60],
  }),
  opCase("imageAffine", (x) => imageAffine(x, { ...plain, rotation: 90 }), {
    label: "a quarter turn counter-clockwise",
    inputs: [square],
    shape: [1, 3, 3, 1],
    relative: 1e-6,
    reference: () => [3, 6, 9, 2, 5, 8, 1, 4, 7],
    refuses: [[[3, 3, 1]]],
  }),
  opCase("imageAffine", (x) => imageAffine(x, { ...plain, flip: true, scale: 2, down: 0, right: [0] }), {
    label: "mirrored and twice as large",
    inputs: [square],
    shape: [1, 3, 3, 1],
    relative: 1e-6,
    reference: () => [4, 3.5, 3, 5.5, 5, 4.5, 7, 6.5, 6],
  }),
  opCase(
    "drawForImages",
    (x) => {
      const drawn = drawForImages(new Generator(1, 7), x.data(), 3, 4);
      // Whole numbers of 24 bits: f32 holds them.
      return tensor(
        Float32Array.from(drawn, (bits) => bits >>> 8),
        { shape: [x.shape[0], 4] as const },
      );
    },
    {
      label: "philox of [seed], counter [4 (2^32 epoch + index) + block, stream]",
      inputs: [values([2], [0, 70_000], "i32")],
      shape: [2, 4],
      // By Python from the published algorithm.
      reference: () => [11_965_448, 13_892_629, 14_009_802, 4_187_015, 2_331_446, 8_817_136, 7_190_123, 2_740_681],
    },
  ),
];
