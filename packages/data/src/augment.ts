// Augment: what happens to a batch of stored images on their way to the numbers of a training step.
//
// What an image gets depends on seed, epoch and the image's index alone: not on batches, their order, threads or the
// runtime. So there is no state to save, and a run that goes on in the middle of an epoch sees what it would have seen.
import {
  defaultGenerator,
  drawForImages,
  Generator,
  type ImageNormalization,
  imageAffine,
  imageShift,
  type Pair,
  pairOf,
  type StoredImages,
  type Tensor,
} from "@lanewise/tensor";

export interface AugmentOptions extends ImageNormalization {
  /**
   * Mirroring left to right: "random", by a coin for each image and epoch; "alternating", by a coin for each image in the
   * even epochs and the other way in the odd ones (K. Jordan, arXiv 2404.00498, section 3.6); "none" where not given.
   */
  readonly flip?: "none" | "random" | "alternating";
  /** Moves by up to `pixels` up or down and left or right, each whole number of pixels as likely. */
  readonly translate?: { readonly pixels: number; readonly padding?: "zero" | "reflect" };
  /** Cuts a part of `size` out, where chance will have it or at the centre. */
  readonly crop?: { readonly size: Pair; readonly place: "random" | "centre" };
  /** A square of this many pixels a side, its centre anywhere in the image, becomes the mean colour (arXiv 1708.04552). */
  readonly cutout?: { readonly size: number };
  /** Turns, magnifies and shears about the centre, between pixels by bilinear interpolation; black comes in. */
  readonly affine?: {
    /** Up to so many degrees either way. */
    readonly rotation?: number;
    /** From the first to the second. */
    readonly scale?: readonly [from: number, to: number];
    /** Up to so many columns a row either way. */
    readonly shear?: number;
  };
  /** What chance is drawn from (default: the seed of `manualSeed`). */
  readonly seed?: number | bigint;
}

/** The random stream of augmentation: it shares no number with batch orders, weights or splits of the same seed. */
const AUGMENT_STREAM = 0x4155474d;
/** What each image's numbers are for. */
const DRAWN = { flip: 0, down: 1, right: 2, holeRow: 3, holeCol: 4, rotation: 5, scale: 6, shear: 7 } as const;
const NUMBERS = Object.keys(DRAWN).length;

type Draw = (what: keyof typeof DRAWN, image: number) => number;

export class Augment {
  readonly options: AugmentOptions;

  constructor(options: AugmentOptions) {
    const { flip = "none", translate, cutout, affine, crop } = options;
    if (!["none", "random", "alternating"].includes(flip))
      throw new RangeError(`Augment: flip "${flip}" came, expected "none", "random" or "alternating"`);
    whole("translate.pixels", translate?.pixels);
    whole("cutout.size", cutout?.size);
    if (crop !== undefined) pairOf("Augment", "crop.size", crop.size, 1);
    const [from, to] = affine?.scale ?? [1, 1];
    if (!(from > 0 && from <= to))
      throw new RangeError(`Augment: affine.scale ${from} to ${to} came, expected 0 < from ≤ to`);
    if (affine !== undefined && translate?.padding === "reflect")
      throw new RangeError(
        'Augment: translate.padding "reflect" came with affine, beyond whose images there is black alone',
      );
    this.options = options;
  }

  /**
   * The images [N, H, W, C] of a batch as numbers, changed as the options say. `indices` are the images' places in the
   * data set, one for each: with the epoch they decide what each gets.
   */
  train<C extends number>(
    images: StoredImages<C>,
    indices: Int32Array,
    epoch: number,
  ): Tensor<readonly [number, number, number, C]> {
    const [count] = images.shape;
    if (indices.length !== count)
      throw new RangeError(`Augment: ${indices.length} indices came, expected one for each of ${count} images`);
    return this.#run(images, indices, epoch, null);
  }

  /** The same of images in a larger store: those at `indices`, which are both their rows there and their places. */
  trainRows<C extends number>(
    stored: StoredImages<C>,
    indices: Int32Array,
    epoch: number,
  ): Tensor<readonly [number, number, number, C]> {
    return this.#run(stored, indices, epoch, indices);
  }

  /** For evaluation: nothing by chance, the centre where a part is cut out, the same numbers otherwise. */
  plain<C extends number>(images: StoredImages<C>): Tensor<readonly [number, number, number, C]> {
    const { top, left, size } = this.#window(images.shape);
    return imageShift(images, { ...this.#numbers(), size, top, left });
  }

  #run<C extends number>(
    stored: StoredImages<C>,
    indices: Int32Array,
    epoch: number,
    rows: Int32Array | null,
  ): Tensor<readonly [number, number, number, C]> {
    const { flip = "none", affine } = this.options;
    const generator = new Generator(this.options.seed ?? BigInt(defaultGenerator().state.seed), AUGMENT_STREAM);
    const drawn = drawForImages(generator, indices, epoch, NUMBERS);
    const draw: Draw = (what, image) => drawn[image * NUMBERS + DRAWN[what]]! / 2 ** 32;
    const coins = flip === "alternating" && epoch > 0 ? drawForImages(generator, indices, 0, 1) : null;
    const mirrored = Int32Array.from(indices, (_, image) => {
      if (flip === "none") return 0;
      const coin = coins?.[image] ?? drawn[image * NUMBERS]!;
      return (coin >>> 31) ^ (flip === "alternating" ? epoch & 1 : 0);
    });
    const { size, ...moves } = this.#moves(stored.shape, indices.length, draw);
    const holes = this.#holes(size, indices.length, draw);
    const selection = { ...this.#numbers(), size, holes, flip: mirrored, ...(rows === null ? {} : { rows }) };
    if (affine === undefined) return imageShift(stored, { ...selection, ...moves });
    return imageAffine(stored, { ...selection, ...this.#turns(stored.shape, size, moves, draw) });
  }

  #numbers(): ImageNormalization {
    const { divisor = 255, mean = 0, std = 1 } = this.options;
    return { divisor, mean, std };
  }

  /** The part of an image that the result shows, at the centre. */
  #window([, height, width]: readonly number[]): { size: readonly [number, number]; top: number; left: number } {
    const size = pairOf("Augment", "crop.size", this.options.crop?.size ?? [height!, width!], 1);
    if (size[0] > height! || size[1] > width!)
      throw new RangeError(`Augment: crop.size ${size.join(" x ")} came for images of ${height} x ${width}`);
    return { size, top: Math.floor((height! - size[0]) / 2), left: Math.floor((width! - size[1]) / 2) };
  }

  /** Where each image's window begins. */
  #moves(shape: readonly number[], count: number, draw: Draw) {
    const { translate, crop } = this.options;
    const { size, top, left } = this.#window(shape);
    const random = crop?.place === "random";
    const pixels = translate?.pixels ?? 0;
    // One draw for both: a random part moved by a random step is a part of the image with its padding.
    const begin = (what: "down" | "right", centre: number, room: number) =>
      Int32Array.from({ length: count }, (_, image) => {
        const [least, most] = random ? [-pixels, room + pixels] : [centre - pixels, centre + pixels];
        return least + Math.floor(draw(what, image) * (most - least + 1));
      });
    return {
      size,
      top: begin("down", top, shape[1]! - size[0]),
      left: begin("right", left, shape[2]! - size[1]),
      padding: translate?.padding ?? ("zero" as const),
    };
  }

  #holes([height, width]: readonly [number, number], count: number, draw: Draw): Int32Array | null {
    const side = this.options.cutout?.size ?? 0;
    if (side === 0) return null;
    const holes = new Int32Array(4 * count);
    for (let image = 0; image < count; image++) {
      const row = Math.floor(draw("holeRow", image) * height) - Math.floor(side / 2);
      const col = Math.floor(draw("holeCol", image) * width) - Math.floor(side / 2);
      holes.set([row, col, side, side], 4 * image);
    }
    return holes;
  }

  /** The numbers of each image's turn; the window's way off the centre becomes a move the other way. */
  #turns(
    [, height, width]: readonly number[],
    size: readonly [number, number],
    moves: { readonly top: Int32Array; readonly left: Int32Array },
    draw: Draw,
  ) {
    const { rotation = 0, scale: [from, to] = [1, 1], shear = 0 } = this.options.affine ?? {};
    const each = (of: (image: number) => number) => Array.from(moves.top, (_, image) => of(image));
    return {
      rotation: each((image) => rotation * (2 * draw("rotation", image) - 1)),
      scale: each((image) => from + (to - from) * draw("scale", image)),
      shear: each((image) => shear * (2 * draw("shear", image) - 1)),
      down: each((image) => (height! - size[0]) / 2 - moves.top[image]!),
      right: each((image) => (width! - size[1]) / 2 - moves.left[image]!),
    };
  }
}

function whole(name: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= 0))
    throw new RangeError(`Augment: ${name} ${value} came, expected a whole number from 0`);
}
