// Bringing MNIST into the cache: every mirror is tried, every file proved by its hash before it gets its name.
import { collect, sha256, unzipped } from "../bytes.ts";
import { type DownloadOptions, type DownloadProgress, download, failureReason } from "../download.ts";
import { writeIdx } from "../idx.ts";
import type { Cache, Part as CachePart } from "../platform/platform.ts";
import { type Catalog, MAX_CSV_BYTES, MAX_IDX_BYTES, PARTS, type Part, SIDE } from "./files.ts";
import { hashExamples, readMnistCsv } from "./read.ts";

/** Which file of how many is being downloaded, and how far it is. */
export interface MnistProgress extends DownloadProgress {
  file: string;
  fileIndex: number;
  fileCount: number;
}

export interface FetchOptions {
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: MnistProgress) => void) | undefined;
}

/** Why an address could not be used. */
export interface Failure {
  address: string;
  reason: string;
}

/** Fills `cache` with the four IDX files. Returns no failure when it did, else one for each address that was tried. */
export async function fetchMnist(cache: Cache, catalog: Catalog, options: FetchOptions): Promise<Failure[]> {
  const failures: Failure[] = [];
  const task = { cache, catalog, failures, options };
  if (await fetchAll(task, Object.keys(catalog.idxSha256), catalog.idxMirrors, fetchIdx)) return [];
  const tables = PARTS.map((part) => catalog.files[part].csv);
  if (await fetchAll(task, tables, catalog.csvMirrors, fetchCsv)) return [];
  return failures;
}

interface Task {
  cache: Cache;
  catalog: Catalog;
  failures: Failure[];
  options: FetchOptions;
}

/** Brings one file, proved, into the task's cache. */
type FetchFile = (task: Task, part: CachePart, wanted: Wanted, options: DownloadOptions) => Promise<void>;

interface Wanted {
  file: string;
  address: string;
}

/** Fetches every file from the first mirror that has it; a mirror that failed once is not asked again. */
async function fetchAll(
  task: Task,
  files: readonly string[],
  mirrors: readonly string[],
  fetchFile: FetchFile,
): Promise<boolean> {
  const { onProgress, timeoutMs, signal } = task.options;
  const usable = new Set(mirrors);
  for (const [fileIndex, file] of files.entries()) {
    const isCsv = file.endsWith(".csv");
    let done = await isThere(task.cache, file);
    for (const mirror of done ? [] : mirrors.filter((each) => usable.has(each))) {
      const address = mirror + (isCsv ? file : `${file}.gz`);
      // A part belongs to one server: another one's file of the same content may be zipped differently.
      const part = await task.cache.part(`${file}.${new URL(address).host.replace(":", "-")}`);
      const report = (progress: DownloadProgress): void =>
        onProgress?.({ ...progress, file, fileIndex, fileCount: files.length });
      try {
        const maxBytes = isCsv ? MAX_CSV_BYTES : MAX_IDX_BYTES;
        await fetchFile(task, part, { file, address }, { timeoutMs, signal, onProgress: report, maxBytes });
        done = true;
        break;
      } catch (error) {
        signal?.throwIfAborted();
        task.failures.push({ address, reason: failureReason(error) });
        usable.delete(mirror);
      } finally {
        await part.close();
      }
    }
    if (!done) return false;
  }
  return true;
}

async function isThere(cache: Cache, file: string): Promise<boolean> {
  if (file.endsWith(".csv")) return false; // never kept as such
  return (await cache.read(file)) !== undefined || (await cache.read(`${file}.gz`)) !== undefined;
}

async function fetchIdx(task: Task, part: CachePart, wanted: Wanted, options: DownloadOptions): Promise<void> {
  const { file, address } = wanted;
  await fetchProved(part, address, options, async () => {
    const content = await collect(unzipped(await part.read(), file), file, MAX_IDX_BYTES);
    expectHash(await sha256(content), task.catalog.idxSha256[file]!);
  });
  await part.finish(`${file}.gz`); // or already unzipped by the server: readers look at the content
}

/** A CSV file becomes the two IDX files of its part: a tenth of the bytes, and quick to read from then on. */
async function fetchCsv(task: Task, part: CachePart, wanted: Wanted, options: DownloadOptions): Promise<void> {
  const { cache, catalog } = task;
  const { file, address } = wanted;
  const names = catalog.files[PARTS.find((each) => catalog.files[each].csv === file) as Part];
  const idx: [string, Uint8Array][] = [];
  await fetchProved(part, address, options, async () => {
    const examples = await readMnistCsv(await part.read(), file);
    expectHash(await hashExamples(examples), names.sha256);
    const count = examples.labels.length;
    idx.push([names.images, writeIdx([count, SIDE, SIDE], examples.raw)]);
    idx.push([names.labels, writeIdx([count], Uint8Array.from(examples.labels))]);
  });
  for (const [name, bytes] of idx) await keep(cache, name, bytes);
  await part.restart();
}

async function keep(cache: Cache, name: string, bytes: Uint8Array): Promise<void> {
  const part = await cache.part(name);
  try {
    await part.restart();
    await part.append(bytes);
    await part.finish();
  } finally {
    await part.close();
  }
}

/**
 * Downloads and proves a file. What was continued and turns out wrong (the server's file may have changed since) is
 * downloaded once more from the start; what is wrong then is thrown away.
 */
async function fetchProved(
  part: CachePart,
  address: string,
  options: DownloadOptions,
  prove: () => Promise<void>,
): Promise<void> {
  const resumed = part.size > 0;
  await download(address, part, options);
  try {
    await prove();
    return;
  } catch (error) {
    await part.restart();
    if (!resumed) throw error;
  }
  await fetchProved(part, address, options, prove);
}

function expectHash(found: string, expected: string): void {
  if (found !== expected) throw new Error(`its content has SHA-256 ${found}, expected ${expected}`);
}
