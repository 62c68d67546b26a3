// Data in a page: addresses instead of folders, and the Cache API instead of a disk (an unfinished download starts over).
import type { ByteSource } from "../bytes.ts";
import type { Cache as KeptFiles, Part, Place, Platform } from "./platform.ts";

export const platform: Platform = {
  place: (where) => new Address(new URL(where, globalThis.location?.href).href),
  namedByVariable: () => undefined,
  // Missing in pages that are not served securely.
  cache: async () => (typeof caches === "undefined" ? undefined : new PageCache("https://lanewise.invalid/data/")),
};

class Address implements Place {
  readonly name: string;

  constructor(address: string) {
    this.name = address.endsWith("/") ? address : `${address}/`;
  }

  async read(file: string): Promise<ByteSource | undefined> {
    const address = new URL(file, this.name);
    const response = await fetch(address);
    if (response.status === 404 || isPageInstead(response)) return undefined;
    if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`);
    return chunksOf(response);
  }

  inside(folder: string): Place {
    return new Address(new URL(`${folder}/`, this.name).href);
  }
}

/** Files under invented addresses, which is what the Cache API keys by. */
class PageCache implements KeptFiles {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  async read(file: string): Promise<ByteSource | undefined> {
    const response = await (await caches.open("lanewise-data")).match(this.name + file);
    return response === undefined ? undefined : chunksOf(response);
  }

  inside(folder: string): KeptFiles {
    return new PageCache(`${this.name}${folder}/`);
  }

  async part(file: string): Promise<Part> {
    return new MemoryPart(this.name, file);
  }
}

class MemoryPart implements Part {
  size = 0;
  readonly #folder: string;
  readonly #file: string;
  #chunks: Uint8Array<ArrayBuffer>[] = [];

  constructor(folder: string, file: string) {
    this.#folder = folder;
    this.#file = file;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes.slice());
    this.size += bytes.length;
  }

  async restart(): Promise<void> {
    this.#chunks = [];
    this.size = 0;
  }

  async read(): Promise<ByteSource> {
    return chunksOf(new Response(new Blob(this.#chunks)));
  }

  async finish(file = this.#file): Promise<void> {
    const cache = await caches.open("lanewise-data");
    await cache.put(this.#folder + file, new Response(new Blob(this.#chunks)));
    this.#chunks = [];
  }

  async close(): Promise<void> {}
}

/** Servers of single-page applications answer every address with their page. */
function isPageInstead(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/html") ?? false;
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
