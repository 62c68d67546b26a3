// The compiled kernels as they are published: without the names of their functions, as files and inside of modules.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { kernelsFolder } from "./places.ts";

/** Zstandard with a window over the whole file, which gzip's 32 KB do not have: a fifth less to download. */
const smallest = {
  params: { [constants.ZSTD_c_compressionLevel]: 22, [constants.ZSTD_c_windowLog]: 21 },
};

/** Writes the binary into `folder`, as `strict.wasm` and, in base64 of Zstandard, as the module `strict.js`. */
export function writeKernels(binary: string, folder: string): void {
  const wasm = withoutNames(readFileSync(join(kernelsFolder, "wasm", binary, "lanewise_kernels_bg.wasm")));
  const base64 = zstdCompressSync(wasm, smallest).toString("base64");
  writeFileSync(join(folder, `${binary}.wasm`), wasm);
  writeFileSync(join(folder, `${binary}.js`), `export default "${base64}";\n`);
}

/** Sections that only debuggers read: a fifth of the file, and a tenth of what is sent. */
const forDebuggers = ["name", "producers"];

/** A module is eight bytes of head, then sections: a number, a length, and that many bytes (core specification, 5.5). */
export function withoutNames(wasm: Uint8Array): Uint8Array {
  const kept = [wasm.subarray(0, 8)];
  for (let start = 8; start < wasm.length; ) {
    const [length, content] = unsigned(wasm, start + 1);
    const end = content + length;
    if (wasm[start] !== 0 || !forDebuggers.includes(nameAt(wasm, content))) kept.push(wasm.subarray(start, end));
    start = end;
  }
  return Buffer.concat(kept);
}

function nameAt(wasm: Uint8Array, at: number): string {
  const [length, start] = unsigned(wasm, at);
  return new TextDecoder().decode(wasm.subarray(start, start + length));
}

/** A number of seven bits a byte, lowest first (LEB128), and where it ends. */
function unsigned(wasm: Uint8Array, at: number): [value: number, end: number] {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = wasm[at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}
