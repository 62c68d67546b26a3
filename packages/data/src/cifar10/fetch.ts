// Bringing CIFAR-10 into the cache: the published archive, proved by its hash, becomes its six binary files.
import { collect, sha256 } from "../bytes.ts";
import { archivedFiles } from "../find/archive.ts";
import { expectHash, type Failure, type FetchOptions, fetchFiles, fetchProved, keepFile } from "../find/fetch.ts";
import type { Cache, Part as CachePart } from "../platform/platform.ts";
import { type Catalog, PARTS } from "./files.ts";

/** Fills `cache` with the six files. Returns no failure when it did, else one for each address that was tried. */
export async function fetchCifar(cache: Cache, catalog: Catalog, options: FetchOptions): Promise<Failure[]> {
  const { name, sha256: hash, maxBytes } = catalog.archive;
  const failures: Failure[] = [];
  const archive = {
    name,
    published: name,
    maxBytes,
    isThere: () => isComplete(cache, catalog),
    bring: async (part: CachePart, address: string, download: Parameters<typeof fetchProved>[2]) => {
      await fetchProved(part, address, download, async () => {
        expectHash(await sha256(await collect(await part.read(), name, maxBytes)), hash);
      });
      await unpack(part, cache, catalog);
      await part.restart(); // a hundred and seventy megabytes that nobody needs any more
    },
  };
  await fetchFiles(cache, [archive], catalog.mirrors, options, failures);
  return (await isComplete(cache, catalog)) ? [] : failures;
}

/** Whether all files are there: a process that ended while it unpacked leaves only some. */
export async function isComplete(cache: Cache, catalog: Catalog): Promise<boolean> {
  for (const file of wantedFiles(catalog)) {
    if ((await cache.read(file)) === undefined) return false;
  }
  return true;
}

/** Only the wanted files are kept, under their own names in the cache, wherever they lie in the archive. */
async function unpack(part: CachePart, cache: Cache, catalog: Catalog): Promise<void> {
  const missing = new Set(wantedFiles(catalog));
  for await (const { path, content } of archivedFiles(await part.read(), catalog.archive.name)) {
    const file = path.slice(path.lastIndexOf("/") + 1);
    if (missing.delete(file)) await keepFile(cache, file, content);
  }
  if (missing.size > 0) throw new Error(`${catalog.archive.name} lacks ${[...missing].join(", ")}`);
}

function wantedFiles(catalog: Catalog): string[] {
  return PARTS.flatMap((part) => catalog.files[part].files);
}
