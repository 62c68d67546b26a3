// Time by kernel: the exports of the compiled kernels, each behind a clock.
//
// The bindings are a module and cannot be replaced, so the instance that they are about to receive is: this has to be
// called before init. Only the main thread's instance is wrapped; threads are waited for inside its calls.

export interface KernelTime {
  /** The export, and the sizes where it is a matrix product. */
  readonly kernel: string;
  readonly calls: number;
  readonly seconds: number;
  readonly flop: number;
}

export interface KernelTimes {
  begin(): void;
  /** Since `begin`: the time that passed, and how much of it in which kernel. */
  read(): { seconds: number; kernels: KernelTime[] };
}

type Call = (...args: number[]) => unknown;

export function timeKernels(): KernelTimes {
  const times = new Map<string, { calls: number; seconds: number; flop: number }>();
  let began = performance.now();
  const timed =
    (name: string, call: Call): Call =>
    (...args) => {
      const begin = performance.now();
      try {
        return call(...args);
      } finally {
        const seconds = (performance.now() - begin) / 1000;
        const { label, flop } = describeCall(name, args);
        const entry = times.get(label) ?? { calls: 0, seconds: 0, flop: 0 };
        entry.calls += 1;
        entry.seconds += seconds;
        entry.flop += flop;
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
      began = performance.now();
    },
    read: () => ({
      seconds: (performance.now() - began) / 1000,
      kernels: [...times].map(([kernel, entry]) => ({ kernel, ...entry })),
    }),
  };
}

/** What a call is counted under, and its floating-point operations where they are those of a product. */
export function describeCall(name: string, args: readonly number[]): { label: string; flop: number } {
  if (/^gemm(_nt|_tn)?$/.test(name)) {
    const [batchA, batchB, m, n, k] = args as [number, number, number, number, number];
    return { label: `${name} ${m}x${k}x${n}`, flop: 2 * Math.max(batchA, batchB) * m * n * k };
  }
  if (name === "linear_forward") {
    const [rows, inputs, outputs] = args as [number, number, number];
    return { label: `${name} ${rows}x${inputs}x${outputs}`, flop: 2 * rows * inputs * outputs };
  }
  return { label: name, flop: 0 };
}
