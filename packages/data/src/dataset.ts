// Dataset: labelled examples as they came, with their origin. Pixels stay bytes: a quarter of the memory of f32, and
// turning one batch into numbers costs little beside a training step.
import { keep, type Shape, Tensor, Value } from "@lanewise/tensor";
import { type CheckReport, checkDataset } from "./check.ts";
import { type SplitOptions, splitIndices } from "./split.ts";

/** What a dataset is made of. */
export interface DatasetParts<S extends Shape> {
  /** The shape of one example. */
  shape: S;
  /** All elements, example after example. */
  raw: Uint8Array | Float32Array;
  /** The class of each example. */
  labels: Int32Array;
  /** x is raw / divisor (default 1); 255 turns bytes into 0 to 1. */
  divisor?: number;
  /** Where the data came from, in words that a report can print. */
  source: string;
  /** SHA-256 of the data that this was taken from. */
  sha256: string;
  /** True for the sample that stands in where the whole data set can't be had. */
  isSample?: boolean;
}

export class Dataset<S extends Shape = Shape> {
  readonly shape: S;
  readonly raw: Uint8Array | Float32Array;
  readonly labels: Int32Array;
  readonly divisor: number;
  readonly source: string;
  /** SHA-256 over the raw elements and then the labels as i32, of the whole data that this was taken from. */
  readonly sha256: string;
  readonly isSample: boolean;
  /** The number of examples. */
  readonly length: number;
  readonly #exampleSize: number;
  readonly #byByte: Float32Array | undefined;
  #x: Tensor<readonly [number, ...S]> | undefined;
  #y: Tensor<readonly [number], "i32"> | undefined;

  constructor(parts: DatasetParts<S>) {
    this.shape = parts.shape;
    this.raw = parts.raw;
    this.labels = parts.labels;
    this.divisor = parts.divisor ?? 1;
    this.source = parts.source;
    this.sha256 = parts.sha256;
    this.isSample = parts.isSample ?? false;
    this.length = parts.labels.length;
    this.#exampleSize = parts.shape.reduce((product, size) => product * size, 1);
    if (parts.raw.length !== this.length * this.#exampleSize) {
      const wanted = `${this.length} x [${parts.shape}] = ${this.length * this.#exampleSize}`;
      throw new RangeError(`Dataset: ${parts.raw.length} elements for ${this.length} labels; expected ${wanted}`);
    }
    // k / 255 in f64, rounded to f32, is what a division in f32 gives.
    if (parts.raw instanceof Uint8Array) this.#byByte = Float32Array.from({ length: 256 }, (_, k) => k / this.divisor);
  }

  /** All examples as f32 [N, ...shape]; made at the first use and kept until `release()`. */
  get x(): Tensor<readonly [number, ...S]> {
    if (this.#x === undefined || this.#x.released) {
      const all = new Float32Array(this.raw.length);
      this.copyExamples(this.#everyIndex(), all);
      this.#x = keep(makeTensor([this.length, ...this.shape] as const, all));
    }
    return this.#x;
  }

  /** All labels as i32 [N]; made at the first use and kept until `release()`. */
  get y(): Tensor<readonly [number], "i32"> {
    if (this.#y === undefined || this.#y.released) this.#y = keep(makeTensor([this.length] as const, this.labels));
    return this.#y;
  }

  /** Gives back the memory of `x` and `y`, which can be made again. */
  release(): void {
    this.#x?.release();
    this.#y?.release();
    this.#x = undefined;
    this.#y = undefined;
  }

  /** The number of classes: one more than the largest label. */
  get classes(): number {
    return this.labels.reduce((largest, label) => Math.max(largest, label + 1), 0);
  }

  /** Copies the examples at `indices`, divided by the divisor, one after the other to the beginning of `to`. */
  copyExamples(indices: ArrayLike<number>, to: Float32Array): void {
    const { raw, divisor } = this;
    const size = this.#exampleSize;
    const byByte = this.#byByte;
    let at = 0;
    for (let i = 0; i < indices.length; i++) {
      const from = indices[i]! * size;
      if (byByte !== undefined) {
        for (let k = from; k < from + size; k++) to[at++] = byByte[raw[k]!]!;
      } else {
        for (let k = from; k < from + size; k++) to[at++] = raw[k]! / divisor;
      }
    }
  }

  /** The examples at `indices`, in that order, as a dataset that remembers where it came from. */
  take(indices: ArrayLike<number>, description = `${indices.length} of its examples`): Dataset<S> {
    const size = this.#exampleSize;
    const raw =
      this.raw instanceof Uint8Array ? new Uint8Array(indices.length * size) : new Float32Array(indices.length * size);
    const labels = new Int32Array(indices.length);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (!Number.isInteger(index) || index < 0 || index >= this.length) {
        throw new RangeError(`Dataset.take: index ${index} is not one of the ${this.length} examples`);
      }
      raw.set(this.raw.subarray(index * size, (index + 1) * size), i * size);
      labels[i] = this.labels[index]!;
    }
    return new Dataset({ ...this.#parts(), raw, labels, source: `${this.source}; ${description}` });
  }

  /**
   * Two datasets, the second held out for validation: shuffled by the seed, since files are often sorted by class, or
   * with every class in proportion (`stratify`). The same seed always makes the same split.
   */
  split(options: SplitOptions): { train: Dataset<S>; validation: Dataset<S> } {
    const { train, validation } = splitIndices(this.labels, options);
    const kind = `${options.stratify === true ? "stratified" : "shuffled"} by seed ${options.seed ?? 0}`;
    return {
      train: this.take(train, `${train.length} for training, ${kind}`),
      validation: this.take(validation, `${validation.length} held out, ${kind}`),
    };
  }

  /** Counts what is suspicious: equal examples, equal ones of different class, and those that `against` has too. */
  check(options: { against?: Dataset } = {}): CheckReport {
    return checkDataset(this, options.against);
  }

  /** The same examples under another shape of the same size. */
  reshape<const T extends Shape>(shape: T): Dataset<T> {
    return new Dataset({ ...this.#parts(), shape });
  }

  #parts(): DatasetParts<S> {
    const { shape, raw, labels, divisor, source, sha256, isSample } = this;
    return { shape, raw, labels, divisor, source, sha256, isSample };
  }

  #everyIndex(): Int32Array {
    return Int32Array.from({ length: this.length }, (_, i) => i);
  }
}

/** A tensor of exactly these elements. */
export function makeTensor<const T extends Shape>(shape: T, data: Float32Array): Tensor<T>;
export function makeTensor<const T extends Shape>(shape: T, data: Int32Array): Tensor<T, "i32">;
export function makeTensor(shape: Shape, data: Float32Array | Int32Array): Tensor<Shape, "f32" | "i32"> {
  const value = Value.alloc(shape, data instanceof Float32Array ? "f32" : "i32");
  value.write(data as Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>); // copied, whatever memory it lies in
  return new Tensor(value, "dataset");
}
