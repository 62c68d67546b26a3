// The bytes of a pickle, read from front to back; nothing is read past their end.

export class PickleBytes {
  /** Where the next byte is. */
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #label: string;

  constructor(bytes: Uint8Array, label: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#label = label;
  }

  /** Moves on, and returns where it was. */
  #skip(length: number): number {
    const at = this.at;
    if (length > this.#bytes.length - at) {
      throw new Error(
        `${this.#label}: its pickle is truncated at byte ${this.#bytes.length} of at least ${at + length}`,
      );
    }
    this.at += length;
    return at;
  }

  take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  int(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  /** The one number that pickles store with its high byte first. */
  float(): number {
    return this.#view.getFloat64(this.#skip(8));
  }

  uint(size: 1 | 2 | 4 | 8): number {
    const at = this.#skip(size);
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, true);
    if (size === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  /** UTF-8 behind its length, which takes so many bytes. */
  text(sizeBytes: 1 | 4 | 8): string {
    const at = this.at - 1;
    const bytes = this.take(this.uint(sizeBytes));
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.bad("a text in it is no UTF-8", at);
    }
  }

  /** Little-endian, in two's complement; as a number where that is exact. */
  long(size: number): number | bigint {
    let value = 0n;
    const bytes = this.take(Math.min(size, 256));
    if (size > 256) throw this.bad(`an integer of ${size} bytes`, this.at);
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    value = BigInt.asIntN(8 * bytes.length, value);
    return BigInt(Number.MIN_SAFE_INTEGER) <= value && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  /** Up to the end of a line, which is passed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    const length = end < 0 ? this.#bytes.length - this.at + 1 : end - this.at;
    const line = this.take(length);
    this.#skip(1);
    return latin1(line);
  }

  bad(what: string, at: number): Error {
    return new Error(`${this.#label}: its pickle can't be read: ${what} (byte ${at} of ${this.#bytes.length})`);
  }
}

export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
