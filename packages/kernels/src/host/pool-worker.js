// A thread of the pool: one more instance over the shared memory, which takes chunks of work until the pool stops.
// Plain JavaScript: it runs as it lies, in every host, and bundles to one small file.

/** The imports of the kernels by their names' meaning; a call of another one fails, and says which. */
export function importsOf(module, memory) {
  // Addresses are unsigned, numbers of WebAssembly are not; a decoder takes no shared memory.
  const text = (address, length) =>
    new TextDecoder().decode(new Uint8Array(memory.buffer, address >>> 0, length).slice());
  const functions = {
    throw_range: (address, length) => {
      throw new RangeError(text(address, length));
    },
    throw: (address, length) => {
      throw new Error(text(address, length));
    },
    now: () => performance.now(),
    // The table is for values of JavaScript that kernels hold; here they hold none.
    init_externref_table: () => {},
  };
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const known = Object.keys(functions).find((key) => name.includes(`_${key}`));
    const missing = () => {
      throw new Error(`the kernels call ${name}, which this version of the package does not have`);
    };
    imports[from] ??= {};
    imports[from][name] = kind === "memory" ? memory : known ? functions[known] : missing;
  }
  return imports;
}

/** Returns when the pool is stopped. */
export function work({ module, memory }) {
  const kernels = new WebAssembly.Instance(module, importsOf(module, memory)).exports;
  try {
    kernels.__wbindgen_start();
    kernels.pool_work();
    kernels.__wbindgen_thread_destroy();
  } catch (error) {
    // The controller is told through the shared memory: it may be waiting for this worker and hear no event.
    kernels.pool_worker_failed();
    throw error;
  }
}
