// The files of a .tar.gz, one after the other as the bytes come: nothing is written here, and names are checked.
import { createTarDecoder } from "modern-tar";
import { type ByteSource, unzipped } from "../bytes.ts";

export interface ArchivedFile {
  /** Its path in the archive: relative, without "." or "..". */
  path: string;
  content: ByteSource;
}

/**
 * The regular files of a tar, zipped or not; `label` names it in errors. A path that would lead out of the folder it is
 * unpacked into, and a link, are refused. A file that the caller does not read is skipped.
 */
export async function* archivedFiles(source: ByteSource, label: string): AsyncGenerator<ArchivedFile> {
  const entries = toStream(unzipped(source, label))
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader();
  try {
    for (let next = await read(entries, label); !next.done; next = await read(entries, label)) {
      const { header, body } = next.value;
      const path = confined(header.name, label);
      if (header.type === "file" || header.type === undefined) yield { path, content: chunksOf(body, label) };
      else if (header.type !== "directory")
        throw new Error(`${label}: '${path}' is a ${header.type}; only files are taken`);
      // The next entry comes when this one's bytes have passed. Not wanted, they are read all the same: to cancel a body
      // whose bytes have all come makes the decoder (modern-tar 0.8.6) forget the body after it.
      for await (const _ of chunksOf(body, label));
    }
  } finally {
    await entries.cancel().catch(() => {});
  }
}

function confined(name: string, label: string): string {
  const steps = name.split(/[/\\]/).filter((step) => step !== "" && step !== ".");
  if (/^[/\\]|^[a-z]:/i.test(name) || steps.includes("..") || name.includes("\0")) {
    throw new Error(`${label}: the path '${name}' leads out of the folder that it is unpacked into`);
  }
  return steps.join("/");
}

async function* chunksOf(body: ReadableStream<Uint8Array>, label: string): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let next = await read(reader, label); !next.done; next = await read(reader, label)) yield next.value;
  } finally {
    reader.releaseLock();
  }
}

async function read<T>(reader: ReadableStreamDefaultReader<T>, label: string): Promise<ReadableStreamReadResult<T>> {
  try {
    return await reader.read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(reason.startsWith(label) ? reason : `${label} can't be unpacked: ${reason}`, { cause: error });
  }
}

/** ReadableStream.from, which not every browser has. */
function toStream(source: ByteSource): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}
