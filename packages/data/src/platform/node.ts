// Data on the machine's own disk: folders, the variable LANEWISE_DATA, and the cache, which is the set-up's own.
import { access, constants, type FileHandle, mkdir, open, rename, truncate, unlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ByteSource } from "../bytes.ts";
import type { Cache, Part, Place, Platform } from "./platform.ts";

const CHUNK_BYTES = 2 ** 20;

export const platform: Platform = {
  place: (where) => new Folder(where instanceof URL ? fileURLToPath(where) : resolve(where)),
  namedByVariable() {
    const folder = process.env.LANEWISE_DATA;
    return folder === undefined || folder === "" ? undefined : new Folder(resolve(folder));
  },
  cache: async () => new CacheFolder(join(cacheRoot(), "data")),
};

/** LANEWISE_CACHE, else lanewise in the user's cache folder: as the set-up of this project chooses it. */
function cacheRoot(): string {
  const { LANEWISE_CACHE, XDG_CACHE_HOME } = process.env;
  if (LANEWISE_CACHE) return resolve(LANEWISE_CACHE);
  // The XDG rules: a relative path there is to be ignored.
  const base = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(base, "lanewise");
}

class Folder implements Place {
  readonly name: string;

  constructor(path: string) {
    this.name = path;
  }

  async read(file: string): Promise<ByteSource | undefined> {
    const path = join(this.name, file);
    try {
      await access(path, constants.R_OK);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    return chunks(path);
  }

  inside(folder: string): Folder {
    return new Folder(join(this.name, folder));
  }
}

class CacheFolder extends Folder implements Cache {
  override inside(folder: string): CacheFolder {
    return new CacheFolder(join(this.name, folder));
  }

  async part(file: string): Promise<Part> {
    await mkdir(this.name, { recursive: true });
    const path = join(this.name, file);
    const handle = await open(`${path}.part`, "a+");
    return new FilePart(path, handle, (await handle.stat()).size);
  }
}

class FilePart implements Part {
  size: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  #open = true;

  constructor(path: string, handle: FileHandle, size: number) {
    this.#path = path;
    this.#handle = handle;
    this.size = size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#handle.appendFile(bytes);
    this.size += bytes.length;
  }

  async restart(): Promise<void> {
    await truncate(`${this.#path}.part`, 0);
    this.size = 0;
  }

  async read(): Promise<ByteSource> {
    return chunks(`${this.#path}.part`);
  }

  async finish(file?: string): Promise<void> {
    await this.#handle.sync();
    await this.close();
    await rename(`${this.#path}.part`, file === undefined ? this.#path : join(dirname(this.#path), file));
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#handle.close();
    if (this.size === 0) await unlink(`${this.#path}.part`).catch(() => {}); // nothing in it that a later attempt could use
  }
}

/** The file's bytes in pieces that are never written to again; the handle closes at the end, early or not. */
async function* chunks(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
