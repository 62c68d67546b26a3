// Downloading one file: continued where an earlier attempt stopped, bounded, and given up when no bytes come.
import type { Part } from "../platform/platform.ts";

export interface DownloadProgress {
  /** The file's address. */
  address: string;
  /** Bytes there are, those of an earlier attempt included. */
  received: number;
  /** Bytes there will be; undefined where the server does not say. */
  total: number | undefined;
}

export interface DownloadOptions {
  /** Give up when no byte has come for so long (default 10 s). */
  timeoutMs?: number | undefined;
  /** More than this is not the file that is wanted. */
  maxBytes: number;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Brings the rest of the file at `address` into `part`; the caller decides whether it is the right one. */
export async function download(address: string, part: Part, options: DownloadOptions): Promise<void> {
  const watch = new StallWatch(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options.signal);
  try {
    const response = await request(address, part.size, watch.signal);
    if (response === "complete") return;
    const resumed = response.status === 206;
    if (!resumed && part.size > 0) await part.restart();
    await receive(address, response, part, options, watch);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw watch.signal.aborted ? watch.signal.reason : error;
  } finally {
    watch.stop();
  }
}

/** Why a download failed, in a few words. */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed"; what happened is in its cause.
  if (error instanceof TypeError && error.cause instanceof Error) return failureReason(error.cause);
  return error.message || error.name;
}

async function request(address: string, from: number, signal: AbortSignal): Promise<Response | "complete"> {
  // identity: with a content coding, a range would count coded bytes. Pages may not set it, and have no parts to resume.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (from > 0) headers.range = `bytes=${from}-`;
  const response = await fetch(address, { headers, signal });
  if (response.status === 200) return response;
  const range = response.headers.get("content-range") ?? "";
  if (from > 0 && response.status === 416 && range === `bytes */${from}`) {
    await response.body?.cancel();
    return "complete";
  }
  const fits = range.startsWith(`bytes ${from}-`) && !response.headers.has("content-encoding");
  if (from > 0 && response.status === 206 && fits) return response;
  await response.body?.cancel();
  // The server can't continue where we stopped: the whole file then.
  if (from > 0 && (response.status === 206 || response.status === 416)) return request(address, 0, signal);
  throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
}

async function receive(
  address: string,
  response: Response,
  part: Part,
  options: DownloadOptions,
  watch: StallWatch,
): Promise<void> {
  const coded = response.headers.has("content-encoding");
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const total = coded || Number.isNaN(length) ? undefined : part.size + length;
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error("the answer has no body");
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      watch.alive();
      if (part.size + next.value.length > options.maxBytes) throw new Error(`more than ${options.maxBytes} bytes came`);
      await part.append(next.value);
      options.onProgress?.({ address, received: part.size, total });
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (total !== undefined && part.size < total) throw new Error(`ended at byte ${part.size} of ${total}`);
}

/** Aborts when nothing has been heard for a while, or when the caller's own signal says so. */
class StallWatch {
  readonly signal: AbortSignal;
  readonly #timeoutMs: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    this.signal = outer === undefined ? this.#controller.signal : AbortSignal.any([this.#controller.signal, outer]);
    this.alive();
  }

  alive(): void {
    clearTimeout(this.#timer);
    const seconds = this.#timeoutMs / 1000;
    this.#timer = setTimeout(() => this.#controller.abort(new Error(`no byte came for ${seconds} s`)), this.#timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
