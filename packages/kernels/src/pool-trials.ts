// For tests in pages: the pool started and stopped many times, and lost at work. Runs on main threads and in workers.
import { host } from "#host";
import { kernels, readBuffer, writeBuffer } from "./index.ts";
import { setMachine } from "./machine.ts";
import { startPool, stopPool } from "./pool.ts";
import { explainBackend } from "./report.ts";
import { start } from "./start.ts";

const few = Float32Array.from({ length: 1 << 17 }, (_, i) => i / (1 << 17));

/** So many that the end of an operation, when threads wait for the last of them, is a small part of it. */
const many = 1 << 26;

/** Starts and stops the pool; gives how often all threads came and went, and how many chunks they did. */
export async function restart(times: number): Promise<{ readonly came: number; readonly sharedChunks: number }> {
  const machine = await start({ threads: 1 });
  setMachine(machine);
  const { bindings, module, granted } = machine;
  let came = 0;
  for (let i = 0; i < times; i++) {
    const pool = await startPool({ bindings, module, memory: granted.memory, threads: 2, workerUrl: undefined });
    expOf(few);
    const ended = await stopPool(bindings);
    if (pool.threads === 2 && ended) came++;
  }
  return { came, sharedChunks: bindings.pool_shared_chunks() };
}

export interface Loss {
  readonly threads: number;
  readonly error: string;
  /** From the call of the lost operation to its error. */
  readonly tookMs: number;
  readonly threadsAfter: number;
  readonly report: string;
  /** exp(0), calculated afterwards. */
  readonly one: number;
  readonly mayWait: boolean;
}

/** Works with threads that hang after a while. */
export async function loseWorker(workerUrl: string): Promise<Loss> {
  setMachine(await start({ threads: 3, workerUrl }));
  const { threads } = explainBackend();
  const k = kernels();
  const [x, y] = [k.alloc(4 * many), k.alloc(4 * many)];
  writeBuffer(x, new Float32Array(many));
  const begin = performance.now();
  let called = begin;
  let error = "";
  while (error === "" && performance.now() - begin < 20_000) {
    called = performance.now();
    try {
      k.exp_forward(many, x, y);
    } catch (caught) {
      error = String(caught);
    }
  }
  const tookMs = performance.now() - called;
  const after = explainBackend();
  const one = expOf(new Float32Array(1))[0]!;
  return { threads, error, tookMs, threadsAfter: after.threads, report: String(after), one, mayWait: host.mayWait() };
}

function expOf(input: Float32Array): Float32Array {
  const k = kernels();
  const [x, y] = [k.alloc(input.byteLength), k.alloc(input.byteLength)];
  writeBuffer(x, input);
  k.exp_forward(input.length, x, y);
  const output = readBuffer(y, "f32", input.length);
  k.free(x);
  k.free(y);
  return output;
}
