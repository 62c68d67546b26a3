// Stored images on the way to the numbers of a batch. No gradient flows back into bytes, so nothing here is on the tape.

export { type ImageAffineOptions, imageAffine } from "./affine.ts";
export { type ByteRowsOptions, byteRows } from "./byte-rows.ts";
export { drawForImages } from "./draw.ts";
export { type ImageShiftOptions, imageShift } from "./shift.ts";
export type { ImageNormalization, StoredImages } from "./stored.ts";
