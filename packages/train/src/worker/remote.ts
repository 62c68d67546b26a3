// RemoteTraining: a training in a worker, as its page sees it. The page's own thread does nothing but hear of it.
import type { EpochRecord, Metrics, StepEvent } from "../progress.ts";
import type { TrainingResult } from "../train.ts";
import { errorOf, type Heard, type Order, type Port, type Reply } from "./messages.ts";
import type { Answers } from "./serve.ts";

export interface RemoteHooks<M extends Metrics = Metrics> {
  /** Some thirty times a second at most, and after the last step. */
  readonly onStep?: (event: StepEvent) => void;
  readonly onEpoch?: (record: EpochRecord<M>) => void;
  /** Buffers in the settings that go over instead of being copied. */
  readonly transfer?: Transferable[];
}

/** An order that is not settled. */
interface Pending {
  readonly message: Order;
  /** Whether parts of the message went over: it cannot be said again. */
  readonly isGivenAway: boolean;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** How often a worker that prepares a training is asked whether it lives; after how many questions a fresh one takes its
 * place, where the page knows how to make one, and after how many it is given up. */
const PULSE_MS = 2000;
const MANY_UNANSWERED = 5;
const MOST_UNANSWERED = 30;

/** An order before it has its number. */
type Unnumbered<O> = O extends Order ? Omit<O, "id"> : never;

/**
 * A training in a worker of the page: orders it, hears of it, ends it. The page's own thread calculates nothing.
 *
 * @typeParam A what the worker answers to: `typeof answers` of its `serveTraining`
 *
 * ```ts
 * const newWorker = () => new Worker(new URL("./train-worker.js", import.meta.url), { type: "module" });
 * const training = new RemoteTraining<{ model: () => ReadonlyMap<string, StateArray> }>(newWorker);
 * const result = await training.start({ lr: 0.1 }, { onStep: ({ loss }) => draw(loss) });
 * const weights = await training.ask("model");
 * ```
 */
export class RemoteTraining<A extends Answers = Answers, M extends Metrics = Metrics> {
  readonly #newWorker: (() => Port) | undefined;
  #port: Port;
  readonly #pending = new Map<number, Pending>();
  #hooks: RemoteHooks<M> = {};
  #running = false;
  #orders = 0;
  #gone: Error | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;

  /**
   * @param worker a worker whose script calls `serveTraining`; or what makes one, at once, and again should the first hang
   */
  constructor(worker: Port | (() => Port)) {
    this.#newWorker = typeof worker === "function" ? worker : undefined;
    this.#port = typeof worker === "function" ? worker() : worker;
    this.#listen();
  }

  /** Whether it is over with the worker: it failed, or was ended. Another RemoteTraining is needed to train again. */
  get closed(): boolean {
    return this.#gone !== undefined;
  }

  /**
   * Trains; resolves at the end, or once `abort` has stopped it.
   *
   * In Firefox 153 a worker that starts threads hangs now and then. One that answers nothing for ten seconds until its
   * first step is made is replaced once, where the page gave what makes one (and `transfer` is empty, for that is gone);
   * one that answers nothing for a minute is ended, and this rejects. So a first step may not take that long.
   */
  async start(settings: unknown, hooks: RemoteHooks<M> = {}): Promise<TrainingResult<M>> {
    if (this.#running) throw new Error("a training runs in this worker already; abort() it before the next");
    this.#running = true;
    this.#hooks = hooks;
    const result = this.#order({ order: "start", settings }, hooks.transfer) as Promise<TrainingResult<M>>;
    if (this.#pulse === undefined && this.#gone === undefined) this.#watch();
    return result.finally(() => {
      this.#running = false;
      this.#unwatch();
    });
  }

  /** Holds the training; resolves once no step is in hand. */
  async pause(): Promise<void> {
    await this.#order({ order: "pause" });
  }

  /** Goes on after a pause. */
  async resume(): Promise<void> {
    await this.#order({ order: "resume" });
  }

  /** Stops after the step in hand; what `start` gave resolves after the checkpoint is written. */
  async abort(): Promise<void> {
    await this.#order({ order: "abort" });
  }

  /** What the worker answers under that name, as a copy; between two steps of a training, or after it. */
  ask<K extends keyof A & string>(name: K, ...value: Parameters<A[K]>): Promise<Awaited<ReturnType<A[K]>>> {
    return this.#order({ order: "ask", name, value: value[0] }) as Promise<Awaited<ReturnType<A[K]>>>;
  }

  /**
   * Ends the worker at once, in the middle of a step even; its last checkpoint stays. To train again, `start` again instead:
   * in Firefox 153 a worker that starts threads, as a new one does, hangs about once in a hundred times.
   */
  close(): void {
    this.#close(new Error("the training was closed"));
  }

  #close(why: Error): void {
    this.#end(why);
    this.#endWorker();
  }

  #listen(): void {
    this.#port.addEventListener("message", this.#hear);
    this.#port.addEventListener("error", this.#fail);
    this.#port.start?.();
  }

  #endWorker(): void {
    this.#port.removeEventListener("message", this.#hear);
    this.#port.removeEventListener("error", this.#fail);
    const end = this.#port as { terminate?(): void; close?(): void };
    if (end.terminate !== undefined) end.terminate();
    else end.close?.();
  }

  /** Ends the worker and gives all that it was told to a fresh one. */
  #replaceBy(newWorker: () => Port): void {
    this.#endWorker();
    this.#port = newWorker();
    this.#listen();
    for (const { message } of this.#pending.values()) this.#port.postMessage(message);
  }

  /** Questions are counted, not seconds: a page in the background is given few turns to ask. */
  #watch(): void {
    let unanswered = 0;
    let newWorker = this.#newWorker;
    this.#pulse = setInterval(() => {
      if (unanswered === MANY_UNANSWERED && newWorker !== undefined) {
        if (![...this.#pending.values()].some(({ isGivenAway }) => isGivenAway)) {
          this.#replaceBy(newWorker);
          unanswered = 0;
        }
        newWorker = undefined;
      }
      if (unanswered++ < MOST_UNANSWERED) {
        this.#order({ order: "live" }).then(
          () => (unanswered = 0),
          () => {},
        );
        return;
      }
      const seconds = (MOST_UNANSWERED * PULSE_MS) / 1000;
      this.#close(
        new Error(
          `the training's worker answered nothing for ${seconds} s before its first step, and was ended. In Firefox a worker ` +
            "that starts threads hangs now and then: start again in a new worker; init({ threads: 1 }) in it starts none.",
        ),
      );
    }, PULSE_MS);
  }

  #unwatch(): void {
    clearInterval(this.#pulse);
    this.#pulse = undefined;
  }

  #order(order: Unnumbered<Order>, transfer: Transferable[] = []): Promise<unknown> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const id = ++this.#orders;
    const message = { ...order, id } as Order;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { message, isGivenAway: transfer.length > 0, resolve, reject });
      try {
        this.#port.postMessage(message, transfer);
      } catch (error) {
        // What cannot be copied to a worker, a function in the settings for instance.
        this.#pending.delete(id);
        reject(error);
      }
    });
  }

  readonly #hear = ({ data }: Heard): void => {
    const reply = data as Reply;
    if ("step" in reply) {
      this.#unwatch();
      this.#hooks.onStep?.(reply.step);
    } else if ("epoch" in reply) this.#hooks.onEpoch?.(reply.epoch as EpochRecord<M>);
    else {
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      if ("error" in reply) pending?.reject(errorOf(reply.error));
      else pending?.resolve(reply.result);
    }
  };

  /** A worker tells when its script can't be loaded, or fails outside of any order. */
  readonly #fail = ({ message }: Heard): void => {
    this.#close(new Error(`the training worker failed: ${message || "its script could not be loaded"}`));
  };

  #end(error: Error): void {
    this.#gone = error;
    this.#unwatch();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
