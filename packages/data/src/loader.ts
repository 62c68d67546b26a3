// DataLoader: a dataset in batches. A turn of a synchronous loop over it is a scope; `for await` owns its batch alone.
import { asyncTurns, defaultGenerator, Generator, type Shape, type Tensor, turns } from "@lanewise/tensor";
import type { Dataset, ExampleType } from "./dataset.ts";

export interface DataLoaderOptions {
  /** Examples a batch; the last of an epoch may have fewer. */
  batchSize: number;
  /** A new order in each epoch (default false: as in the dataset). */
  shuffle?: boolean;
  /** What the orders are drawn from (default: the seed of `manualSeed`). */
  seed?: number | bigint;
  /** Leave out a last batch of fewer examples. */
  dropLast?: boolean;
}

export interface Batch<S extends Shape = Shape, D extends ExampleType = "f32"> {
  /** [B, ...shape of an example]. */
  x: Tensor<readonly [number, ...S], D>;
  /** The class of each, [B]. */
  y: Tensor<readonly [number], "i32">;
  /** Where each example is in the dataset. */
  indices: Int32Array<ArrayBuffer>;
}

/** Where a loader is: enough to go on in another process with the very next batch. */
export interface DataLoaderState {
  epoch: number;
  /** Batches of that epoch which have been given out. */
  batch: number;
}

/** The random stream of batch orders: they share no number with initial weights or splits of the same seed. */
const ORDER_STREAM = 0x4f524452;

export class DataLoader<S extends Shape = Shape, D extends ExampleType = "f32">
  implements Iterable<Batch<S, D>>, AsyncIterable<Batch<S, D>>
{
  readonly dataset: Dataset<S, D>;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly #seed: number | bigint | undefined;
  #next: DataLoaderState = { epoch: 0, batch: 0 };
  #running: DataLoaderState | undefined;

  constructor(dataset: Dataset<S, D>, options: DataLoaderOptions) {
    const { batchSize, shuffle = false, seed, dropLast = false } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`DataLoader: batchSize ${batchSize} came, expected a whole number from 1`);
    }
    if (dataset.length === 0) throw new RangeError("DataLoader: the dataset has no examples");
    if (dropLast && batchSize > dataset.length) {
      throw new RangeError(
        `DataLoader: dropLast leaves no batch of ${batchSize} in ${dataset.length} examples; take a smaller batchSize`,
      );
    }
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.dropLast = dropLast;
    this.#seed = seed;
  }

  /** Batches an epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** In a loop's body: the epoch that runs and its batches given out, the present one included. */
  get state(): DataLoaderState {
    return { ...(this.#running ?? this.#next) };
  }

  /** The next loop begins there. */
  set state(state: DataLoaderState) {
    const { epoch, batch } = state;
    if (!Number.isInteger(epoch) || epoch < 0 || !Number.isInteger(batch) || batch < 0 || batch > this.length) {
      throw new RangeError(
        `DataLoader: state { epoch: ${epoch}, batch: ${batch} } came, expected batch 0 to ${this.length} of an epoch`,
      );
    }
    this.#running = undefined;
    this.#next = { epoch, batch };
  }

  /** One epoch. Each turn's tensors end with it, but for those that are kept; `await` in the body is an error. */
  [Symbol.iterator](): IterableIterator<Batch<S, D>, undefined> {
    return turns("a DataLoader", this.#epoch());
  }

  /** One epoch whose body may await; each batch ends with its turn, and what the body makes is the body's to release. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Batch<S, D>, undefined> {
    return asyncTurns("a DataLoader", this.#epoch());
  }

  /** The order of an epoch's examples: its place in the random sequence is the epoch's, so any can be had at once. */
  order(epoch: number): Int32Array<ArrayBuffer> {
    const count = this.dataset.length;
    if (!this.shuffle) return Int32Array.from({ length: count }, (_, index) => index);
    const seed = this.#seed ?? BigInt(defaultGenerator().state.seed);
    return new Generator(seed, ORDER_STREAM, epoch * Math.ceil(count / 4) * 4).permutation(count);
  }

  *#epoch(): Generator_<Batch<S, D>> {
    const { epoch, batch } = this.#next;
    this.#next = { epoch: epoch + 1, batch: 0 };
    const order = this.order(epoch);
    const running = { epoch, batch };
    this.#running = running;
    try {
      while (running.batch < this.length) {
        const start = running.batch++ * this.batchSize;
        const indices = order.slice(start, start + this.batchSize);
        yield { ...this.dataset.batch(indices), indices };
      }
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }
}

// The language's generators share their name with the source of random numbers.
type Generator_<T> = globalThis.Generator<T, undefined>;
