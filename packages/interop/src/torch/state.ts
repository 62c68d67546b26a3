// A model's state dict to and from PyTorch's own files; layouts and names are PyTorch's on both sides.
import { type NamedArrays, type PlainArray, type PtWriteOptions, pt, type ReadOptions, writePt } from "@lanewise/io";
import type { Module, StateArray } from "@lanewise/nn";

/** A file that `model.load_state_dict(torch.load(path, weights_only=True))` takes, where the model is the generated one. */
export function torchState(model: Module, options: PtWriteOptions = {}): Uint8Array<ArrayBuffer> {
  return writePt(new Map<string, PlainArray>(model.stateDict()), options);
}

/**
 * Takes over the state dict of a file of PyTorch's. f16, bf16 and f64 become f32; names, shapes and numbers must fit, and
 * nothing changes if one does not.
 */
export function loadTorchState(model: Module, bytes: Uint8Array, options: ReadOptions = {}): void {
  const label = options.label ?? "the file";
  const state = new Map<string, StateArray>();
  for (const [name, array] of toArrays(bytes, options)) state.set(name, toStateArray(array, `${label}: '${name}'`));
  model.loadStateDict(state);
}

function toArrays(bytes: Uint8Array, { maxBytes, label }: ReadOptions): NamedArrays {
  return pt.read(bytes, { ...(maxBytes === undefined ? {} : { maxBytes }), ...(label === undefined ? {} : { label }) });
}

function toStateArray(array: PlainArray, where: string): StateArray {
  const { dtype, shape, data } = array;
  if (dtype === "f32" || dtype === "i64") return { dtype, shape, data } as StateArray;
  if (dtype === "f64") return { dtype: "f32", shape, data: Float32Array.from(data) };
  throw new TypeError(`${where} is ${dtype}; a state dict here holds f32 (or f16, bf16, f64) and counts of i64`);
}
