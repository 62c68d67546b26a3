// What a network takes, in words that a file keeps beside its weights: pictures are prepared by it in training and in use.

/** A digit in ink on a ground: see `prepareDigit`. */
export interface DigitInput {
  readonly kind: "digit";
  /** Pixels of a side of what the network sees. */
  readonly side: number;
  /** Pixels of the longer side of the digit in it. */
  readonly box: number;
}

/** A photo: see `preparePhoto`. Its bytes become (byte / 255 − mean) / std. */
export interface PhotoInput {
  readonly kind: "photo";
  readonly side: number;
  /** By channel: red, green, blue. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export type ImageInput = DigitInput | PhotoInput;

/** MNIST's digits. */
export const mnistInput: DigitInput = { kind: "digit", side: 28, box: 20 };

/** CIFAR-10's pictures, by mean and deviation of its training images. */
export const cifarInput: PhotoInput = {
  kind: "photo",
  side: 32,
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.247, 0.2435, 0.2616],
};

/** A description that was read from a file, checked. */
export function imageInput(description: unknown, label = "the description of a network's input"): ImageInput {
  const { kind, side, box, mean, std } = (description ?? {}) as Record<string, unknown>;
  const wrong = (expected: string) =>
    new TypeError(`${label} is ${JSON.stringify(description)?.slice(0, 200)}; expected ${expected}`);
  if (kind === "digit") {
    if (!(isSide(side) && isSide(box) && box <= side))
      throw wrong("side and box of a digit, whole numbers, box ≤ side");
    return { kind, side, box };
  }
  if (kind === "photo") {
    if (!(isSide(side) && isTriple(mean) && isTriple(std) && std.every((value) => value > 0))) {
      throw wrong("side, mean and std of a photo, three numbers each");
    }
    return { kind, side, mean, std };
  }
  throw wrong('kind "digit" or "photo"');
}

/** A file may say anything; larger pictures than these would only fill the memory. */
const isSide = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 4096;

const isTriple = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length === 3 && value.every((number) => Number.isFinite(number));
