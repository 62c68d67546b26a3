// Time by kernel: the exports of the compiled kernels, each behind a clock, and the memory that passes through them.
//
// The bindings are a module and cannot be replaced, so the instance that they are about to receive is: this has to be
// called before init. Only the main thread's instance is wrapped; threads are waited for inside its calls.

export interface KernelTime {
  /** The export, and the sizes where it is a product or a convolution. */
  readonly kernel: string;
  readonly calls: number;
  readonly seconds: number;
  /** Operations of products and convolutions, as the definition counts them. */
  readonly flop: number;
  /** Of these, those that its algorithm cannot do without: Winograd's F(4x4, 3x3) needs a quarter. */
  readonly leastFlop: number;
  /** Of the buffers that it read or wrote. */
  readonly bytes: number;
}

export interface KernelReport {
  readonly seconds: number;
  readonly kernels: readonly KernelTime[];
  /** The most bytes of buffers that were alive at once, and those alive at the beginning. */
  readonly peakBytes: number;
  readonly bytesAtFirst: number;
}

export interface KernelTimes {
  begin(): void;
  /** Since `begin`: the time that passed, how much of it in which kernel, and the most memory. */
  read(): KernelReport;
}

type Call = (...args: number[]) => unknown;

/** Exports that touch no contents of the buffers that they are given. */
const BOOKKEEPING = new Set(["free", "buffer_address"]);

export function timeKernels(): KernelTimes {
  const times = new Map<string, { calls: number; seconds: number; flop: number; leastFlop: number; bytes: number }>();
  const memory = new BufferBytes();
  let began = performance.now();
  const timed =
    (name: string, call: Call): Call =>
    (...args) => {
      const bytes = BOOKKEEPING.has(name) ? 0 : memory.passed(args);
      const begin = performance.now();
      try {
        const result = call(...args);
        memory.follow(name, args, result);
        return result;
      } finally {
        const seconds = (performance.now() - begin) / 1000;
        const { label, flop, leastFlop = flop } = describeCall(name, args);
        const entry = times.get(label) ?? { calls: 0, seconds: 0, flop: 0, leastFlop: 0, bytes: 0 };
        entry.calls += 1;
        entry.seconds += seconds;
        entry.flop += flop;
        entry.leastFlop += leastFlop;
        entry.bytes += bytes;
        times.set(label, entry);
      }
    };
  const instantiate = WebAssembly.instantiate as (module: WebAssembly.Module, imports?: WebAssembly.Imports) => unknown;
  WebAssembly.instantiate = (async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
    const instance = (await instantiate(module, imports)) as WebAssembly.Instance;
    const exports = Object.entries(instance.exports).map(([name, value]) =>
      typeof value === "function" ? [name, timed(name, value as Call)] : [name, value],
    );
    // The bindings ask whether they hold an Instance.
    return Object.create(instance, { exports: { value: Object.fromEntries(exports) } });
  }) as typeof WebAssembly.instantiate;
  return {
    begin: () => {
      times.clear();
      memory.begin();
      began = performance.now();
    },
    read: () => ({
      seconds: (performance.now() - began) / 1000,
      kernels: [...times].map(([kernel, entry]) => ({ kernel, ...entry })),
      peakBytes: memory.peak,
      bytesAtFirst: memory.atFirst,
    }),
  };
}

/** The sizes of living buffers, followed by their allocation and release. */
export class BufferBytes {
  readonly #sizes = new Map<number, number>();
  #live = 0;
  peak = 0;
  atFirst = 0;

  begin(): void {
    this.peak = this.#live;
    this.atFirst = this.#live;
  }

  follow(name: string, [first = 0]: readonly number[], result: unknown): void {
    if (name === "alloc") {
      this.#sizes.set(result as number, first);
      this.#live += first;
      this.peak = Math.max(this.peak, this.#live);
    } else if (name === "free") {
      this.#live -= this.#sizes.get(first) ?? 0;
      this.#sizes.delete(first);
    }
  }

  /** Of the buffers in a call's arguments: handles come last, 0 where there is none. */
  passed(args: readonly number[]): number {
    let bytes = 0;
    for (let at = args.length - 1; at >= 0; at--) {
      const size = this.#sizes.get(args[at]!);
      if (size === undefined && args[at] !== 0) break;
      bytes += size ?? 0;
    }
    return bytes;
  }
}

export interface CallDescription {
  /** What a call is counted under. */
  readonly label: string;
  /** Its floating-point operations where they are those of a product or a convolution. */
  readonly flop: number;
  /** Where the algorithm needs fewer. */
  readonly leastFlop?: number;
}

export function describeCall(name: string, args: readonly number[]): CallDescription {
  if (/^gemm(_nt|_tn)?$/.test(name)) {
    const [batchA, batchB, m, n, k] = args as [number, number, number, number, number];
    return { label: `${name} ${m}x${k}x${n}`, flop: 2 * Math.max(batchA, batchB) * m * n * k };
  }
  if (name === "linear_forward") {
    const [rows, inputs, outputs] = args as [number, number, number];
    return { label: `${name} ${rows}x${inputs}x${outputs}`, flop: 2 * rows * inputs * outputs };
  }
  if (/^conv2d_/.test(name)) return describeConvolution(name, args);
  return { label: name, flop: 0 };
}

/** The geometry stands first: sizes, channels, filters, strides, padding by side, dilation, groups. */
function describeConvolution(name: string, args: readonly number[]): CallDescription {
  const [batch = 0, height = 0, width = 0, inputs = 0, outputs = 0, kernelHeight = 0, kernelWidth = 0] = args;
  const [strideHeight = 1, strideWidth = 1, top = 0, left = 0, bottom = 0, right = 0] = args.slice(7);
  const [dilationHeight = 1, dilationWidth = 1, groups = 1, direct = 0] = args.slice(13);
  const places = (size: number, padding: number, kernel: number, stride: number, dilation: number): number =>
    Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1;
  const rows = places(height, top + bottom, kernelHeight, strideHeight, dilationHeight);
  const cols = places(width, left + right, kernelWidth, strideWidth, dilationWidth);
  const flop = (2 * batch * rows * cols * outputs * kernelHeight * kernelWidth * inputs) / groups;
  const steps = [strideHeight, strideWidth, dilationHeight, dilationWidth, groups];
  const winograd = kernelHeight === 3 && kernelWidth === 3 && direct === 0 && steps.every((step) => step === 1);
  return {
    label: `${name} ${kernelHeight}x${kernelWidth} ${inputs}->${outputs} ${height}x${width}`,
    flop,
    ...(winograd && { leastFlop: flop / 4 }),
  };
}
