// Pictures to what networks take: one code for training and for use, by a description that is kept with the weights.
export { type DrawnDigits, digitDataset } from "./dataset.ts";
export { type NothingDrawn, type PreparedDigit, prepareDigit } from "./digit.ts";
export type { PixelImage } from "./ink.ts";
export { cifarInput, type DigitInput, type ImageInput, imageInput, mnistInput, type PhotoInput } from "./input.ts";
export { preparePhoto } from "./photo.ts";
export { inputWarning } from "./warning.ts";
