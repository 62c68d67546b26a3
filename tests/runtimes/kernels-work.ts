// What the kernels do on every runtime: the backend's report, and a hash of a few results. Runs in Node and in pages.
import { explainBackend, type InitOptions, init, kernels, readBuffer, writeBuffer } from "@lanewise/kernels";

export interface Work {
  readonly report: ReturnType<typeof explainBackend>;
  readonly text: string;
  /** SHA-256 over the results' bytes. */
  readonly hash: string;
  readonly initMs: number;
}

export async function work(options: InitOptions = {}): Promise<Work> {
  const start = performance.now();
  await init(options);
  const initMs = performance.now() - start;
  const results = [expOfMany(), product()];
  const report = explainBackend();
  return { report, text: String(report), hash: await sha256(results), initMs };
}

function expOfMany(): Float32Array {
  const length = 1 << 20;
  const x = Float32Array.from({ length }, (_, i) => (i / length) * 20 - 10);
  const k = kernels();
  const [input, output] = [k.alloc(x.byteLength), k.alloc(x.byteLength)];
  writeBuffer(input, x);
  for (let i = 0; i < 20; i++) k.exp_forward(length, input, output);
  return readBuffer(output, "f32", length);
}

/** [257, 300] times [300, 129], of numbers with full mantissas. */
function product(): Float32Array {
  const [m, k, n] = [257, 300, 129];
  const numbers = (length: number) =>
    Float32Array.from({ length }, (_, i) => (((i * 48_271) % 65_537) - 32_768) / 12_345);
  const [a, b] = [numbers(m * k), numbers(k * n)];
  const exports = kernels();
  const [left, right, out] = [exports.alloc(a.byteLength), exports.alloc(b.byteLength), exports.alloc(m * n * 4)];
  writeBuffer(left, a);
  writeBuffer(right, b);
  for (let i = 0; i < 10; i++) exports.gemm(1, 1, m, n, k, false, left, right, out);
  return readBuffer(out, "f32", m * n);
}

async function sha256(arrays: readonly Float32Array[]): Promise<string> {
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
