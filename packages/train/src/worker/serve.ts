// serveTraining: the worker's side. It trains what the page orders, and answers the page between two steps.
import { PauseSwitch } from "../pause.ts";
import type { Metrics, StepEvent } from "../progress.ts";
import { type TrainingOptions, train } from "../train.ts";
import { failureOf, type Order, type Port, type Reply } from "./messages.ts";

/** What a page can ask for by name. Called between two steps, or when no training runs; the answer is copied to the page. */
export type Answers = Readonly<Record<string, (value: never) => unknown>>;

/** A training as the worker makes it; when it runs, stops and pauses is the page's. */
export interface ServedTraining<B, M extends Metrics, A extends Answers>
  extends Omit<TrainingOptions<B, M>, "signal" | "pause" | "onStep" | "onEpoch"> {
  /** `{ model: () => model.stateDict() }`, for instance. */
  readonly answers?: A;
}

/** A page draws no more often: steps of a small network are many more. */
const STEP_EVENT_MS = 33;

/**
 * Makes this worker train on a page's orders; see `RemoteTraining`. To be called while the script is first evaluated:
 * orders that come before are lost.
 *
 * @param prepare builds a training from the settings that the page sends
 */
export function serveTraining<S, B, M extends Metrics, A extends Answers>(
  prepare: (settings: S) => ServedTraining<B, M, A> | Promise<ServedTraining<B, M, A>>,
  port: Port = globalThis as unknown as Port,
): void {
  const server = new Server(prepare as (settings: unknown) => Promise<ServedTraining<B, M, A>>, port);
  port.addEventListener("message", ({ data }) => void server.obey(data as Order));
  port.start?.();
}

class Server<B, M extends Metrics, A extends Answers> {
  readonly #prepare: (settings: unknown) => Promise<ServedTraining<B, M, A>>;
  readonly #port: Port;
  readonly #pause = new PauseSwitch();
  #stop: AbortController | undefined;
  #answers: Answers | undefined;

  constructor(prepare: (settings: unknown) => Promise<ServedTraining<B, M, A>>, port: Port) {
    this.#prepare = prepare;
    this.#port = port;
  }

  async obey(order: Order): Promise<void> {
    const { id } = order;
    try {
      this.#say({ id, result: await this.#do(order) });
    } catch (error) {
      this.#say({ id, error: failureOf(error) });
    }
  }

  #do(order: Order): unknown {
    switch (order.order) {
      case "start":
        return this.#train(order.settings);
      case "pause":
        return this.#pause.pause();
      case "resume":
        return this.#pause.resume();
      case "abort":
        return this.#stop?.abort();
      case "live":
        return true;
      case "ask":
        return this.#answer(order.name)(order.value as never);
    }
  }

  async #train(settings: unknown): Promise<unknown> {
    if (this.#stop !== undefined) throw new Error("a training runs in this worker already; abort() it before the next");
    const stop = new AbortController();
    this.#stop = stop;
    this.#pause.resume();
    let told = Number.NEGATIVE_INFINITY;
    const onStep = (step: StepEvent): void => {
      const now = performance.now();
      if (now - told < STEP_EVENT_MS && step.step < step.steps) return;
      told = now;
      this.#say({ step });
    };
    try {
      const { answers, ...training } = await this.#prepare(settings);
      this.#answers = answers ?? {};
      const onEpoch = (epoch: object): void => this.#say({ epoch } as Reply);
      return await train({ ...training, signal: stop.signal, pause: this.#pause, onStep, onEpoch });
    } finally {
      this.#stop = undefined;
    }
  }

  #answer(name: string): (value: never) => unknown {
    if (this.#answers === undefined) throw new Error(`'${name}' was asked before a training was started`);
    const answer = Object.hasOwn(this.#answers, name) ? this.#answers[name] : undefined;
    if (answer !== undefined) return answer;
    const known = Object.keys(this.#answers).join(", ") || "nothing";
    throw new Error(`'${name}' was asked; this training answers to ${known}`);
  }

  #say(reply: Reply): void {
    this.#port.postMessage(reply);
  }
}
