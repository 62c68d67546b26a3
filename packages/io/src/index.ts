// @lanewise/io: array files as bytes, to and from named plain arrays. Pure: no tensor, no file system (that is /node).
export {
  type ArrayTypes,
  type Codec,
  elementCount,
  type Int64Reading,
  type NamedArrays,
  type PlainArray,
  type PlainDType,
  type ReadOptions,
  takeArray,
  type WriteOptions,
} from "./arrays.ts";
export { hashArrays } from "./hash.ts";
export { readNpy, writeNpy } from "./npy/npy.ts";
export { npz } from "./npy/npz.ts";
export { type PtMetadata, readPtMetadata } from "./pt/metadata.ts";
export { pt } from "./pt/pt.ts";
export { type PtValue, readPt, stateArrays } from "./pt/read.ts";
export { type PtWriteOptions, writePt } from "./pt/write.ts";
export { readArrays } from "./read-arrays.ts";
