// Reading the entries of a zip with every promise kept: sizes bounded beforehand, methods by name, CRC checked.
import { inflateSync } from "fflate";
import { crc32 } from "./crc32.ts";
import { entryContent, readDirectory, type ZipEntry } from "./directory.ts";

export interface ZipMember {
  name: string;
  bytes: Uint8Array;
}

const METHODS: Record<number, string> = {
  1: "shrink",
  6: "implode",
  9: "deflate64",
  12: "bzip2",
  14: "lzma",
  93: "zstd",
  95: "xz",
  98: "ppmd",
  99: "AES",
};

/** Reads every entry; together they may expand to `maxBytes`, whatever the file claims or does. */
export function readZip(bytes: Uint8Array, label: string, maxBytes: number): ZipMember[] {
  const entries = readDirectory(bytes, label).filter((entry) => !(entry.name.endsWith("/") && entry.size === 0));
  for (const { name, method } of entries) {
    if (method === 0 || method === 8) continue;
    const known = METHODS[method] === undefined ? "" : ` (${METHODS[method]})`;
    throw new Error(`${label}: '${name}' is compressed by method ${method}${known}: method ${method} not supported`);
  }
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > maxBytes) {
    throw new RangeError(
      `${label}: its contents take ${total} bytes, over the limit of ${maxBytes}; raise maxBytes if you trust it`,
    );
  }
  refuseOverlap(bytes, entries, label);
  return entries.map((entry) => ({ name: entry.name, bytes: expand(bytes, entry, label) }));
}

/** Entries that share bytes make a small file expand without end, and no writer makes them. */
function refuseOverlap(bytes: Uint8Array, entries: readonly ZipEntry[], label: string): void {
  let previousEnd = 0;
  for (const entry of entries.toSorted((a, b) => a.headerAt - b.headerAt)) {
    if (entry.headerAt < previousEnd) throw new Error(`${label}: '${entry.name}' overlaps the entry before it`);
    previousEnd = entryContent(bytes, entry, label).end;
  }
}

function expand(bytes: Uint8Array, entry: ZipEntry, label: string): Uint8Array {
  const { content } = entryContent(bytes, entry, label);
  const expanded = entry.method === 0 ? content : inflate(content, entry, label);
  if (expanded.length !== entry.size) {
    throw new Error(`${label}: '${entry.name}' has ${expanded.length} bytes where its entry says ${entry.size}`);
  }
  const crc = crc32(expanded);
  if (crc !== entry.crc) {
    const [found, wanted] = [crc, entry.crc].map((value) => value.toString(16).padStart(8, "0"));
    throw new Error(`${label}: '${entry.name}' is damaged: CRC-32 is ${found}, should be ${wanted}`);
  }
  return expanded;
}

function inflate(content: Uint8Array, entry: ZipEntry, label: string): Uint8Array {
  // Deflate cannot expand by more than 1032, so a size that claims more is refused before memory is asked for.
  if (entry.size > content.length * 1032 + 64) {
    throw new Error(`${label}: '${entry.name}' claims ${entry.size} bytes, more than ${content.length} can inflate to`);
  }
  try {
    // One byte more than promised shows a stream that goes on, and fflate never grows a buffer it was given.
    return inflateSync(content, { out: new Uint8Array(entry.size + 1) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${label}: '${entry.name}' can't be inflated: ${reason}`, { cause: error });
  }
}
