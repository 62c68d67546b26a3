// The pool of threads: started without blocking anybody, given up in time, and honest about what came of it.
import { host } from "#host";
import type { Bindings } from "./machine.ts";

const patienceMs = 2_000;

export interface Pool {
  /** Threads that share the work, the calling one among them. */
  readonly threads: number;
  /** Why there are as many as there are. */
  readonly reason: string;
  readonly advice?: string;
}

export interface PoolOrder {
  readonly bindings: Bindings;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** As many as the user asked for; undefined: as many as the host finds right. */
  readonly threads: number | undefined;
  readonly workerUrl: string | URL | undefined;
}

export async function startPool(order: PoolOrder): Promise<Pool> {
  const { bindings, threads } = order;
  if (threads === 1) return { threads: 1, reason: "one thread was asked for" };
  const none = host.noThreads();
  if (none) {
    const asked = threads === undefined ? "" : ` (${threads} threads were asked for)`;
    return { threads: 1, reason: `one thread: ${none.reason}${asked}`, advice: none.advice };
  }
  const wanted = threads ?? host.defaultThreads();
  if (wanted === 1) return { threads: 1, reason: "one thread: this machine has one core" };
  const failure = await startWorkers(order, wanted - 1);
  const arrived = Math.min(bindings.pool_ready(), wanted - 1);
  bindings.pool_use(1 + arrived, host.mayWait());
  if (arrived === wanted - 1) {
    const why = threads === undefined ? `the default on this machine` : "as asked for";
    return { threads: wanted, reason: `${wanted} threads, ${why}` };
  }
  const what = failure ?? `no more answered within ${patienceMs / 1000} s`;
  return {
    threads: 1 + arrived,
    reason: `${1 + arrived} of ${wanted} threads: the others did not start (${what})`,
    advice:
      "Serve the worker's script from the page's own origin and name it by init({ workerUrl }); a Content-Security-Policy must allow it (worker-src).",
  };
}

/** Starts `count` workers and waits until they have arrived, one failed, or patience ends; gives the failure. */
async function startWorkers(
  { bindings, module, memory, workerUrl }: PoolOrder,
  count: number,
): Promise<string | undefined> {
  let failure: string | undefined;
  const failed = (why: string) => {
    failure ??= why;
    bindings.pool_worker_failed();
  };
  const start = performance.now();
  try {
    for (let i = 0; i < count; i++) host.startWorker({ module, memory }, workerUrl, failed);
  } catch (error) {
    return String(error);
  }
  while (bindings.pool_ready() < count && failure === undefined && performance.now() - start < patienceMs)
    await pause();
  return failure;
}

/** Ends all threads but the calling one. */
export async function stopPool(bindings: Bindings): Promise<void> {
  bindings.pool_stop();
  while (bindings.pool_ready() > 0) await pause();
  bindings.pool_reset();
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
