// @lanewise/data: datasets, readers of IDX and CSV, splits, the loader, MNIST and CIFAR-10.
export { Augment, type AugmentOptions } from "./augment.ts";
export type { ByteSource } from "./bytes.ts";
export type { CheckReport } from "./check.ts";
export { type Cifar10Options, cifar10 } from "./cifar10/cifar10.ts";
export { CLASS_NAMES as cifarClasses } from "./cifar10/files.ts";
export type { CifarDataset, CifarParts } from "./cifar10/read.ts";
export { type CsvOptions, type CsvTable, readCsv } from "./csv.ts";
export { Dataset, type DatasetParts, type ExampleType } from "./dataset.ts";
export type { FetchProgress } from "./find/fetch.ts";
export { classLabels, type IdxArray, type IdxOptions, readIdx, writeIdx } from "./idx.ts";
export { type Batch, DataLoader, type DataLoaderOptions, type DataLoaderState } from "./loader.ts";
export { type MnistOptions, mnist } from "./mnist/mnist.ts";
export {
  cifarInput,
  type DigitInput,
  type DrawnDigits,
  digitDataset,
  type ImageInput,
  imageInput,
  inputWarning,
  mnistInput,
  type NothingDrawn,
  type PhotoInput,
  type PixelImage,
  type PreparedDigit,
  prepareDigit,
  preparePhoto,
} from "./prepare/index.ts";
export type { SplitOptions } from "./split.ts";
