// Bringing a data set's files into the cache: every mirror is tried, every file proved before it gets its name.
import type { Cache, Part } from "../platform/platform.ts";
import { type DownloadOptions, type DownloadProgress, download, failureReason } from "./download.ts";

/** Which file of how many is being downloaded, and how far it is. */
export interface FetchProgress extends DownloadProgress {
  file: string;
  fileIndex: number;
  fileCount: number;
}

export interface FetchOptions {
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** Why an address could not be used. */
export interface Failure {
  address: string;
  reason: string;
}

/** A file to be had from several servers. */
export interface RemoteFile {
  /** What the cache calls it while it comes. */
  name: string;
  /** Its name below a mirror's address. */
  published: string;
  maxBytes: number;
  isThere(): Promise<boolean>;
  /** Downloads it into `part`, proves it, and puts what it holds where it belongs. */
  bring(part: Part, address: string, options: DownloadOptions): Promise<void>;
}

/**
 * Fetches every file from the first mirror that has it; a mirror that failed once is not asked again. False when a file
 * was not to be had; `failures` then holds what happened at each address.
 */
export async function fetchFiles(
  cache: Cache,
  files: readonly RemoteFile[],
  mirrors: readonly string[],
  options: FetchOptions,
  failures: Failure[],
): Promise<boolean> {
  const { onProgress, timeoutMs, signal } = options;
  const usable = new Set(mirrors);
  for (const [fileIndex, file] of files.entries()) {
    let done = await file.isThere();
    for (const mirror of done ? [] : mirrors.filter((each) => usable.has(each))) {
      const address = mirror + file.published;
      // A part belongs to one server: another one's file of the same content may be zipped differently.
      const part = await cache.part(`${file.name}.${new URL(address).host.replace(":", "-")}`);
      const report = (progress: DownloadProgress): void =>
        onProgress?.({ ...progress, file: file.name, fileIndex, fileCount: files.length });
      try {
        await file.bring(part, address, { timeoutMs, signal, onProgress: report, maxBytes: file.maxBytes });
        done = true;
        break;
      } catch (error) {
        signal?.throwIfAborted();
        failures.push({ address, reason: failureReason(error) });
        usable.delete(mirror);
      } finally {
        await part.close();
      }
    }
    if (!done) return false;
  }
  return true;
}

/**
 * Downloads and proves a file. What was continued and turns out wrong (the server's file may have changed since) is
 * downloaded once more from the start; what is wrong then is thrown away.
 */
export async function fetchProved(
  part: Part,
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

export function expectHash(found: string, expected: string): void {
  if (found !== expected) throw new Error(`its content has SHA-256 ${found}, expected ${expected}`);
}

/** Writes a file into the cache, aside and renamed. */
export async function keepFile(
  cache: Cache,
  name: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const part = await cache.part(name);
  try {
    await part.restart();
    if (content instanceof Uint8Array) await part.append(content);
    else for await (const chunk of content) await part.append(chunk);
    await part.finish();
  } finally {
    await part.close();
  }
}
