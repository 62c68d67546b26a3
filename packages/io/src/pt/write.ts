// A state dict as PyTorch's own file: a zip of a pickle that describes the tensors and of one file for each one's elements.
// torch.load(path, weights_only=True) reads it, from PyTorch 1.13 on.
import { checkArray, type NamedArrays, type PlainArray, type WriteOptions, writeElements } from "../arrays.ts";
import { narrowToHalf } from "../half.ts";
import { writeStoredZip } from "../zip/write.ts";
import { METADATA, type PtMetadata } from "./metadata.ts";
import { PickleWriter } from "./pickle-writer.ts";
import { STORAGE_CLASSES, type StoredDType } from "./storages.ts";

export interface PtWriteOptions extends WriteOptions {
  /** What f32 is stored as (default f32); f16 takes half the bytes, and load_state_dict widens it again. */
  floats?: "f32" | "f16";
  /** JSON beside the tensors, which PyTorch does not look at; `readPtMetadata` reads it. */
  metadata?: PtMetadata;
}

/** The folder in the zip; PyTorch calls it after the file, and reads any. */
const FOLDER = "archive";

/** Bytes of an OrderedDict of tensors. `compress` is not looked at: PyTorch's files are never compressed. */
export function writePt(arrays: NamedArrays, options: PtWriteOptions = {}): Uint8Array<ArrayBuffer> {
  const entries: [string, Uint8Array][] = [];
  const pickle = new PickleWriter().global("collections", "OrderedDict").emptyTuple().reduce();
  pickle.items(() => {
    for (const [name, array] of arrays) {
      const stored = toStored(name, array, options.floats ?? "f32");
      const key = String(entries.length);
      entries.push([`${FOLDER}/data/${key}`, stored.bytes]);
      describeTensor(pickle.string(name), array, stored.storageClass, key);
    }
  });
  return writeStoredZip([
    [`${FOLDER}/data.pkl`, pickle.finish()],
    [`${FOLDER}/byteorder`, new TextEncoder().encode("little")],
    ...entries,
    ...(options.metadata === undefined
      ? []
      : [[`${FOLDER}/${METADATA}`, new TextEncoder().encode(JSON.stringify(options.metadata))] as const]),
    [`${FOLDER}/version`, new TextEncoder().encode("3\n")],
  ]);
}

/** torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks) */
function describeTensor(pickle: PickleWriter, array: PlainArray, storageClass: string, key: string): void {
  pickle.global("torch._utils", "_rebuild_tensor_v2");
  pickle.tuple(() => {
    pickle.tuple(() => {
      pickle.string("storage").global("torch", storageClass).string(key).string("cpu").int(array.data.length);
    });
    pickle.persistentId().int(0);
    pickle.tuple(() => {
      for (const size of array.shape) pickle.int(size);
    });
    pickle.tuple(() => {
      for (const stride of rowMajorStrides(array.shape)) pickle.int(stride);
    });
    pickle.false().global("collections", "OrderedDict").emptyTuple().reduce();
  });
  pickle.reduce();
}

function toStored(
  name: string,
  array: PlainArray,
  floats: "f32" | "f16",
): { storageClass: string; bytes: Uint8Array<ArrayBuffer> } {
  checkArray(name, array);
  const dtype: StoredDType = array.dtype === "f32" ? floats : array.dtype;
  const storageClass = STORAGE_CLASSES[dtype];
  if (storageClass === undefined) {
    throw new TypeError(`array '${name}': PyTorch's files have no ${dtype}; make it a signed type or u8`);
  }
  if (dtype === "f16") {
    return { storageClass, bytes: new Uint8Array(narrowToHalf(array.data as Float32Array).buffer) };
  }
  const bytes = new Uint8Array(array.data.byteLength);
  writeElements(array, bytes, 0);
  return { storageClass, bytes };
}

function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  // As PyTorch has them: a size of 0 counts as 1.
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = strides[axis + 1]! * Math.max(shape[axis + 1]!, 1);
  return strides;
}
