// Batch normalization as layers; the last axis holds the channels.

import {
  batchNorm,
  formatShape,
  full,
  keep,
  type Mismatch,
  type NormActivation,
  type RunningStatistics,
  type SameSize,
  type Shape,
  ShapeError,
  type Tensor,
  zeros,
} from "@lanewise/tensor";
import { type FloatStateArray, Module, parameter, plainEntry, type StateEntry } from "./module.ts";
import type { Apply, Fits, Rule } from "./rule.ts";

export interface BatchNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** The share of a batch in the running statistics; null: their plain average over all batches. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether there is a weight and a bias for each channel; default true. One whose `requiresGrad` is false stays fixed. */
  readonly affine?: boolean;
  /** Whether running statistics are kept, for evaluation; without them the batch's own are used there too. Default true. */
  readonly trackRunningStats?: boolean;
}

/** The last of `Rank` axes must be `C`; the shape stays. */
export interface ChannelsRule<C extends number, Domain extends Shape> extends Rule {
  readonly out: this["in"] extends infer S extends Shape ? S : Shape;
  readonly fits: number[] extends this["in"]
    ? unknown
    : this["in"] extends readonly [number, ...Shape, infer Last extends number]
      ? SameSize<Last, C> extends true
        ? unknown
        : Mismatch<"the last size must be the layer's number of channels", C, Last>
      : Mismatch<"at least two axes, channels last", Domain, this["in"]>;
  readonly domain: Domain;
}

interface Running<C extends number> extends RunningStatistics<C> {
  batches: bigint;
}

abstract class BatchNorm<C extends number, Domain extends Shape> extends Module<ChannelsRule<C, Domain>> {
  readonly channels: C;
  readonly weight: Tensor<readonly [C]> | null;
  readonly bias: Tensor<readonly [C]> | null;
  readonly eps: number;
  readonly momentum: number | null;
  readonly #running: Running<C> | null;
  /** The shapes that it takes, in words, by their number of axes. */
  protected abstract readonly takes: Readonly<Record<number, string>>;

  constructor(kind: string, channels: C, options: BatchNormOptions) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    if (!Number.isInteger(channels) || channels < 1)
      throw new RangeError(`${kind}: ${channels} channels came, expected a whole number from 1`);
    if (!(eps >= 0)) throw new RangeError(`${kind}: eps ${eps} came, expected a number from 0`);
    if (momentum !== null && !(momentum >= 0 && momentum <= 1))
      throw new RangeError(`${kind}: momentum ${momentum} came, expected 0 to 1, or null for the plain average`);
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
    const shape = [channels] as const;
    this.weight = affine ? parameter(full(shape, 1)) : null;
    this.bias = affine ? parameter(zeros(shape)) : null;
    this.#running = trackRunningStats
      ? { mean: keep(zeros(shape)), variance: keep(full(shape, 1)), batches: 0n }
      : null;
  }

  /** The mean of each channel over past batches; null where they are not kept. */
  get runningMean(): Tensor<readonly [C]> | null {
    return this.#running?.mean ?? null;
  }

  /** The unbiased variance of each channel over past batches; null where they are not kept. */
  get runningVariance(): Tensor<readonly [C]> | null {
    return this.#running?.variance ?? null;
  }

  forward<S extends Shape>(x: Tensor<S & Fits<ChannelsRule<C, Domain>, S>>): Tensor<Apply<ChannelsRule<C, Domain>, S>> {
    return this.forwardThrough(x as Tensor, "none") as Tensor<Apply<ChannelsRule<C, Domain>, S>>;
  }

  /** @internal With an activation in the same kernel. */
  forwardThrough(x: Tensor, activation: NormActivation): Tensor {
    const { training, weight, bias, eps } = this;
    this.#check(x.shape);
    const affine = weight === null || bias === null ? null : { weight, bias };
    const running = this.#running;
    if (training && running !== null) running.batches += 1n;
    const momentum = this.momentum ?? 1 / Number(running?.batches ?? 1n);
    return batchNorm<Shape, C>(x, {
      running,
      affine,
      training,
      momentum,
      eps,
      activation,
    });
  }

  #check(shape: Shape): void {
    const { channels, takes } = this;
    if (takes[shape.length] === undefined || shape.at(-1) !== channels) {
      const expected = Object.values(takes).join(" or ").replaceAll("C", String(channels));
      throw new ShapeError(this.kind, `an input of shape ${formatShape(shape)} came, expected ${expected}`);
    }
    const values = shape.slice(0, -1).reduce((product, length) => product * length, 1);
    if (values === 1 && (this.training || this.#running === null)) {
      throw new ShapeError(
        this.kind,
        `an input of shape ${formatShape(shape)} came for training, expected more than 1 value a channel: one value has ` +
          "no variance. Use a larger batch, or eval() for single examples",
      );
    }
  }

  override ownParameters(): readonly (readonly [string, Tensor])[] {
    const { weight, bias } = this;
    if (weight === null || bias === null) return [];
    return [
      ["weight", weight as unknown as Tensor],
      ["bias", bias as unknown as Tensor],
    ];
  }

  override ownState(): readonly (readonly [string, StateEntry])[] {
    const own = this.ownParameters().map(([name, tensor]) => [name, plainEntry(tensor)] as const);
    const running = this.#running;
    if (running === null) return own;
    return [
      ...own,
      ["running_mean", plainEntry(running.mean as unknown as Tensor)],
      ["running_var", { ...plainEntry(running.variance as unknown as Tensor), problem: negativeVariance }],
      ["num_batches_tracked", counterEntry(running)],
    ];
  }
}

/** What is wrong with a variance, if anything. */
function negativeVariance({ data }: FloatStateArray): string | null {
  const channel = data.findIndex((variance) => !(variance >= 0));
  return channel < 0 ? null : `${data[channel]} at channel ${channel} came, expected variances from 0`;
}

function counterEntry(running: Running<number>): StateEntry {
  return {
    read: () => ({ dtype: "i64", shape: [], data: BigInt64Array.of(running.batches) }),
    write: ({ data }) => {
      running.batches = BigInt(data[0]!);
    },
  };
}

/** Batch normalization of rows [N, C], or of sequences [N, L, C], over all axes but the last. */
export class BatchNorm1d<const C extends number> extends BatchNorm<C, readonly [number, C]> {
  readonly kind = "BatchNorm1d";
  protected readonly takes = { 2: "[N, C]", 3: "[N, L, C]" };

  constructor(channels: C, options: BatchNormOptions = {}) {
    super("BatchNorm1d", channels, options);
  }
}

/** Batch normalization of images [N, H, W, C] over all axes but the last. */
export class BatchNorm2d<const C extends number> extends BatchNorm<C, readonly [number, number, number, C]> {
  readonly kind = "BatchNorm2d";
  protected readonly takes = { 4: "[N, H, W, C]" };

  constructor(channels: C, options: BatchNormOptions = {}) {
    super("BatchNorm2d", channels, options);
  }
}
