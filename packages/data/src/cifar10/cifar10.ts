// cifar10(): 60,000 small pictures of ten kinds of things, wherever they are to be had.
import { platform as machine } from "#platform";
import { type FindOptions, findData, type Search } from "../find/find-data.ts";
import type { Cache, Platform } from "../platform/platform.ts";
import { fetchCifar, isComplete } from "./fetch.ts";
import { type Catalog, CIFAR10, PARTS } from "./files.ts";
import { type CifarParts, type FoundCifar, readCifar } from "./read.ts";

export type Cifar10Options = FindOptions;

/**
 * CIFAR-10 as bytes: x as u8 [N, 32, 32, 3], y as i32 [N]. Looks at `path`; else in the folder of the variable
 * LANEWISE_DATA, in the cache, on the server that publishes it; else takes `sample`.
 */
export async function cifar10(options: Cifar10Options = {}): Promise<CifarParts> {
  const { train, test } = await findCifar(options, { platform: machine, catalog: CIFAR10 });
  return { train, test };
}

/** The search behind `cifar10`, with the machine and the data set as parameters: tests give others. */
export function findCifar(
  options: Cifar10Options,
  { platform, catalog }: { platform: Platform; catalog: Catalog },
): Promise<FoundCifar> {
  const search: Search<FoundCifar> = {
    name: "CIFAR-10",
    folders: ["cifar10", "cifar-10-batches-bin"], // the second is the archive's own
    wanted: "binary files",
    advice:
      "Put its six binary files (data_batch_1.bin to data_batch_5.bin, test_batch.bin) into a folder and give that as " +
      "`path`, or as LANEWISE_DATA with them in cifar10/.",
    read: (place, origin) => readCifar(place, origin, catalog),
    readSample: (place, origin) => readCifar(place, origin, catalog),
    readCache: (cache) => readCache(cache, catalog),
    fetch: (cache, fetchOptions) => fetchCifar(cache, catalog, fetchOptions),
  };
  return findData(platform, search, options);
}

/** What the cache holds was proved when it came, so anything else there is damage. */
async function readCache(cache: Cache, catalog: Catalog): Promise<FoundCifar | undefined> {
  if (!(await isComplete(cache, catalog))) return undefined;
  const found = await readCifar(cache, `from ${cache.name}`, catalog);
  for (const part of PARTS) {
    if (found === undefined || found.published[part]) continue;
    throw new Error(`the ${part} files in ${cache.name} are not the published CIFAR-10 any more; delete that folder`);
  }
  return found;
}
