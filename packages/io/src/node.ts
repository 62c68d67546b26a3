// @lanewise/io/node: the codecs over files. Writing goes to a file beside the target, which a rename then replaces
// whole: whoever reads sees the old content or the new, and a failure leaves neither a half file nor a stray one.
import { randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
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
 * replaced). The bytes are on the disk when this returns. What a killed process left of such a write goes.
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
  await removeStrays(target);
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
    throw writeError(path, error);
  }
  await syncFolder(dirname(target));
}

/** No write rests for so long: what is older was left by a process that ended in the middle of one. */
const STRAY_AFTER_MS = 10 * 60_000;

/** Removes parts of `target` that nobody writes any more: of a checkpoint each would be as large as itself. */
async function removeStrays(target: string): Promise<void> {
  const [folder, start] = [dirname(target), `.${basename(target)}.`];
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(start) || !/^[0-9a-f-]{36}\.part$/.test(name.slice(start.length))) continue;
    const part = join(folder, name);
    const age = await stat(part).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STRAY_AFTER_MS) await unlink(part).catch(() => {});
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on its disk; free some",
  EDQUOT: "your share of its disk is used up; free some",
  EFBIG: "files may not become so large there",
  EROFS: "its file system is read-only; choose another folder",
  EACCES: "you may not write there; choose another folder, or change its permissions",
  EPERM: "you may not write there; choose another folder, or change its permissions",
  ENOENT: "its folder is not there; make it first",
};

/** What the system says, with the file, the reason in words, and what stands. */
function writeError(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const why = WHY[code] === undefined ? message : `${WHY[code]} (${code})`;
  return Object.assign(new Error(`${path} was not written, and is as it was before: ${why}`, { cause: error }), {
    code,
  });
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
