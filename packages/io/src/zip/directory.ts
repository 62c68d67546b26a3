// The table of contents of a zip file. Why not fflate's own: it keeps entries in an object keyed by name (a duplicate or
// `__proto__` is lost), checks no CRC, and on damage can say neither which entry nor at which byte. It still inflates.

/** One stored file, as the central directory tells it; local headers of streamed zips do not know the sizes. */
export interface ZipEntry {
  name: string;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  /** Where its local header begins. */
  headerAt: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const MAX_COMMENT = 0xffff;
const ZIP64_EXTRA = 0x0001;
const ZIP64_MARK = 0xffffffff;

// What the upper half of a byte means in a name that is not flagged as UTF-8.
const CODE_PAGE_437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

export function isZip(bytes: Uint8Array): boolean {
  const start = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return start && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));
}

/** All entries in file order; `label` names the file in errors. */
export function readDirectory(bytes: Uint8Array, label: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, at, end } = locateDirectory(view, label);
  const entries: ZipEntry[] = [];
  let next = at;
  for (let i = 0; i < count; i++) {
    if (next + 46 > end || view.getUint32(next, true) !== CENTRAL) {
      throw new Error(`${label}: entry ${i + 1} of ${count} is missing from the zip directory at byte ${next}`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(next + field, true));
    const nameAt = next + 46;
    const extraAt = nameAt + nameLength!;
    next = extraAt + extraLength! + commentLength!;
    if (next > end) throw new Error(`${label}: entry ${i + 1} of ${count} runs past the zip directory's end at ${end}`);
    entries.push(readEntry(view, nameAt - 46, bytes.subarray(nameAt, extraAt), extraAt, extraLength!, label));
  }
  return entries;
}

/** The compressed bytes of an entry, found through its local header, and where they end. */
export function entryContent(bytes: Uint8Array, entry: ZipEntry, label: string): { content: Uint8Array; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { headerAt } = entry;
  if (headerAt + 30 > bytes.length || view.getUint32(headerAt, true) !== LOCAL) {
    throw new Error(`${label}: no local header of '${entry.name}' at byte ${headerAt}`);
  }
  const start = headerAt + 30 + view.getUint16(headerAt + 26, true) + view.getUint16(headerAt + 28, true);
  const end = start + entry.compressedSize;
  if (end > bytes.length) {
    throw new Error(`${label}: '${entry.name}' would end at byte ${end} of ${bytes.length}`);
  }
  return { content: bytes.subarray(start, end), end };
}

function locateDirectory(view: DataView, label: string): { count: number; at: number; end: number } {
  const endAt = findEnd(view);
  if (endAt < 0) throw truncatedZip(view, label);
  let count = view.getUint16(endAt + 10, true);
  let size = view.getUint32(endAt + 12, true);
  let at = view.getUint32(endAt + 16, true);
  let end = endAt;
  const locatorAt = endAt - LOCATOR_SIZE;
  if (locatorAt >= 0 && view.getUint32(locatorAt, true) === LOCATOR64) {
    const end64 = toNumber(view.getBigUint64(locatorAt + 8, true));
    if (end64 + 56 > locatorAt || view.getUint32(end64, true) !== END64) {
      throw new Error(`${label}: no zip64 end record at byte ${end64}, where its locator points`);
    }
    count = toNumber(view.getBigUint64(end64 + 32, true));
    size = toNumber(view.getBigUint64(end64 + 40, true));
    at = toNumber(view.getBigUint64(end64 + 48, true));
    end = end64;
  }
  if (at + size > end) {
    throw new Error(`${label}: its zip directory (${size} bytes at ${at}) would run past its end record at ${end}`);
  }
  if (count * 46 > size) throw new Error(`${label}: ${count} entries do not fit a zip directory of ${size} bytes`);
  return { count, at, end: at + size };
}

/** The end record is last, but for a comment of any length; one whose comment does not reach the end is a coincidence. */
function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - END_SIZE - MAX_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= lowest; at--) {
    if (view.getUint32(at, true) !== END) continue;
    if (at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return -1;
}

function readEntry(
  view: DataView,
  at: number,
  nameBytes: Uint8Array,
  extraAt: number,
  extraLength: number,
  label: string,
): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const entry: ZipEntry = {
    name: decodeName(nameBytes, flags, label),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    compressedSize: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    headerAt: view.getUint32(at + 42, true),
  };
  if (flags & 1) throw new Error(`${label}: '${entry.name}' is encrypted, which is not supported`);
  if (view.getUint16(at + 34, true) !== 0 && view.getUint16(at + 34, true) !== 0xffff) {
    throw new Error(`${label}: '${entry.name}' lies on another disk of a split zip, which is not supported`);
  }
  widenBy64(view, entry, extraAt, extraLength, label);
  return entry;
}

/** A zip64 extra field holds, in this order, those of size, compressed size and offset that are all ones in 32 bits. */
function widenBy64(view: DataView, entry: ZipEntry, extraAt: number, extraLength: number, label: string): void {
  const fields = (["size", "compressedSize", "headerAt"] as const).filter((field) => entry[field] === ZIP64_MARK);
  if (fields.length === 0) return;
  let at = findExtra(view, extraAt, extraLength, 8 * fields.length);
  if (at < 0) throw new Error(`${label}: '${entry.name}' wants zip64 sizes and has none`);
  for (const field of fields) {
    entry[field] = toNumber(view.getBigUint64(at, true));
    at += 8;
  }
}

function findExtra(view: DataView, extraAt: number, extraLength: number, wanted: number): number {
  let at = extraAt;
  while (at + 4 <= extraAt + extraLength) {
    const length = view.getUint16(at + 2, true);
    const fits = length >= wanted && at + 4 + length <= extraAt + extraLength;
    if (view.getUint16(at, true) === ZIP64_EXTRA) return fits ? at + 4 : -1;
    at += 4 + length;
  }
  return -1;
}

function decodeName(bytes: Uint8Array, flags: number, label: string): string {
  if ((flags & 0x800) === 0) {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 128]!)).join("");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${label}: a name in its zip directory is no UTF-8: ${bytes.subarray(0, 40).join(" ")}`);
  }
}

/** A file of which the end is gone: walk the local headers from the front to say how much there should be at least. */
function truncatedZip(view: DataView, label: string): Error {
  const length = view.byteLength;
  let at = 0;
  while (at + 30 <= length && view.getUint32(at, true) === LOCAL) {
    const nameLength = view.getUint16(at + 26, true);
    const extraLength = view.getUint16(at + 28, true);
    const dataAt = at + 30 + nameLength + extraLength;
    let size = view.getUint32(at + 18, true);
    const streamed = (view.getUint16(at + 6, true) & 8) !== 0 && size === 0;
    if (streamed) return new Error(`${label} is truncated at byte ${length} of a zip that was written as a stream`);
    if (size === ZIP64_MARK && dataAt <= length) {
      const extra = findExtra(view, at + 30 + nameLength, extraLength, 16);
      if (extra >= 0) size = toNumber(view.getBigUint64(extra + 8, true));
    }
    if (dataAt + size > length)
      return new Error(`${label} is truncated at byte ${length} of at least ${dataAt + size}`);
    at = dataAt + size;
  }
  return new Error(
    `${label} is truncated at byte ${length} of at least ${length + END_SIZE}: its zip directory is missing`,
  );
}

/** 64-bit numbers past 2^53 stay too large to fit any file, which is all that the checks ask. */
function toNumber(value: bigint): number {
  return Number(value);
}
