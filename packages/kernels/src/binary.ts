// Which of the two binaries, and its bytes: from the package itself (packed, in base64, in a module), or from the user.
import { decompress } from "fzstd";
import { host } from "#host";
import type { InitOptions, WasmPair, WasmSource } from "./options.ts";

export type Binary = "strict" | "fast";

/** A module of one function, `v128.const 0, v128.const 0, i8x16.relaxed_swizzle, drop`: valid where relaxed SIMD is. */
// biome-ignore format: one section a line
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 4, 1, 96, 0, 0,
  3, 2, 1, 0,
  10, 44, 1, 42, 0, ...[253, 12, ...Array<number>(16).fill(0)], ...[253, 12, ...Array<number>(16).fill(0)], 253, 128, 2, 26, 11,
]);

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(relaxedProbe);

/** The bytes of the binary, from where the user says or from the package. */
export async function wasmBytes(binary: Binary, wasm: InitOptions["wasm"]): Promise<Uint8Array<ArrayBuffer>> {
  if (wasm === undefined) return unpack(await embedded[binary]());
  const source = isPair(wasm) ? wasm[binary] : wasm;
  const bytes = await bytesOf(source);
  if (!isWasm(bytes)) throw notWasm(bytes, source);
  return bytes;
}

/** Which binary a module is: its compiler has noted what it was allowed to use. */
export function binaryOf(module: WebAssembly.Module): Binary {
  const [features] = WebAssembly.Module.customSections(module, "target_features");
  return features && new TextDecoder().decode(features).includes("relaxed-simd") ? "fast" : "strict";
}

const embedded: { readonly [B in Binary]: () => Promise<string> } = {
  strict: async () => (await import("../wasm/strict/embedded.js")).default,
  fast: async () => (await import("../wasm/fast/embedded.js")).default,
};

/** What is published is packed by Zstandard, what the set-up builds by gzip, which every Node can write. */
async function unpack(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = bytesOfBase64(base64);
  if (isZstandard(packed)) return new Uint8Array(decompress(packed));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The format's magic number (RFC 8878, 3.1.1). */
const isZstandard = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;

/** Engines of before 2025 have no function for it, and go through a string. */
function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> {
  const engine = Uint8Array as { fromBase64?(base64: string): Uint8Array<ArrayBuffer> };
  if (engine.fromBase64 !== undefined) return engine.fromBase64(base64);
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

async function bytesOf(source: WasmSource): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Response) return bodyOf(source, source.url || "the response");
  return bodyOf(await answerOf(source), String(source));
}

async function answerOf(address: string | URL): Promise<Response> {
  try {
    return await host.read(address);
  } catch (cause) {
    throw new Error(`init: ${address} could not be read (${cause}). ${wasmAdvice}`, { cause });
  }
}

async function bodyOf(response: Response, address: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) {
    throw new Error(`init: ${address} answered ${response.status}, expected the compiled kernels. ${wasmAdvice}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

const isPair = (wasm: NonNullable<InitOptions["wasm"]>): wasm is WasmPair =>
  typeof wasm === "object" && "strict" in wasm && "fast" in wasm;

const isWasm = (bytes: Uint8Array): boolean =>
  bytes[0] === 0 && bytes[1] === 97 && bytes[2] === 115 && bytes[3] === 109;

const wasmAdvice =
  "Is the address right? The files are lanewise/strict.wasm and lanewise/fast.wasm; without the option wasm, the kernels " +
  "come with the package's own scripts.";

/** Servers answer a wrong address with their page of HTML: say so, not "magic word". */
function notWasm(bytes: Uint8Array, source: WasmSource): Error {
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  const came = start.startsWith("<")
    ? `HTML (${JSON.stringify(start.slice(0, 24))}...)`
    : `${bytes.length} other bytes`;
  const address = source instanceof Response ? source.url : source;
  const where = address !== "" && (typeof address === "string" || address instanceof URL) ? ` from ${address}` : "";
  return new TypeError(`init: got ${came}${where}, expected the compiled kernels (\\0asm...). ${wasmAdvice}`);
}
