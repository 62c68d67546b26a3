// Turbo's self-check: products and sums of small whole numbers, exact in f32, against plain JavaScript.
import { type Bindings, bind } from "./bindings.ts";
import { convCases } from "./turbo-conv-cases.ts";

/** A test's way to make the check see a wrong number; gives what is to be seen. */
export type Tamper = (value: number) => number;

/** The kernels' code is in V8's optimizing compiler after this long at work, and a few rounds more. */
const leastMs = 300;
const leastRounds = 20;

/** One calculation: runs, and must then hold `expected` in the buffer `result`. */
interface Case {
  readonly name: string;
  readonly run: () => void;
  readonly result: number;
  readonly expected: Float32Array;
  /** By how much results may be off; 0 where not given. */
  readonly within?: number;
}

/** What came out wrong, or undefined: all is right, again and again, until the hot functions have been optimized. */
export async function checkTurbo(
  module: WebAssembly.Module,
  tamper: Tamper = (value) => value,
): Promise<string | undefined> {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 4096, shared: true });
  const kernels = await bind(module, memory);
  kernels.gemm_use_tile(true);
  const cases = casesOf(kernels, memory);
  const start = performance.now();
  for (let round = 0; round < leastRounds || performance.now() - start < leastMs; round++) {
    for (const one of cases) {
      const wrong = differs(one, kernels, memory, tamper);
      if (wrong !== undefined) return wrong;
    }
    // The optimizing compiler's results are taken over between calls; it works beside us.
    if (round % leastRounds === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return undefined;
}

function differs(
  { name, run, result, expected, within = 0 }: Case,
  kernels: Bindings,
  memory: WebAssembly.Memory,
  tamper: Tamper,
) {
  run();
  const address = kernels.buffer_address(result, expected.byteLength) >>> 0;
  const came = new Float32Array(memory.buffer, address, expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(tamper(came[i]!) - expected[i]!) <= within))
      return `${name}: ${tamper(came[i]!)} at ${i}, expected ${expected[i]}`;
  }
  return undefined;
}

/** Sizes that fill whole tiles, end inside one, and take more than one block of k. */
const m = 37;
const n = 45;
const k = 300;

function casesOf(kernels: Bindings, memory: WebAssembly.Memory): Case[] {
  const filled = (values: Float32Array): number => {
    const handle = kernels.alloc(values.byteLength);
    new Float32Array(memory.buffer, kernels.buffer_address(handle, values.byteLength) >>> 0, values.length).set(values);
    return handle;
  };
  const empty = (length: number): number => filled(new Float32Array(length));
  const a = whole(m * k, 7);
  const b = whole(k * n, 5);
  const bias = whole(n, 3);
  const product = multiplied(a, b);
  const [ha, hb, hbias] = [filled(a), filled(b), filled(bias)];
  const [hat, hbt] = [filled(transposed(a, m, k)), filled(transposed(b, k, n))];
  const [hc, hy, hz, hsum] = [empty(m * n), empty(m * n), empty(m * k), empty(m)];
  const linear = product.map((value, i) => Math.max(value + bias[i % n]!, 0));
  const sums = Float32Array.from({ length: m }, (_, row) =>
    a.subarray(row * k, (row + 1) * k).reduce((x, y) => x + y, 0),
  );
  return [
    { name: "gemm", run: () => kernels.gemm(1, 1, m, n, k, false, ha, hb, hc), result: hc, expected: product },
    { name: "gemm_nt", run: () => kernels.gemm_nt(1, 1, m, n, k, false, ha, hbt, hc), result: hc, expected: product },
    { name: "gemm_tn", run: () => kernels.gemm_tn(1, 1, m, n, k, false, hat, hb, hc), result: hc, expected: product },
    {
      name: "linear_forward",
      run: () => kernels.linear_forward(m, k, n, true, 1, ha, hb, hbias, hy),
      result: hy,
      expected: linear,
    },
    {
      name: "add_forward",
      run: () => kernels.add_forward(m, k, 0, 0, ha, ha, hz),
      result: hz,
      expected: a.map((x) => x + x),
    },
    {
      name: "mul_forward",
      run: () => kernels.mul_forward(m, k, 0, 0, ha, ha, hz),
      result: hz,
      expected: a.map((x) => x * x),
    },
    {
      name: "relu_forward",
      run: () => kernels.relu_forward(m * k, ha, hz),
      result: hz,
      expected: a.map((x) => Math.max(x, 0)),
    },
    { name: "sum_forward", run: () => kernels.sum_forward(m, k, 1, ha, hsum), result: hsum, expected: sums },
    ...convCases(kernels, { filled, empty }),
  ];
}

/** Whole numbers from -8 to 8 in no regular order. */
const whole = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => (((i * 7919 + seed * 104_729) % 8191) % 17) - 8);

function multiplied(a: Float32Array, b: Float32Array): Float32Array {
  const c = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let p = 0; p < k; p++) c[i * n + j]! += a[i * k + p]! * b[p * n + j]!;
    }
  }
  return c;
}

const transposed = (values: Float32Array, rows: number, cols: number): Float32Array =>
  values.map((_, i) => values[(i % rows) * cols + Math.floor(i / rows)]!);
