// @lanewise/io/node: the codecs over files. Writing goes to a file beside the target, which a rename then replaces
// whole: whoever reads sees the old content or the new, and a failure leaves neither a half file nor a stray one.
import { randomUUID } from "node:crypto";
import { type FileHandle, open, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DEFAULT_MAX_BYTES, type NamedArrays, type ReadOptions, type WriteOptions } from "./arrays.ts";
import { npz } from "./npy/npz.ts";
import { type PtWriteOptions, writePt } from "./pt/write.ts";
import { readArrays } from "./read-arrays.ts";

/** Reads the arrays of a .npz, .npy or .pt file; `maxBytes` bounds the file as well as what it expands to. */
export async function loadArrays(path: string, options: ReadOptions = {}): Promise<NamedArrays> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const { size } = await stat(path);
  if (size > maxBytes) {
    throw new RangeError(`${path} has ${size} bytes, over the limit of ${maxBytes}; raise maxBytes if you trust it`);
  }
  return readArrays(await readFile(path), { label: path, ...options });
}

/** Writes a state dict as PyTorch's own file, which torch.load(path, weights_only=True) reads; aside and renamed. */
export async function saveState(path: string, state: NamedArrays, options: PtWriteOptions = {}): Promise<void> {
  await writeAside(path, writePt(state, options));
}

/** Writes the arrays as a .npz, aside and renamed. */
export async function saveArrays(path: string, arrays: NamedArrays, options: WriteOptions = {}): Promise<void> {
  await writeAside(path, npz.write(arrays, options));
}

/**
 * Replaces or creates `path` with `content`. An existing file keeps its mode, and a link stays a link (its target is
 * replaced). The bytes are on the disk when this returns.
 */
export async function writeAside(path: string, content: Uint8Array | string): Promise<void> {
  const target = await realpath(path).catch((error) => {
    if (isMissing(error)) return path;
    throw error;
  });
  const mode = await stat(target).then(
    (found) => found.mode & 0o7777,
    () => undefined,
  );
  const aside = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
  try {
    const file = await open(aside, "wx");
    try {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, target);
  } catch (error) {
    await unlink(aside).catch(() => {}); // it may not exist; the first error is the one that counts
    throw error;
  }
  await syncFolder(dirname(target));
}

/** A rename is on the disk when its folder is; Windows can't open folders and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch {
    // The file itself is safe; a file system that can't sync a folder is no reason to fail after the rename.
  } finally {
    await handle?.close();
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
