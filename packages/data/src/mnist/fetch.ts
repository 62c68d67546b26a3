// Bringing MNIST into the cache: every mirror is tried, every file proved by its hash before it gets its name.
import { collect, sha256, unzipped } from "../bytes.ts";
import { type DownloadOptions, type DownloadProgress, download, failureReason } from "../download.ts";
import { writeIdx } from "../idx.ts";
import type { Cache, Part as CachePart } from "../platform/platform.ts";
import {
  CSV_MIRRORS,
  FILES,
  IDX_MIRRORS,
  IDX_SHA256,
  MAX_CSV_BYTES,
  MAX_IDX_BYTES,
  PARTS,
  type Part,
  SIDE,
} from "./files.ts";
import { hashExamples, readMnistCsv } from "./read.ts";

/** Which file of how many is being downloaded, and how far it is. */
export interface MnistProgress extends DownloadProgress {
  file: string;
  fileIndex: number;
  fileCount: number;
}

export interface MnistMirrors {
  idx: readonly string[];
  csv: readonly string[];
}

export interface FetchOptions {
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: MnistProgress) => void) | undefined;
  mirrors?: MnistMirrors | undefined;
}

/** Why an address could not be used. */
export interface Failure {
  address: string;
  reason: string;
}

/** Fills `cache` with the four IDX files. Returns no failure when it did, else one for each address that was tried. */
export async function fetchMnist(cache: Cache, options: FetchOptions): Promise<Failure[]> {
  const { idx, csv } = options.mirrors ?? { idx: IDX_MIRRORS, csv: CSV_MIRRORS };
  const failures: Failure[] = [];
  if (await fetchAll(cache, Object.keys(IDX_SHA256), idx, fetchIdx, failures, options)) return [];
  const parts = PARTS.map((part) => FILES[part].csv);
  if (await fetchAll(cache, parts, csv, fetchCsv, failures, options)) return [];
  return failures;
}

type FetchFile = (cache: Cache, file: string, address: string, options: DownloadOptions) => Promise<void>;

/** Fetches every file from the first mirror that has it; a mirror that failed once is not asked again. */
async function fetchAll(
  cache: Cache,
  files: readonly string[],
  mirrors: readonly string[],
  fetchFile: FetchFile,
  failures: Failure[],
  options: FetchOptions,
): Promise<boolean> {
  const usable = new Set(mirrors);
  for (const [fileIndex, file] of files.entries()) {
    let done = await isThere(cache, file);
    for (const mirror of done ? [] : mirrors.filter((each) => usable.has(each))) {
      const address = mirror + (file.endsWith(".csv") ? file : `${file}.gz`);
      const onProgress = (progress: DownloadProgress): void =>
        options.onProgress?.({ ...progress, file, fileIndex, fileCount: files.length });
      try {
        const { timeoutMs, signal } = options;
        const maxBytes = file.endsWith(".csv") ? MAX_CSV_BYTES : MAX_IDX_BYTES;
        await fetchFile(cache, file, address, { timeoutMs, signal, onProgress, maxBytes });
        done = true;
        break;
      } catch (error) {
        options.signal?.throwIfAborted();
        failures.push({ address, reason: failureReason(error) });
        usable.delete(mirror);
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

async function fetchIdx(cache: Cache, file: string, address: string, options: DownloadOptions): Promise<void> {
  const prove = async (part: CachePart): Promise<void> => {
    const content = await collect(unzipped(await part.read(), file), file, MAX_IDX_BYTES);
    expectHash(await sha256(content), IDX_SHA256[file]!);
  };
  const part = await fetchProved(cache, file, address, options, prove);
  try {
    await part.finish(`${file}.gz`); // or already unzipped by the server: readers look at the content
  } finally {
    await part.close();
  }
}

/** A CSV file becomes the two IDX files of its part: a tenth of the bytes, and quick to read from then on. */
async function fetchCsv(cache: Cache, file: string, address: string, options: DownloadOptions): Promise<void> {
  const role = PARTS.find((part) => FILES[part].csv === file) as Part;
  let idx: Map<string, Uint8Array> = new Map();
  const prove = async (part: CachePart): Promise<void> => {
    const examples = await readMnistCsv(await part.read(), file);
    expectHash(await hashExamples(examples), FILES[role].sha256);
    const count = examples.labels.length;
    idx = new Map([
      [FILES[role].images, writeIdx([count, SIDE, SIDE], examples.raw)],
      [FILES[role].labels, writeIdx([count], Uint8Array.from(examples.labels))],
    ]);
  };
  const downloaded = await fetchProved(cache, file, address, options, prove);
  for (const [name, bytes] of idx) {
    const part = await cache.part(name);
    try {
      await part.restart();
      await part.append(bytes);
      await part.finish();
    } finally {
      await part.close();
    }
  }
  await downloaded.restart();
  await downloaded.close();
}

/**
 * Downloads and proves a file. What was continued and turns out wrong (the server's file may have changed since) is
 * downloaded once more from the start; what is wrong then is thrown away.
 */
async function fetchProved(
  cache: Cache,
  file: string,
  address: string,
  options: DownloadOptions,
  prove: (part: CachePart) => Promise<void>,
): Promise<CachePart> {
  // A part belongs to one server: another one's file of the same content may be zipped differently.
  const part = await cache.part(`${file}.${new URL(address).host.replace(":", "-")}`);
  try {
    const resumed = part.size > 0;
    await download(address, part, options);
    try {
      await prove(part);
    } catch (error) {
      await part.restart();
      if (!resumed) throw error;
      await download(address, part, options);
      try {
        await prove(part);
      } catch (again) {
        await part.restart();
        throw again;
      }
    }
    return part;
  } catch (error) {
    await part.close();
    throw error;
  }
}

function expectHash(found: string, expected: string): void {
  if (found !== expected) throw new Error(`its content has SHA-256 ${found}, expected ${expected}`);
}
