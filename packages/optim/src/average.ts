// Averages of parameters over time: Lookahead, whose training goes on from them, and moving averages for evaluation.

import { kernels } from "@lanewise/kernels";
import { keep, livingValue, type Shape, sizeOf, type Tensor, type Value, zeros } from "@lanewise/tensor";

/** Averages as plain arrays, by the tensor's index: "0". */
export interface AverageState {
  readonly steps: number;
  readonly arrays: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
}

/** Tensors, each with a copy of its own; saved and loaded. */
abstract class Averages {
  readonly #kind: string;
  readonly #tensors: readonly Tensor[];
  readonly #averages: readonly Tensor[];
  #steps = 0;

  /** @param tensors parameters, and what else goes along with them: the running statistics of batch norms. */
  protected constructor(kind: string, tensors: readonly Tensor[]) {
    if (tensors.length === 0) throw new RangeError(`${kind}: no tensors came; give it model.parameters()`);
    this.#kind = kind;
    this.#tensors = tensors;
    this.#averages = tensors.map(({ shape }) => keep(zeros(shape)));
    this.eachPair((tensor, average) => kernels().copy(tensor.size, tensor.handle, average.handle));
  }

  /** The steps that were counted. */
  get steps(): number {
    return this.#steps;
  }

  /** The state as copies, to be saved. */
  state(): AverageState {
    const arrays = this.#averages.map((average, index) => [`${index}`, { shape: average.shape, data: average.data() }]);
    return { steps: this.#steps, arrays: new Map(arrays as [string, { shape: Shape; data: Float32Array }][]) };
  }

  /** Takes over a saved state; it must come from averages of the same tensors. Nothing changes if it does not. */
  loadState(state: AverageState): void {
    const arrays = this.#averages.map((average, index) => {
      const array = state.arrays.get(`${index}`);
      if (array?.shape.join() !== average.shape.join() || array.data.length !== sizeOf(average.shape)) {
        const came = array === undefined ? "nothing" : `[${array.shape.join(", ")}], ${array.data.length} elements,`;
        throw new Error(`${this.#kind}: state ${index}: ${came} came, expected [${average.shape.join(", ")}]`);
      }
      return array.data;
    });
    if (state.arrays.size !== arrays.length)
      throw new Error(`${this.#kind}: a state of ${state.arrays.size} tensors came, expected ${arrays.length}`);
    for (const [index, data] of arrays.entries()) this.#averages[index]!.assign(Float32Array.from(data));
    this.#steps = state.steps;
  }

  /** Gives the memory of the averages back. */
  release(): void {
    for (const average of this.#averages) average.release();
  }

  protected countStep(): number {
    this.#steps += 1;
    return this.#steps;
  }

  /** Each tensor's value with its average's. */
  protected eachPair(run: (tensor: Value, average: Value) => void): void {
    for (const [index, tensor] of this.#tensors.entries())
      run(livingValue(tensor, this.#kind), livingValue(this.#averages[index]!, this.#kind));
  }
}

export interface LookaheadOptions {
  /** How many steps the optimizer makes from one average to the next (k); 5 where not given. */
  readonly every?: number;
}

/**
 * Lookahead (M. Zhang and others, arXiv 1907.08610): every k steps slow ← decay · slow + (1 − decay) · fast, fast ← slow.
 *
 * Give it a model's parameters and its running statistics. A decay that rises over the run to 1 makes the last weights an
 * average of many, as in the recipe for CIFAR-10 of arXiv 2404.00498.
 */
export class Lookahead extends Averages {
  readonly every: number;

  constructor(tensors: readonly Tensor[], { every = 5 }: LookaheadOptions = {}) {
    if (!(Number.isInteger(every) && every >= 1))
      throw new RangeError(`Lookahead: every ${every} came, expected a whole number from 1`);
    super("Lookahead", tensors);
    this.every = every;
  }

  /** To be called after each step of the optimizer; true where it was a step that averages, with this decay. */
  step(decay: number): boolean {
    checkShare("Lookahead", decay);
    if (this.countStep() % this.every !== 0) return false;
    this.#average(decay);
    return true;
  }

  /** The end of a run: the weights become the slow ones. */
  finish(): void {
    this.#average(1);
  }

  #average(decay: number): void {
    this.eachPair((fast, slow) => {
      kernels().average_step(fast.size, 1 - decay, fast.handle, slow.handle);
      kernels().copy(fast.size, slow.handle, fast.handle);
      fast.storage.version += 1;
    });
  }
}

export interface WeightAverageOptions {
  /** The share of the average that is kept at an update: an exponential average. Without it all updates count alike. */
  readonly decay?: number;
}

/**
 * A moving average beside the training: exponential, average ← decay · average + (1 − decay) · weights, or equal over all
 * updates, average ← average + (weights − average) / n (P. Izmailov and others, arXiv 1803.05407).
 *
 * The first update takes the weights as they are, as PyTorch's AveragedModel does.
 */
export class WeightAverage extends Averages {
  readonly decay: number | undefined;
  #swapped = false;

  constructor(tensors: readonly Tensor[], { decay }: WeightAverageOptions = {}) {
    if (decay !== undefined) checkShare("WeightAverage", decay);
    super("WeightAverage", tensors);
    this.decay = decay;
  }

  /** Takes the weights of now into the average. */
  update(): void {
    this.#refuseSwapped("update()");
    const count = this.countStep();
    const weight = count === 1 || this.decay === undefined ? 1 / count : 1 - this.decay;
    this.eachPair((tensor, average) => kernels().average_step(tensor.size, weight, tensor.handle, average.handle));
  }

  /** Runs `run` with the averages in the place of the weights, which are back when it has ended (or its promise has). */
  during<R>(run: () => R): R {
    this.#refuseSwapped("during()");
    this.#swap();
    let pending = false;
    try {
      const result = run();
      if (!(result instanceof Promise)) return result;
      pending = true;
      return result.finally(() => this.#swap()) as R;
    } finally {
      if (!pending) this.#swap();
    }
  }

  override state(): AverageState {
    this.#refuseSwapped("state()");
    return super.state();
  }

  override loadState(state: AverageState): void {
    this.#refuseSwapped("loadState()");
    super.loadState(state);
  }

  #swap(): void {
    this.eachPair((tensor, average) => {
      kernels().exchange(tensor.size, tensor.handle, average.handle);
      tensor.storage.version += 1;
    });
    this.#swapped = !this.#swapped;
  }

  #refuseSwapped(use: string): void {
    if (this.#swapped)
      throw new Error(`WeightAverage: ${use} was called inside during(), where weights and averages are exchanged`);
  }
}

function checkShare(kind: string, decay: number): void {
  if (!(decay >= 0 && decay <= 1)) throw new RangeError(`${kind}: decay ${decay} came, expected a number from 0 to 1`);
}
