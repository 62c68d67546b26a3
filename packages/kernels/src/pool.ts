// The pool of threads: started without blocking anybody, given up in time, and honest about what came of it.
import { host } from "#host";
import type { Bindings } from "./bindings.ts";

const patienceMs = 2_000;

export interface Pool {
  /** Threads that share the work, the calling one among them. */
  readonly threads: number;
  /** Why there are as many as there are. */
  readonly reason: string;
  readonly advice?: string;
  /** The living workers: kept here, or a page might end them. */
  readonly workers?: readonly object[];
  /** What happened to a thread that ended by itself, after the start. */
  lost?: string;
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
  const workers = await startWorkers(order, wanted - 1);
  const arrived = Math.min(bindings.pool_ready(), wanted - 1);
  bindings.pool_use(1 + arrived, host.mayWait());
  const pool: Pool = { ...poolOf(1 + arrived, wanted, threads, workers.failure), workers: workers.started };
  workers.onFailure = (why) => {
    // Heard between two kernel calls, so no job is open: the pool can be left without losing a result.
    if (arrived > 0) bindings.pool_give_up();
    pool.lost ??= why;
  };
  return pool;
}

function poolOf(threads: number, wanted: number, asked: number | undefined, failure: string | undefined): Pool {
  if (threads === wanted) {
    return {
      threads,
      reason: `${threads} threads, ${asked === undefined ? "the default on this machine" : "as asked for"}`,
    };
  }
  const what = failure ?? `they did not answer within ${patienceMs / 1000} s`;
  return {
    threads,
    reason: `${threads === 1 ? "one thread" : `${threads} threads`} of ${wanted}: the others did not start (${what})`,
    advice: host.workerAdvice,
  };
}

interface Workers {
  readonly started: object[];
  failure?: string;
  /** Hears of failures after the start. */
  onFailure?: (why: string) => void;
}

/** Starts `count` workers and waits until they have arrived, one has failed, or patience ends. */
async function startWorkers({ bindings, module, memory, workerUrl }: PoolOrder, count: number): Promise<Workers> {
  const workers: Workers = { started: [] };
  const failed = (why: string) => {
    workers.failure ??= why;
    workers.onFailure?.(why);
  };
  const start = performance.now();
  try {
    for (let i = 0; i < count; i++) workers.started.push(host.startWorker({ module, memory }, workerUrl, failed));
  } catch (error) {
    failed(String(error));
  }
  while (bindings.pool_ready() < count && workers.failure === undefined && performance.now() - start < patienceMs) {
    await pause();
  }
  return workers;
}

/** Ends all threads but the calling one; gives whether they were gone in time. */
export async function stopPool(bindings: Bindings): Promise<boolean> {
  bindings.pool_stop();
  const start = performance.now();
  while (bindings.pool_ready() > 0 && performance.now() - start < patienceMs) await pause();
  if (bindings.pool_ready() > 0) return false;
  bindings.pool_reset();
  return true;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
