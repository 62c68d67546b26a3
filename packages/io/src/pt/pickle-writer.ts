// Writing pickles of protocol 2, with the few opcodes that a state dict takes; PyTorch's own restricted reader knows all of
// them. Nothing is memoized: a name said twice costs a few bytes, and the reader builds the same.

export class PickleWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  constructor() {
    this.#op(0x80, 2); // PROTO
  }

  /** A class or function by its module and name. */
  global(module: string, name: string): this {
    return this.#op(0x63).#raw(new TextEncoder().encode(`${module}\n${name}\n`));
  }

  string(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.#op(0x58).#number(encoded.length, 4).#raw(encoded);
  }

  int(value: number): this {
    if (value >= 0 && value < 0x100) return this.#op(0x4b, value);
    if (value >= 0 && value < 0x10000) return this.#op(0x4d).#number(value, 2);
    if (value >= -0x80000000 && value < 0x80000000) return this.#op(0x4a).#number(value, 4);
    return this.#op(0x8a, 8).#number(value, 8); // LONG1 of eight bytes
  }

  false(): this {
    return this.#op(0x89);
  }

  /** What `fill` writes between the marks, as a tuple. */
  tuple(fill: () => void): this {
    this.#op(0x28);
    fill();
    return this.#op(0x74);
  }

  emptyTuple(): this {
    return this.#op(0x29);
  }

  /** Calls what was written before the arguments tuple. */
  reduce(): this {
    return this.#op(0x52);
  }

  /** A reference to something outside of the pickle, by what was written before. */
  persistentId(): this {
    return this.#op(0x51);
  }

  /** Keys and values that `fill` writes in turn, into the dict that was written before. */
  items(fill: () => void): this {
    this.#op(0x28);
    fill();
    return this.#op(0x75);
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#op(0x2e);
    return this.#bytes.slice(0, this.#length);
  }

  #op(...bytes: number[]): this {
    return this.#raw(bytes);
  }

  #number(value: number, size: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
    return this.#raw(bytes.subarray(0, size));
  }

  #raw(bytes: ArrayLike<number>): this {
    if (this.#length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }
}
