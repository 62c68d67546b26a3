// Batch normalization over the last axis, with the activation behind it in the same kernels.

import type { Kernels } from "@lanewise/kernels";
import { kernels } from "@lanewise/kernels";
import { apply, opRecord } from "../define-op.ts";
import { ShapeError } from "../errors.ts";
import { activationCode, type FusedActivation } from "../fused-activation.ts";
import { formatShape, type Shape } from "../shape.ts";
import type { Mismatch, SameSize } from "../shape-rules.ts";
import { livingValue, Tensor } from "../tensor.ts";
import { Value, withTemporary } from "../value.ts";

/** What a normalization can end in: its gradient is worked out anew from x, so GELU is among them. */
export type NormActivation = FusedActivation | "gelu";

const codeOf = (activation: NormActivation): number => (activation === "gelu" ? 4 : activationCode(activation));

/** Mean and variance of each channel over many batches. */
export interface RunningStatistics<C extends number = number> {
  readonly mean: Tensor<readonly [C]>;
  readonly variance: Tensor<readonly [C]>;
}

/** A factor and a summand for each channel. */
export interface Affine<C extends number = number> {
  readonly weight: Tensor<readonly [C]>;
  readonly bias: Tensor<readonly [C]>;
}

export interface BatchNormOptions<C extends number = number> {
  /** Used in evaluation, moved in training; none: the batch's own are used in both. */
  readonly running?: RunningStatistics<C> | null;
  /** Weight and bias; none: 1 and 0. */
  readonly affine?: Affine<C> | null;
  /** Normalizes by the batch's own statistics and moves the running ones; default false. */
  readonly training?: boolean;
  /** The share that a batch has in the running statistics; default 0.1. */
  readonly momentum?: number;
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** Applied to the result in the same pass; default "none". */
  readonly activation?: NormActivation;
}

interface Settings {
  readonly eps: number;
  readonly activation: NormActivation;
  /** Whether mean and variance were computed from x and have a share in its gradient. */
  readonly ofBatch: boolean;
}

type Names = "x" | "mean" | "variance" | "weight" | "bias";

const batchNormRecord = opRecord<Names, never, Settings>({
  name: "batchNorm",
  inputs: ["x", "mean", "variance", "weight", "bias"],
  forward: (k, { x, mean, variance, weight, bias, y, options }) =>
    k.batch_norm_forward(
      ...sizesOf(x, mean),
      options.eps,
      codeOf(options.activation),
      came(weight),
      x.handle,
      mean.handle,
      variance.handle,
      handleOf(weight),
      handleOf(bias),
      y.handle,
    ),
  // Both sums over the rows are read by all three gradients.
  together: ({ activation }) => ({
    needs: ["x", "mean", "variance", "weight", ...(activation === "none" ? [] : (["bias"] as const))],
    gradients: (k, { x, mean, variance, weight, bias, dy, options }, wanted) =>
      withTemporary(mean.shape, (unwanted) =>
        withTemporary(mean.shape, (unwantedToo) =>
          k.batch_norm_backward(
            ...sizesOf(x, mean),
            options.eps,
            codeOf(options.activation),
            came(weight),
            options.ofBatch,
            wanted.x !== undefined,
            x.handle,
            mean.handle,
            variance.handle,
            handleOf(weight),
            // Without an activation the bias is not saved, and its place is taken by anything as long.
            handleOf(bias) || (came(weight) ? weight.handle : 0),
            dy.handle,
            wanted.x?.handle ?? 0,
            (wanted.weight ?? unwanted).handle,
            (wanted.bias ?? unwantedToo).handle,
          ),
        ),
      ),
  }),
  backward: { x: "together", weight: "together", bias: "together" },
});

/** An optional input that did not come is not in the context, whatever its type says. */
const came = (value: Value | undefined): boolean => value !== undefined;
const handleOf = (value: Value | undefined): number => value?.handle ?? 0;

function sizesOf(x: Value, { size: channels }: Value): [rows: number, channels: number] {
  return [x.size / channels, channels];
}

type ChannelsFit<S extends Shape, C extends number> = number extends S["length"]
  ? unknown
  : S extends readonly [number, ...Shape, infer Last extends number]
    ? SameSize<Last, C> extends true
      ? unknown
      : Mismatch<"the last size must be the number of channels", C, Last>
    : Mismatch<"at least two axes, channels last", readonly [number, C], S>;

/**
 * activation((x − mean) / √(variance + eps) · weight + bias) for each channel, channels being the last axis: [N, C] or
 * [N, H, W, C] (S. Ioffe and C. Szegedy, arXiv 1502.03167).
 *
 * In training mean and variance are the batch's, over all axes but the last, and the running ones move by `momentum`
 * toward them: as in PyTorch by the unbiased variance, whereas the normalization divides by the biased one. One value a
 * channel has no variance and is an error in training. An empty batch moves nothing.
 */
export function batchNorm<S extends Shape, C extends number>(
  x: Tensor<S & ChannelsFit<S, C>>,
  options: BatchNormOptions<C> = {},
): Tensor<S> {
  const { running = null, affine = null, training = false, momentum = 0.1, eps = 1e-5, activation = "none" } = options;
  const input = x as Tensor;
  const ofBatch = training || running === null;
  const channels = input.shape.at(-1) ?? 0;
  checkSizes(input.shape, channels, running, affine);
  const made = ofBatch ? batchStatistics(input, channels) : null;
  try {
    const { mean, variance } = (made ?? running) as RunningStatistics;
    const inputs = [input, mean, variance, ...(affine === null ? [] : [affine.weight, affine.bias])];
    const y = apply(batchNormRecord, inputs as readonly Tensor[], input.shape, { eps, activation, ofBatch });
    if (training && running !== null && input.size > 0) {
      moveRunning(input.size / channels, momentum, mean, variance, running);
    }
    return y as Tensor<S>;
  } finally {
    made?.mean.release();
    made?.variance.release();
  }
}

function checkSizes(shape: Shape, channels: number, running: RunningStatistics | null, affine: Affine | null): void {
  if (shape.length < 2 || channels === 0) {
    throw new ShapeError(
      "batchNorm",
      `an input of shape ${formatShape(shape)} came, expected [N, C] or [N, H, W, C] with channels in the last axis`,
    );
  }
  const { mean, variance } = running ?? {};
  const { weight, bias } = affine ?? {};
  for (const [name, each] of Object.entries({ mean, variance, weight, bias })) {
    if (each === undefined) continue;
    if (each.shape.length === 1 && each.shape[0] === channels) continue;
    throw new ShapeError(
      "batchNorm",
      `an input of shape ${formatShape(shape)} and ${name} of shape ${formatShape(each.shape)} came, ` +
        `expected one number for each of the input's ${channels} channels (its last axis)`,
    );
  }
}

/** The batch's own mean and biased variance; the caller releases them. */
function batchStatistics(x: Tensor, channels: number): RunningStatistics {
  const rows = x.size / channels;
  if (rows === 1) {
    throw new ShapeError(
      "batchNorm",
      `an input of shape ${formatShape(x.shape)} came for training, expected more than 1 value a channel: one value has ` +
        "no variance. Use a larger batch, or eval() for single examples",
    );
  }
  const value = livingValue(x, "batchNorm");
  const mean = Value.alloc([channels]);
  const variance = Value.alloc([channels]);
  const k: Kernels = kernels();
  if (rows > 0) k.batch_norm_statistics(rows, channels, value.handle, mean.handle, variance.handle);
  return {
    mean: new Tensor(mean, "batchNorm") as Tensor<readonly [number]>,
    variance: new Tensor(variance, "batchNorm") as Tensor<readonly [number]>,
  };
}

function moveRunning(rows: number, momentum: number, mean: Tensor, variance: Tensor, running: RunningStatistics): void {
  const batch = [mean, variance].map((each) => livingValue(each, "batchNorm").handle) as [number, number];
  const moved = [running.mean, running.variance].map((each) => livingValue(each as unknown as Tensor, "batchNorm"));
  const [runningMean, runningVariance] = moved as [Value, Value];
  kernels().batch_norm_track(rows, mean.size, momentum, ...batch, runningMean.handle, runningVariance.handle);
  for (const each of moved) each.storage.version += 1;
}
