// Random numbers by a counter: a seed, a stream and a position say all, on every machine the same.
//
// Philox4x32-10: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

import { kernels } from "@lanewise/kernels";
import { checkShape, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import { Value } from "./value.ts";

/** All that a generator is: saved in checkpoints, and enough to go on from there. */
export interface GeneratorState {
  readonly seed: string;
  readonly stream: number;
  readonly position: number;
}

/** The seed as a bigint; throws where the three are no place in the numbers. */
function checkPlace(seed: number | bigint, stream: number, position: number): bigint {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new RangeError(`Generator: seed ${seed} came, expected a whole number from 0 to 2^53 - 1, or a bigint`);
  }
  const whole = BigInt(seed);
  if (whole < 0n || whole >= 1n << 64n) throw new RangeError(`Generator: seed ${seed} came, expected 0 to 2^64 - 1`);
  if (stream !== stream >>> 0)
    throw new RangeError(`Generator: stream ${stream} came, expected a whole number from 0 to 2^32 - 1`);
  if (!(Number.isSafeInteger(position) && position >= 0))
    throw new RangeError(`Generator: position ${position} came, expected a whole number from 0 to 2^53 - 1`);
  return whole;
}

/** A source of random numbers. Generators of one seed and different streams are independent. */
export class Generator {
  #seed: bigint;
  #stream: number;
  #position: number;

  /**
   * @param seed an integer from 0 to 2^64 − 1
   * @param stream an integer from 0 to 2^32 − 1: which of the seed's sequences
   */
  constructor(seed: number | bigint, stream = 0, position = 0) {
    this.#seed = checkPlace(seed, stream, position);
    this.#stream = stream;
    this.#position = position;
  }

  static from(state: GeneratorState): Generator {
    return new Generator(BigInt(state.seed), state.stream, state.position);
  }

  get state(): GeneratorState {
    return { seed: this.#seed.toString(), stream: this.#stream, position: this.#position };
  }

  set state(state: GeneratorState) {
    const { seed, stream, position } = state;
    this.#seed = checkPlace(BigInt(seed), stream, position);
    this.#stream = stream;
    this.#position = position;
  }

  /** Another stream of this seed. */
  stream(stream: number): Generator {
    return new Generator(this.#seed, stream);
  }

  /** Uniform in [low, high). */
  uniform<const S extends Shape>(shape: S, low = 0, high = 1): Tensor<S> {
    return this.#fill("uniform", shape, (place, y) => kernels().random_uniform(y.size, ...place, low, high, y.handle));
  }

  /** Normal with the given mean and standard deviation. */
  normal<const S extends Shape>(shape: S, mean = 0, std = 1): Tensor<S> {
    return this.#fill("normal", shape, (place, y) => kernels().random_normal(y.size, ...place, mean, std, y.handle));
  }

  /** The numbers 0 to n − 1 in random order. */
  permutation(n: number): Int32Array<ArrayBuffer> {
    checkShape("permutation", [n]);
    const y = Value.alloc([n], "i32");
    try {
      // Each key of 64 bits takes two numbers.
      kernels().random_permutation(n, ...this.#take(2 * n), y.handle);
      return y.read() as Int32Array<ArrayBuffer>;
    } finally {
      y.release();
    }
  }

  /** @internal The arguments by which a kernel draws the next `count` numbers: seed (low, high), stream, position. */
  take(count: number): [number, number, number, number] {
    return this.#take(count);
  }

  #fill<S extends Shape>(
    op: string,
    shape: S,
    draw: (place: [number, number, number, number], y: Value) => void,
  ): Tensor<S> {
    checkShape(op, shape);
    const y = Value.alloc(shape);
    draw(this.#take(y.size), y);
    return new Tensor(y, op);
  }

  #take(count: number): [number, number, number, number] {
    const position = this.#position;
    // Whole blocks of four, so that a draw never depends on how the one before was cut.
    this.#position += Math.ceil(count / 4) * 4;
    return [Number(this.#seed & 0xffffffffn), Number(this.#seed >> 32n), this.#stream, position];
  }
}

let shared = new Generator(0);

/** Seeds the generator that initializers, dropout and loaders use where none is given. It starts with seed 0. */
export function manualSeed(seed: number | bigint): Generator {
  shared = new Generator(seed);
  return shared;
}

/** The generator that is used where none is given. */
export function defaultGenerator(): Generator {
  return shared;
}

/** Standard normal numbers from the default generator. */
export function randn<const S extends Shape>(shape: S): Tensor<S> {
  return shared.normal(shape);
}

/** Uniform numbers in [0, 1) from the default generator. */
export function rand<const S extends Shape>(shape: S): Tensor<S> {
  return shared.uniform(shape);
}
