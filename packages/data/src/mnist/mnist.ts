// mnist(): the handwritten digits, wherever they are to be had; what was tried is told when they are not.
import { platform as machine } from "#platform";
import type { Dataset } from "../dataset.ts";
import { type FindOptions, findData, type Search } from "../find/find-data.ts";
import type { Cache, Platform } from "../platform/platform.ts";
import { fetchMnist } from "./fetch.ts";
import { type Catalog, MNIST, PARTS, SIDE } from "./files.ts";
import { type MnistFormat, type MnistParts, readMnist } from "./read.ts";

export interface MnistOptions extends FindOptions {
  /** Examples as [28, 28, 1] instead of [784]. */
  images?: boolean;
  /** Read only IDX or only CSV files; by default IDX where there is IDX. */
  format?: MnistFormat | undefined;
}

/** Where the search happens and what for: tests give others. */
export interface MnistSurroundings {
  platform: Platform;
  catalog: Catalog;
}

type Both<S extends readonly number[]> = { train: Dataset<S>; test: Dataset<S> };

/**
 * MNIST: x as f32 [N, 784] (or [N, 28, 28, 1]) in 0..1, y as i32 [N]. Looks at `path`; else in the folder of the variable
 * LANEWISE_DATA, in the cache, on the servers that publish it; else takes `sample`.
 */
export function mnist(options: MnistOptions & { images: true }): Promise<Both<readonly [28, 28, 1]>>;
export function mnist(options?: MnistOptions & { images?: false }): Promise<Both<readonly [784]>>;
export function mnist(options?: MnistOptions): Promise<Both<readonly [784]> | Both<readonly [28, 28, 1]>>;
export async function mnist(options: MnistOptions = {}): Promise<Both<readonly [784]> | Both<readonly [28, 28, 1]>> {
  const { train, test } = await findMnist(options, { platform: machine, catalog: MNIST });
  if (options.images !== true) return { train, test };
  return { train: train.reshape([SIDE, SIDE, 1]), test: test.reshape([SIDE, SIDE, 1]) };
}

/** The search behind `mnist`, with the machine as a parameter. */
export function findMnist(options: MnistOptions, surroundings: MnistSurroundings): Promise<MnistParts> {
  return findData(surroundings.platform, searchFor(surroundings.catalog, options.format), options);
}

function searchFor(catalog: Catalog, format: MnistFormat | undefined): Search<MnistParts> {
  return {
    name: "MNIST",
    folders: ["mnist"],
    wanted: `${format ?? "IDX or CSV"} files`,
    advice:
      "Put its four IDX files (or mnist_train.csv and mnist_test.csv) into a folder and give that as `path`, or as " +
      "LANEWISE_DATA with them in mnist/.",
    read: (place, origin) => readMnist(place, origin, catalog, format),
    readSample: (place, origin) => readMnist(place, origin, catalog),
    readCache: (cache) => readCache(cache, catalog),
    // The cache holds IDX alone; whoever insists on CSV has files of their own.
    cacheRefusal: format === "csv" ? "the cache holds no CSV files; give the folder that does as `path`" : undefined,
    fetch: (cache, options) => fetchMnist(cache, catalog, options),
  };
}

/** What the cache holds was proved when it came, so anything else there is damage. */
async function readCache(cache: Cache, catalog: Catalog): Promise<MnistParts | undefined> {
  const found = await readMnist(cache, `from ${cache.name}`, catalog, "idx");
  for (const part of PARTS) {
    if (found === undefined || found[part].sha256 === catalog.files[part].sha256) continue;
    throw new Error(`the ${part} files in ${cache.name} are not the published MNIST any more; delete that folder`);
  }
  return found;
}
