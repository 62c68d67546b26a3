// The exports of the compiled kernels, called as they are: numbers go in, and a script around them would be code for nothing.
// The few that give numbers back, or take arrays, are wrapped here.
import type * as Written from "../wasm/strict/lanewise_kernels.js";
import { importsOf } from "./host/pool-worker.js";

/** Every export, by the declarations that wasm-bindgen writes. */
export type Bindings = Omit<typeof Written, "default" | "initSync">;

type Raw = Readonly<Record<string, (...values: number[]) => number>>;

/** What the exports of these names give is unsigned, which a number of WebAssembly is not by itself. */
const unsigned = /^(alloc|buffer_address|(live|peak|pooled)_\w+|pool_(ready|shared_chunks|threads))$/;

/** Takes a shape and strides first, as arrays. */
const strided = /^strided_/;

/** An instance over the memory of the machine, ready for calls by this thread. */
export async function bind(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Bindings> {
  const { exports } = await WebAssembly.instantiate(module, importsOf(module, memory));
  const raw = exports as Raw;
  const wrapped = Object.entries(raw).map(([name, call]) => [name, wrap(name, call, raw, memory)]);
  const bindings = Object.fromEntries(wrapped) as Bindings & { __wbindgen_start(): void };
  bindings.__wbindgen_start();
  bindings.enter();
  return bindings;
}

function wrap(name: string, call: Raw[string], raw: Raw, memory: WebAssembly.Memory): unknown {
  if (unsigned.test(name)) return (a: number, b: number) => call(a, b) >>> 0;
  if (name === "pool_is_dead") return () => call() !== 0;
  if (!strided.test(name)) return call;
  // The kernel releases the copy.
  const copy = (values: ArrayLike<number>): number => {
    const address = raw.__wbindgen_malloc!(values.length * 4, 4) >>> 0;
    new Int32Array(memory.buffer, address, values.length).set(values);
    return address;
  };
  return (shape: ArrayLike<number>, strides: ArrayLike<number>, ...rest: number[]) =>
    call(copy(shape), shape.length, copy(strides), strides.length, ...rest);
}
