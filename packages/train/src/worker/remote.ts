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

/** What is left to be settled of an order. */
interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** An order before it has its number. */
type Unnumbered<O> = O extends Order ? Omit<O, "id"> : never;

/**
 * @typeParam A what the worker answers to: `typeof answers` of its `serveTraining`
 *
 * ```ts
 * const worker = new Worker(new URL("./train-worker.js", import.meta.url), { type: "module" });
 * const training = new RemoteTraining<{ model: () => ReadonlyMap<string, StateArray> }>(worker);
 * const result = await training.start({ lr: 0.1 }, { onStep: ({ loss }) => draw(loss) });
 * const weights = await training.ask("model");
 * ```
 */
export class RemoteTraining<A extends Answers = Answers, M extends Metrics = Metrics> {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #hooks: RemoteHooks<M> = {};
  #orders = 0;
  #gone: Error | undefined;

  /** @param port a worker whose script calls `serveTraining` */
  constructor(port: Port) {
    this.#port = port;
    port.addEventListener("message", this.#hear);
    port.addEventListener("error", this.#fail);
    port.start?.();
  }

  /** Trains; resolves at the end, or once `abort` has stopped it. */
  start(settings: unknown, hooks: RemoteHooks<M> = {}): Promise<TrainingResult<M>> {
    this.#hooks = hooks;
    return this.#order({ order: "start", settings }, hooks.transfer) as Promise<TrainingResult<M>>;
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
    this.#end(new Error("the training was closed"));
    this.#port.removeEventListener("message", this.#hear);
    this.#port.removeEventListener("error", this.#fail);
    const end = this.#port as { terminate?(): void; close?(): void };
    if (end.terminate !== undefined) end.terminate();
    else end.close?.();
  }

  #order(order: Unnumbered<Order>, transfer: Transferable[] = []): Promise<unknown> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      try {
        this.#port.postMessage({ ...order, id }, transfer);
      } catch (error) {
        // What cannot be copied to a worker, a function in the settings for instance.
        this.#pending.delete(id);
        reject(error);
      }
    });
  }

  readonly #hear = ({ data }: Heard): void => {
    const reply = data as Reply;
    if ("step" in reply) this.#hooks.onStep?.(reply.step);
    else if ("epoch" in reply) this.#hooks.onEpoch?.(reply.epoch as EpochRecord<M>);
    else {
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      if ("error" in reply) pending?.reject(errorOf(reply.error));
      else pending?.resolve(reply.result);
    }
  };

  /** A worker tells when its script can't be loaded, or fails outside of any order. */
  readonly #fail = ({ message }: Heard): void => {
    this.#end(new Error(`the training worker failed: ${message || "its script could not be loaded"}`));
  };

  #end(error: Error): void {
    this.#gone = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
