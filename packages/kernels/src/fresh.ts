// For tests: the package as if just loaded, with a machine of its own.
import { vi } from "vitest";
import type { InitOptions } from "./options.ts";
import type { Seams } from "./start.ts";

/** The package's modules, loaded anew: nothing is initialised. */
export async function freshPackage() {
  vi.resetModules();
  const [library, { setMachine, machine }, { start }, { startPool, stopPool }] = await Promise.all([
    import("./index.ts"),
    import("./machine.ts"),
    import("./start.ts"),
    import("./pool.ts"),
  ]);
  return { ...library, setMachine, machine, start, startPool, stopPool };
}

/** A fresh package, started with options and what only tests put in. */
export async function startFresh(options: InitOptions = {}, seams: Seams = {}) {
  const fresh = await freshPackage();
  fresh.setMachine(await fresh.start(options, seams));
  return fresh;
}

export type Fresh = Awaited<ReturnType<typeof startFresh>>;

/** exp of many numbers: long enough to be shared among threads. */
export function expOf(fresh: Fresh, values: Float32Array): Float32Array {
  const k = fresh.kernels();
  const [x, y] = [k.alloc(values.byteLength), k.alloc(values.byteLength)];
  try {
    fresh.writeBuffer(x, values);
    k.exp_forward(values.length, x, y);
    return fresh.readBuffer(y, "f32", values.length);
  } finally {
    k.free(x);
    k.free(y);
  }
}
