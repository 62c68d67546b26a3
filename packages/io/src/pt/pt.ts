// .pt: PyTorch's own file as a codec of named arrays, which is what a state dict is.
import type { Codec } from "../arrays.ts";
import { isZip, readDirectory } from "../zip/directory.ts";
import { isLegacyPt, readPt, stateArrays } from "./read.ts";
import { writePt } from "./write.ts";

/** A name says nothing (.pt, .pth, .pkl, .pth.tar): a zip with a data.pkl in a folder is one, an old file too. */
function recognizes(bytes: Uint8Array): boolean {
  if (isLegacyPt(bytes)) return true;
  if (!isZip(bytes)) return false;
  try {
    return readDirectory(bytes, "").some(({ name }) => name.endsWith("/data.pkl"));
  } catch {
    return false; // whoever reads it as a zip says what is wrong
  }
}

/** Reads state dicts of torch.save; writes what torch.load(weights_only=True) reads. */
export const pt: Codec = {
  name: ".pt",
  recognizes,
  read: (bytes, options = {}) => stateArrays(readPt(bytes, options), options.label ?? "the file"),
  write: writePt,
};
