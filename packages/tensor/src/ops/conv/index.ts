// Convolutions.

export { conv2d } from "./conv2d.ts";
export { type Conv2dOptions, convSettings, type Filtered, type ImagesFit } from "./geometry.ts";
export { conv2dMaxPool } from "./max-pool.ts";
