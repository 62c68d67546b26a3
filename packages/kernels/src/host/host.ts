// What the two hosts, Node and pages, do differently: where threads come from, who may wait, how bytes are read.

/** What a new worker is given. */
export interface WorkerOrder {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** Why no thread can be started here, and what would change that. */
export interface NoThreads {
  readonly reason: string;
  readonly advice: string;
}

export interface Host {
  /** Threads of the pool where the user names none, the calling one among them. */
  defaultThreads(): number;
  /** Why memory cannot be shared with workers here; undefined where it can. */
  noThreads(): NoThreads | undefined;
  /** Whether the calling thread may sleep on an atomic. */
  mayWait(): boolean;
  /**
   * Starts one worker of the pool; `failed` hears why it ended badly, if it does. What is given back must be kept as long
   * as the worker is to live: pages end a worker that nothing refers to.
   */
  startWorker(order: WorkerOrder, url: string | URL | undefined, failed: (why: string) => void): object;
  /** What to look at when workers do not start. */
  readonly workerAdvice: string;
  /** What an address answers; Node reads files too. */
  read(address: string | URL): Promise<Response>;
  /** Switches V8's 256-bit arithmetic for this process; gives the reason where it cannot be. */
  setTurbo(on: boolean): string | undefined;
  /** How to have turbo, where it can be had. */
  turboAdvice(): string | undefined;
  /** What the host is called in a sentence: "this process", "this page". */
  readonly place: string;
}
