// The kernels' memory, made here so that JavaScript decides how large it may become.

const pageBytes = 65_536;
const mebibyte = 2 ** 20;

/** All that a 32-bit address reaches. */
export const largestMemory = 2 ** 32;

/** What the binaries ask for at least, and a little more. */
const initialPages = 64;

/** Phones refuse to reserve 4 GiB; each next size is asked for when the one before is refused. */
const sizes = [4096, 2048, 1024, 512, 256, 64].map((size) => size * mebibyte);

export interface GrantedMemory {
  readonly memory: WebAssembly.Memory;
  readonly askedBytes: number;
  readonly maximumBytes: number;
}

/** A shared memory that may grow to `wanted` bytes, or to as much of that as the engine grants. */
export function createMemory(wanted: number, Memory = WebAssembly.Memory): GrantedMemory {
  const askedBytes = Math.floor(wanted / pageBytes) * pageBytes;
  let refusal: unknown;
  for (const maximumBytes of [askedBytes, ...sizes.filter((size) => size < askedBytes)]) {
    try {
      const memory = new Memory({ initial: initialPages, maximum: maximumBytes / pageBytes, shared: true });
      return { memory, askedBytes, maximumBytes };
    } catch (error) {
      refusal = error;
    }
  }
  throw new RangeError(
    `init: the engine refuses a shared memory of ${askedBytes} bytes, and every smaller one: ${refusal}`,
    {
      cause: refusal,
    },
  );
}
