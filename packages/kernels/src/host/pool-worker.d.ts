// The types of the pool's script, which is plain JavaScript.
import type { WorkerOrder } from "./host.ts";

/** The imports of the kernels. */
export function importsOf(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Imports;

/** Returns when the pool is stopped. */
export function work(order: WorkerOrder): void;
