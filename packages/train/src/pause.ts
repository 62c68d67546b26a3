// Pauses of the loop: short ones, so that the host gets its turn, and long ones that somebody asks for.

/** One frame of a page: input and signals are answered within it, and a pause this often costs nothing. */
const BREATH_MS = 16;

/** Gives the event loop its turn when the last one was more than a frame ago. */
export class Breath {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last < BREATH_MS) return;
    await hostTurn();
    this.#last = performance.now();
  }
}

/** Ends after the host has handled what waits for it. Timers would do too, at 1 to 4 ms each. */
function hostTurn(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Holds a training after the step in hand, for as long as somebody wants. */
export class PauseSwitch {
  #released: Promise<void> | undefined;
  #release: (() => void) | undefined;

  get paused(): boolean {
    return this.#released !== undefined;
  }

  pause(): void {
    this.#released ??= new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  resume(): void {
    this.#release?.();
    this.#released = undefined;
    this.#release = undefined;
  }

  /** Waits while paused, or until `signal` is aborted. */
  async wait(signal?: AbortSignal): Promise<void> {
    while (this.#released !== undefined && signal?.aborted !== true) {
      const listening = new AbortController();
      const aborted = new Promise<void>((resolve) => {
        signal?.addEventListener("abort", () => resolve(), { signal: listening.signal });
      });
      await Promise.race([this.#released, aborted]);
      listening.abort();
    }
  }
}
