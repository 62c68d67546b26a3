// Pooling.

export { type AvgPoolOptions, adaptiveAvgPool2d, averageSettings, avgPool2d } from "./average.ts";
export {
  type AreImages,
  type HeightOf,
  type MaxPoolOptions,
  type PoolOptions,
  poolSettings,
  type Resized,
  type WidthOf,
} from "./geometry.ts";
export { globalAvgPool2d, globalMaxPool2d } from "./global.ts";
export { adaptiveMaxPool2d, maxPool2d } from "./max.ts";
