// mnist(): the handwritten digits, wherever they are to be had; what was tried is told when they are not.
import { platform as machine } from "#platform";
import type { Dataset } from "../dataset.ts";
import type { Cache, Platform } from "../platform/platform.ts";
import { type Failure, type FetchOptions, fetchMnist } from "./fetch.ts";
import { type Catalog, MNIST, PARTS, SIDE } from "./files.ts";
import { type MnistFormat, type MnistParts, readMnist } from "./read.ts";

export interface MnistOptions extends FetchOptions {
  /** Examples as [28, 28, 1] instead of [784]. */
  images?: boolean;
  /** A folder (in a page: an address) with the files, or with `mnist/` in it. Nothing else is tried then. */
  path?: string | URL | undefined;
  /** Read only IDX or only CSV files; by default IDX where there is IDX. */
  format?: MnistFormat | undefined;
  /** False: never downloads. */
  download?: boolean | undefined;
  /** A folder with a sample, which stands in where the whole can't be had; the result's `source` and `isSample` say so. */
  sample?: string | URL | undefined;
  /** Called when the sample is taken, with what was tried before it and why that failed. */
  onSample?: ((tried: readonly string[]) => void) | undefined;
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
export async function findMnist(options: MnistOptions, surroundings: MnistSurroundings): Promise<MnistParts> {
  const { platform, catalog } = surroundings;
  const { format } = options;
  if (options.path !== undefined) return atPath(surroundings, options.path, format);

  const tried: string[] = [];
  const named = platform.namedByVariable();
  if (named === undefined) tried.push("LANEWISE_DATA is not set");
  else {
    const folder = named.inside("mnist");
    const found = await readMnist(folder, `from ${folder.name}`, catalog, format);
    if (found !== undefined) return found;
    tried.push(`LANEWISE_DATA: no ${format ?? "IDX or CSV"} files in ${folder.name}`);
  }

  const cache = (await platform.cache())?.inside("mnist");
  if (cache === undefined) tried.push("there is no cache to download into");
  else {
    const found = await cachedOrFetched(cache, catalog, options, tried);
    if (found !== undefined) return found;
  }

  if (options.sample !== undefined) {
    const place = platform.place(options.sample);
    const found = await readMnist(place, `from ${place.name}, since the whole was not to be had`, catalog);
    if (found !== undefined) {
      options.onSample?.(tried);
      return found;
    }
    tried.push(`sample: no MNIST files in ${place.name}`);
  }
  throw new Error(
    `MNIST was not found:\n  ${tried.join("\n  ")}\nPut its four IDX files (or mnist_train.csv and mnist_test.csv) into a ` +
      "folder and give that as `path`, or as LANEWISE_DATA with them in mnist/.",
  );
}

async function atPath(
  { platform, catalog }: MnistSurroundings,
  path: string | URL,
  format: MnistFormat | undefined,
): Promise<MnistParts> {
  const place = platform.place(path);
  const inner = place.inside("mnist");
  const found =
    (await readMnist(place, `from ${place.name}`, catalog, format)) ??
    (await readMnist(inner, `from ${inner.name}`, catalog, format));
  if (found !== undefined) return found;
  throw new Error(`no ${format ?? "IDX or CSV"} files of MNIST in ${place.name} or ${inner.name}`);
}

async function cachedOrFetched(
  cache: Cache,
  catalog: Catalog,
  options: MnistOptions,
  tried: string[],
): Promise<MnistParts | undefined> {
  // The cache holds IDX alone; whoever insists on CSV has files of their own.
  if (options.format === "csv") {
    tried.push("the cache holds no CSV files; give the folder that does as `path`");
    return undefined;
  }
  if (options.download === false) {
    const found = await readCache(cache, catalog);
    if (found === undefined) tried.push(`no files in the cache ${cache.name}, and downloading was not allowed`);
    return found;
  }
  let failures: Failure[];
  try {
    failures = await fetchMnist(cache, catalog, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    tried.push(`the cache ${cache.name} can't be written: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  if (failures.length === 0) return readCache(cache, catalog);
  tried.push(`no files in the cache ${cache.name}`);
  tried.push(...failures.map(({ address, reason }) => `${address}: ${reason}`));
  return undefined;
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
