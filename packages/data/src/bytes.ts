// Streams of bytes, which is what files, downloads and gzip have in common; every total is bounded.

export type ByteSource = AsyncIterable<Uint8Array>;

/** The most bytes that a file may expand to, where a caller says nothing else. */
export const DEFAULT_MAX_BYTES = 2 ** 30;

/** Bytes that are at hand as a source; anything but bytes is refused: a file decoded as text is damaged already. */
export function toSource(bytes: Uint8Array | ByteSource, reader: string): ByteSource {
  if (bytes instanceof Uint8Array) return once(bytes);
  if (typeof bytes === "object" && bytes !== null && Symbol.asyncIterator in bytes) return bytes;
  throw new TypeError(`${reader}: expected a Uint8Array or an async iterable of them, got ${typeof bytes}`);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * The same bytes, unzipped where they begin with 1F 8B. A name says nothing: servers and unpackers leave `.gz` on what
 * they have already unzipped.
 */
export async function* unzipped(source: ByteSource, label: string): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const start = await peek(chunks);
    const whole = resume(start, chunks);
    yield* start[0] === 0x1f && start[1] === 0x8b ? gunzip(whole, label) : whole;
  } finally {
    await chunks.return?.();
  }
}

/** All the bytes in one array; more than `maxBytes` is an error as soon as it shows. */
export async function collect(source: ByteSource, label: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new RangeError(`${label} has more than ${maxBytes} bytes; raise maxBytes if you trust it`);
    }
    chunks.push(chunk);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The first bytes, two at least where there are two. */
async function peek(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let start = new Uint8Array(0);
  while (start.length < 2) {
    const { done, value } = await chunks.next();
    if (done) return start;
    const longer = new Uint8Array(start.length + value.length);
    longer.set(start);
    longer.set(value, start.length);
    start = longer;
  }
  return start;
}

async function* resume(start: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function* gunzip(source: ByteSource, label: string): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  let sourceFailed: { error: unknown } | undefined;
  const feed = async (): Promise<void> => {
    const chunks = source[Symbol.asyncIterator]();
    const nextChunk = (): Promise<IteratorResult<Uint8Array>> =>
      chunks.next().catch((error: unknown) => {
        sourceFailed = { error };
        return { done: true, value: undefined };
      });
    // A write that fails shows at the reader, and ends the feeding here.
    for (let next = await nextChunk(); !next.done; next = await nextChunk()) {
      const written = await writer.write(next.value as Uint8Array<ArrayBuffer>).then(
        () => true,
        () => false,
      );
      if (!written) {
        await chunks.return?.();
        return;
      }
    }
    await (sourceFailed === undefined ? writer.close() : writer.abort(sourceFailed.error)).catch(() => {});
  };
  const fed = feed();
  const reader = readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } catch (error) {
    // What the source itself threw goes on as it is; all else is the data's fault.
    if (sourceFailed !== undefined) throw sourceFailed.error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${label} can't be unzipped; its gzip is truncated or damaged (${reason})`, { cause: error });
  } finally {
    await reader.cancel().catch(() => {});
    await fed;
  }
}
