// Convolutions.

export * from "./conv2d.ts";
export type { Conv2dOptions, Filtered, ImagesFit } from "./geometry.ts";
