// Where a data set is looked for, in which order, and what is said when it is nowhere.
import type { Cache, Place, Platform } from "../platform/platform.ts";
import type { Failure, FetchOptions } from "./fetch.ts";

export interface FindOptions extends FetchOptions {
  /** A folder (in a page: an address) with the files, or with the data set's folder in it. Nothing else is tried then. */
  path?: string | URL | undefined;
  /** False: never downloads. */
  download?: boolean | undefined;
  /** A folder with a sample, which stands in where the whole can't be had; the result's `source` and `isSample` say so. */
  sample?: string | URL | undefined;
  /** Called when the sample is taken, with what was tried before it and why that failed. */
  onSample?: ((tried: readonly string[]) => void) | undefined;
}

/** What the search has to know of a data set; `T` is what its files make. */
export interface Search<T> {
  /** "MNIST". */
  name: string;
  /** Its folders below LANEWISE_DATA, the cache and `path`; the first is the one that it gets here. */
  folders: readonly [string, ...string[]];
  /** What is looked for, "IDX or CSV files". */
  wanted: string;
  /** What to do where nothing was found. */
  advice: string;
  /** Undefined where there are none of its files; files that are incomplete or damaged are an error. */
  read(place: Place, origin: string): Promise<T | undefined>;
  readSample(place: Place, origin: string): Promise<T | undefined>;
  /** What the cache holds was proved when it came, so anything else there is an error. */
  readCache(cache: Cache): Promise<T | undefined>;
  /** Why the cache and a download are of no use here; undefined where they are. */
  cacheRefusal?: string | undefined;
  /** Fills the cache. No failure when it did, else one for each address that was tried. */
  fetch(cache: Cache, options: FetchOptions): Promise<Failure[]>;
}

/** Looks at `path` alone where it is given; else below LANEWISE_DATA, in the cache, on servers; at last at the sample. */
export async function findData<T>(platform: Platform, search: Search<T>, options: FindOptions): Promise<T> {
  if (options.path !== undefined) return atPath(platform.place(options.path), search);

  const tried: string[] = [];
  const found = (await atVariable(platform, search, tried)) ?? (await inCache(platform, search, options, tried));
  if (found !== undefined) return found;

  if (options.sample !== undefined) {
    const place = platform.place(options.sample);
    const sample = await search.readSample(place, `from ${place.name}, since the whole was not to be had`);
    if (sample !== undefined) {
      options.onSample?.(tried);
      return sample;
    }
    tried.push(`sample: no ${search.name} files in ${place.name}`);
  }
  throw new Error(`${search.name} was not found:\n  ${tried.join("\n  ")}\n${search.advice}`);
}

async function atPath<T>(place: Place, search: Search<T>): Promise<T> {
  const places = [place, ...search.folders.map((folder) => place.inside(folder))];
  for (const each of places) {
    const found = await search.read(each, `from ${each.name}`);
    if (found !== undefined) return found;
  }
  throw new Error(`no ${search.wanted} of ${search.name} in ${places.map(({ name }) => name).join(" or ")}`);
}

async function atVariable<T>(platform: Platform, search: Search<T>, tried: string[]): Promise<T | undefined> {
  const named = platform.namedByVariable();
  if (named === undefined) {
    tried.push("LANEWISE_DATA is not set");
    return undefined;
  }
  const places = search.folders.map((folder) => named.inside(folder));
  for (const place of places) {
    const found = await search.read(place, `from ${place.name}`);
    if (found !== undefined) return found;
  }
  tried.push(`LANEWISE_DATA: no ${search.wanted} in ${places.map(({ name }) => name).join(" or ")}`);
  return undefined;
}

async function inCache<T>(
  platform: Platform,
  search: Search<T>,
  options: FindOptions,
  tried: string[],
): Promise<T | undefined> {
  const cache = (await platform.cache())?.inside(search.folders[0]);
  if (cache === undefined) {
    tried.push("there is no cache to download into");
    return undefined;
  }
  if (search.cacheRefusal !== undefined) {
    tried.push(search.cacheRefusal);
    return undefined;
  }
  if (options.download === false) {
    const found = await search.readCache(cache);
    if (found === undefined) tried.push(`no files in the cache ${cache.name}, and downloading was not allowed`);
    return found;
  }
  let failures: Failure[];
  try {
    failures = await search.fetch(cache, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    tried.push(`the cache ${cache.name} can't be written: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  if (failures.length === 0) return search.readCache(cache);
  tried.push(`no files in the cache ${cache.name}`);
  tried.push(...failures.map(({ address, reason }) => `${address}: ${reason}`));
  return undefined;
}

/** How a dataset's source begins: never the data set's own name for what is something else. */
export function describeExamples(
  name: string,
  part: "train" | "test",
  count: number,
  proved: "whole" | "sample" | "neither",
): string {
  const images = part === "train" ? "training" : "test";
  const many = count.toLocaleString("en");
  if (proved === "whole") return `${name} ${images} set`;
  if (proved === "sample") return `SAMPLE of ${name} (${many} of its ${images} images only)`;
  return `${many} images laid out as ${name} (not the published ${name}, by their SHA-256)`;
}
