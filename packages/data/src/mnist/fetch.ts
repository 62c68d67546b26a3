// Bringing MNIST into the cache: its four IDX files, or else the coursework's tables, which become IDX files.
import { collect, sha256, unzipped } from "../bytes.ts";
import {
  expectHash,
  type Failure,
  type FetchOptions,
  fetchFiles,
  fetchProved,
  keepFile,
  type RemoteFile,
} from "../find/fetch.ts";
import { writeIdx } from "../idx.ts";
import type { Cache } from "../platform/platform.ts";
import { type Catalog, MAX_CSV_BYTES, MAX_IDX_BYTES, PARTS, type Part, SIDE } from "./files.ts";
import { hashExamples, readMnistCsv } from "./read.ts";

/** Fills `cache` with the four IDX files. Returns no failure when it did, else one for each address that was tried. */
export async function fetchMnist(cache: Cache, catalog: Catalog, options: FetchOptions): Promise<Failure[]> {
  const failures: Failure[] = [];
  const idx = Object.entries(catalog.idxSha256).map(([name, hash]) => idxFile(cache, name, hash));
  if (await fetchFiles(cache, idx, catalog.idxMirrors, options, failures)) return [];
  const tables = PARTS.map((part) => csvFile(cache, catalog, part));
  if (await fetchFiles(cache, tables, catalog.csvMirrors, options, failures)) return [];
  return failures;
}

function idxFile(cache: Cache, name: string, hash: string): RemoteFile {
  return {
    name,
    published: `${name}.gz`,
    maxBytes: MAX_IDX_BYTES,
    isThere: async () => (await cache.read(name)) !== undefined || (await cache.read(`${name}.gz`)) !== undefined,
    bring: async (part, address, options) => {
      await fetchProved(part, address, options, async () => {
        const content = await collect(unzipped(await part.read(), name), name, MAX_IDX_BYTES);
        expectHash(await sha256(content), hash);
      });
      await part.finish(`${name}.gz`); // or already unzipped by the server: readers look at the content
    },
  };
}

/** A CSV file becomes the two IDX files of its part: a tenth of the bytes, and quick to read from then on. */
function csvFile(cache: Cache, catalog: Catalog, of: Part): RemoteFile {
  const names = catalog.files[of];
  const name = names.csv;
  return {
    name,
    published: name,
    maxBytes: MAX_CSV_BYTES,
    isThere: async () => false, // never kept as such
    bring: async (part, address, options) => {
      const idx: [string, Uint8Array][] = [];
      await fetchProved(part, address, options, async () => {
        const examples = await readMnistCsv(await part.read(), name);
        expectHash(await hashExamples(examples), names.sha256);
        const count = examples.labels.length;
        idx.push([names.images, writeIdx([count, SIDE, SIDE], examples.raw)]);
        idx.push([names.labels, writeIdx([count], Uint8Array.from(examples.labels))]);
      });
      for (const [file, bytes] of idx) await keepFile(cache, file, bytes);
      await part.restart();
    },
  };
}
