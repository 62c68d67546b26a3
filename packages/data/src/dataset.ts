// Dataset: labelled examples as they came, with their origin. Pixels stay bytes, a quarter of the memory of f32; a kernel
// turns those of one batch into numbers, which took 4 us an image in JavaScript, a fifth of a small network's time. Or a
// batch is the bytes themselves, for augmentation kernels; it is then gathered here, and the kernels' memory holds it alone.
import { byteRows, keep, type Shape, Tensor, Value } from "@lanewise/tensor";
import { type CheckReport, checkDataset } from "./check.ts";
import { type SplitOptions, splitIndices } from "./split.ts";

/** What the examples of a batch are: numbers, or bytes as they came. */
export type ExampleType = "f32" | "u8";

/** What a dataset is made of. */
export interface DatasetParts<S extends Shape, D extends ExampleType = "f32"> {
  /** The shape of one example. */
  shape: S;
  /** All elements, example after example. */
  raw: Uint8Array | Float32Array;
  /** The class of each example. */
  labels: Int32Array;
  /** The type of x (default f32); u8 leaves bytes as they are. */
  dtype?: D;
  /** For bytes that become f32: x is raw / divisor (default 1); 255 makes it 0 to 1. */
  divisor?: number;
  /** What the classes are called, by label. */
  classNames?: readonly string[];
  /** Where the data came from, in words that a report can print. */
  source: string;
  /** SHA-256 of the data that this was taken from. */
  sha256: string;
  /** True for the sample that stands in where the whole data set can't be had. */
  isSample?: boolean;
}

export class Dataset<S extends Shape = Shape, D extends ExampleType = "f32"> {
  readonly shape: S;
  readonly dtype: D;
  readonly raw: Uint8Array | Float32Array;
  readonly labels: Int32Array;
  readonly divisor: number;
  /** What the classes are called, by label; empty where they have no names. */
  readonly classNames: readonly string[];
  readonly source: string;
  /** SHA-256 over the raw elements and then the labels as i32, of the whole data that this was taken from. */
  readonly sha256: string;
  readonly isSample: boolean;
  /** The number of examples. */
  readonly length: number;
  readonly #exampleSize: number;
  #stored: Tensor<readonly [number, ...S], "u8"> | undefined;
  #x: Tensor<readonly [number, ...S], D> | undefined;
  #y: Tensor<readonly [number], "i32"> | undefined;

  constructor(parts: DatasetParts<S, D>) {
    this.shape = parts.shape;
    this.dtype = parts.dtype ?? ("f32" as D);
    this.raw = parts.raw;
    this.labels = parts.labels;
    this.divisor = parts.divisor ?? 1;
    this.classNames = parts.classNames ?? [];
    this.source = parts.source;
    this.sha256 = parts.sha256;
    this.isSample = parts.isSample ?? false;
    this.length = parts.labels.length;
    this.#exampleSize = parts.shape.reduce((product, size) => product * size, 1);
    if (parts.raw.length !== this.length * this.#exampleSize) {
      const wanted = `${this.length} x [${parts.shape}] = ${this.length * this.#exampleSize}`;
      throw new RangeError(`Dataset: ${parts.raw.length} elements for ${this.length} labels; expected ${wanted}`);
    }
    if (this.divisor !== 1 && !(parts.raw instanceof Uint8Array)) {
      throw new TypeError("Dataset: divisor is for bytes; divide the f32 elements beforehand");
    }
    if (this.dtype === "u8" && (!(parts.raw instanceof Uint8Array) || this.divisor !== 1)) {
      throw new TypeError("Dataset: dtype u8 wants bytes and no divisor, since it leaves them as they are");
    }
  }

  /** All examples as [N, ...shape]; made at the first use and kept until `release()`. */
  get x(): Tensor<readonly [number, ...S], D> {
    if (this.dtype === "u8") return this.#inKernels(this.raw as Uint8Array) as Tensor<readonly [number, ...S], D>;
    if (this.#x === undefined || this.#x.released) {
      this.#x = keep(this.batch(Int32Array.from({ length: this.length }, (_, i) => i)).x);
    }
    return this.#x;
  }

  /** All labels as i32 [N]; made at the first use and kept until `release()`. */
  get y(): Tensor<readonly [number], "i32"> {
    if (this.#y === undefined || this.#y.released) this.#y = keep(makeTensor([this.length] as const, this.labels));
    return this.#y;
  }

  /** Gives back the memory of the kernels that `x`, `y` and loaders took; it is taken again when they are used. */
  release(): void {
    this.#x?.release();
    this.#y?.release();
    this.#stored?.release();
  }

  /** The number of classes: one more than the largest label. */
  get classes(): number {
    return this.labels.reduce((largest, label) => Math.max(largest, label + 1), 0);
  }

  /** The examples at `indices` as tensors: x [B, ...shape] and y [B]. */
  batch(indices: Int32Array<ArrayBuffer>): {
    x: Tensor<readonly [number, ...S], D>;
    y: Tensor<readonly [number], "i32">;
  } {
    const { raw, labels, divisor } = this;
    const labelsOfBatch = Int32Array.from(indices, (index) => labels[index]!);
    const x =
      this.dtype === "f32" && raw instanceof Uint8Array
        ? byteRows(this.#inKernels(raw), indices, { divisor })
        : makeTensor([indices.length, ...this.shape] as const, this.#rows(indices));
    return { x: x as Tensor<readonly [number, ...S], D>, y: makeTensor([indices.length] as const, labelsOfBatch) };
  }

  /** The examples at `indices`, in that order, as a dataset that remembers where it came from. */
  take(indices: ArrayLike<number>, description = `${indices.length} of its examples`): Dataset<S, D> {
    const raw = this.#rows(indices);
    const labels = Int32Array.from(indices, (index) => this.labels[index]!);
    return new Dataset({ ...this.#parts(), raw, labels, source: `${this.source}; ${description}` });
  }

  /**
   * Two datasets, the second held out for validation: shuffled by the seed, since files are often sorted by class, or
   * with every class in proportion (`stratify`). The same seed always makes the same split.
   */
  split(options: SplitOptions): { train: Dataset<S, D>; validation: Dataset<S, D> } {
    const { train, validation } = splitIndices(this.labels, options);
    const kind = `${options.stratify === true ? "stratified" : "shuffled"} by seed ${options.seed ?? 0}`;
    return {
      train: this.take(train, `${train.length} for training, ${kind}`),
      validation: this.take(validation, `${validation.length} held out, ${kind}`),
    };
  }

  /** Counts what is suspicious: equal examples, equal ones of different class, and those that `against` has too. */
  check(options: { against?: Dataset<Shape, ExampleType> } = {}): CheckReport {
    return checkDataset(this, options.against);
  }

  /** The same examples under another shape of the same size. */
  reshape<const T extends Shape>(shape: T): Dataset<T, D> {
    return new Dataset({ ...this.#parts(), shape });
  }

  #parts(): DatasetParts<S, D> {
    const { shape, raw, labels, dtype, divisor, classNames, source, sha256, isSample } = this;
    return { shape, raw, labels, dtype, divisor, classNames, source, sha256, isSample };
  }

  /** The elements of the examples at `indices`, one after the other. */
  #rows(indices: ArrayLike<number>): Uint8Array | Float32Array {
    const { raw } = this;
    const size = this.#exampleSize;
    const length = indices.length * size;
    const rows = raw instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (!Number.isInteger(index) || index < 0 || index >= this.length) {
        throw new RangeError(`Dataset: index ${index} is not one of the ${this.length} examples`);
      }
      rows.set(raw.subarray(index * size, (index + 1) * size), i * size);
    }
    return rows;
  }

  /** All bytes in the kernels' memory; they are brought there once. */
  #inKernels(raw: Uint8Array): Tensor<readonly [number, ...S], "u8"> {
    if (this.#stored === undefined || this.#stored.released) {
      this.#stored = keep(makeTensor([this.length, ...this.shape] as const, raw));
    }
    return this.#stored;
  }
}

/** A tensor of exactly these elements. */
function makeTensor<const T extends Shape>(shape: T, data: Float32Array): Tensor<T>;
function makeTensor<const T extends Shape>(shape: T, data: Int32Array): Tensor<T, "i32">;
function makeTensor<const T extends Shape>(shape: T, data: Uint8Array): Tensor<T, "u8">;
function makeTensor<const T extends Shape>(shape: T, data: Float32Array | Uint8Array): Tensor<T, "f32" | "u8">;
function makeTensor(shape: Shape, data: Float32Array | Int32Array | Uint8Array): Tensor<Shape, "f32" | "i32" | "u8"> {
  const value = Value.alloc(shape, data instanceof Float32Array ? "f32" : data instanceof Int32Array ? "i32" : "u8");
  value.write(data as Uint8Array<ArrayBuffer>); // copied, whatever memory it lies in
  return new Tensor(value, "dataset");
}
