// A zip of stored entries whose contents begin at multiples of 64 bytes, as PyTorch lays its files out: they can be mapped
// into memory. fflate, which writes .npz, aligns nothing.
import { crc32 } from "./crc32.ts";

const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const ALIGNMENT = 64;
/** What fits a zip without zip64, which is not written here. */
const MAX_FILE_BYTES = 2 ** 32 - 1;
const MAX_ENTRIES = 2 ** 16 - 1;
const UTF8_FLAG = 0x800;
/** 1 January 1980, the first date there is: the same contents always make the same bytes. */
const DATE = 0x21;
/** The id of the extra field that holds the padding, the one that PyTorch writes. */
const PADDING_FIELD = 0x4246;

interface Placed {
  nameBytes: Uint8Array;
  content: Uint8Array;
  crc: number;
  headerAt: number;
  padding: number;
}

/** The entries in their order. */
export function writeStoredZip(
  entries: Iterable<readonly [name: string, content: Uint8Array]>,
): Uint8Array<ArrayBuffer> {
  const placed: Placed[] = [];
  let at = 0;
  for (const [name, content] of entries) {
    const nameBytes = new TextEncoder().encode(name);
    const unpadded = at + LOCAL_SIZE + nameBytes.length + 4;
    const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
    placed.push({ nameBytes, content, crc: crc32(content), headerAt: at, padding });
    at = unpadded + padding + content.length;
  }
  const directoryAt = at;
  const directorySize = placed.reduce((sum, { nameBytes }) => sum + CENTRAL_SIZE + nameBytes.length, 0);
  const size = directoryAt + directorySize + END_SIZE;
  if (size > MAX_FILE_BYTES || placed.length > MAX_ENTRIES) {
    throw new RangeError(
      `a file of ${size} bytes and ${placed.length} arrays would need zip64, which is not written here; split the arrays into files below 4 GiB`,
    );
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let next = directoryAt;
  for (const entry of placed) {
    writeLocal(bytes, view, entry);
    next = writeCentral(bytes, view, entry, next);
  }
  view.setUint32(next, 0x06054b50, true);
  view.setUint16(next + 8, placed.length, true);
  view.setUint16(next + 10, placed.length, true);
  view.setUint32(next + 12, directorySize, true);
  view.setUint32(next + 16, directoryAt, true);
  return bytes;
}

function writeLocal(bytes: Uint8Array, view: DataView, { nameBytes, content, crc, headerAt, padding }: Placed): void {
  view.setUint32(headerAt, 0x04034b50, true);
  writeShared(view, headerAt + 4, crc, content.length, nameBytes.length);
  view.setUint16(headerAt + 28, 4 + padding, true);
  bytes.set(nameBytes, headerAt + LOCAL_SIZE);
  const extraAt = headerAt + LOCAL_SIZE + nameBytes.length;
  view.setUint16(extraAt, PADDING_FIELD, true);
  view.setUint16(extraAt + 2, padding, true);
  bytes.fill(0x5a, extraAt + 4, extraAt + 4 + padding);
  bytes.set(content, extraAt + 4 + padding);
}

/** Returns where the next one goes. */
function writeCentral(bytes: Uint8Array, view: DataView, entry: Placed, at: number): number {
  view.setUint32(at, 0x02014b50, true);
  writeShared(view, at + 6, entry.crc, entry.content.length, entry.nameBytes.length);
  view.setUint32(at + 42, entry.headerAt, true);
  bytes.set(entry.nameBytes, at + CENTRAL_SIZE);
  return at + CENTRAL_SIZE + entry.nameBytes.length;
}

/** The fields that both headers have in the same order: version needed, flags, method, time, date, CRC, sizes, name. */
function writeShared(view: DataView, at: number, crc: number, size: number, nameLength: number): void {
  view.setUint16(at, 10, true);
  view.setUint16(at + 2, UTF8_FLAG, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, nameLength, true);
}
