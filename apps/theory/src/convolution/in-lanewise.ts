// The same on Lanewise's kernels in f32: correlation, average pooling, and pooling as a convolution for any channels.
import { avgPool2d, conv2d, Generator, mul, round, scope, type Tensor, tensor } from "lanewise";
import { type Grid, heightOf, type Padding, widthOf } from "./exact.ts";

type Images = Tensor<readonly [number, number, number, number]>;

const imageOf = (grid: Grid): Images =>
  tensor(Float32Array.from(grid.flat(), Number), { shape: [1, heightOf(grid), widthOf(grid), 1] });

/** A filter of one channel as weights [height, width, 1, 1]. */
const weightsOf = (grid: Grid): Images =>
  tensor(Float32Array.from(grid.flat(), Number), { shape: [heightOf(grid), widthOf(grid), 1, 1] });

/** The new map, row by row. */
export function correlateInLanewise(map: Grid, filter: Grid, padding: Padding): number[] {
  return scope(() => [
    ...conv2d(imageOf(map), weightsOf(filter), null, { padding: { ...padding }, algorithm: "direct" }).data(),
  ]);
}

export interface PoolingComparison {
  readonly channels: number;
  readonly images: readonly number[];
  /** The largest difference of an element between average pooling and the convolution with one filter a channel. */
  readonly grouped: number;
  /** The same for the convolution over all channels whose filters are 0 but for their own channel. */
  readonly dense: number;
}

/** Random images of whole numbers with some channels, pooled and convolved, by the kernels that round least. */
export function comparePooling(
  { height, width, pool, stride, seed }: { height: number; width: number; pool: number; stride: number; seed: number },
  channels: number,
): PoolingComparison {
  return scope(() => {
    const images = [2, height, width, channels] as const;
    const x = round(mul(new Generator(seed, channels).normal(images), tensor(8))) as Images;
    const share = 1 / (pool * pool);
    const window = Array.from({ length: pool * pool });
    const one = window.flatMap(() => Array.from({ length: channels }, () => share));
    const own = window.flatMap(() =>
      Array.from({ length: channels * channels }, (_, at) => (at % (channels + 1) === 0 ? share : 0)),
    );
    const grouped = tensor(one, { shape: [pool, pool, 1, channels] });
    const dense = tensor(own, { shape: [pool, pool, channels, channels] });
    const pooled = avgPool2d(x, pool, { stride }).data();
    const furthest = (other: Float32Array) =>
      other.reduce((most, value, at) => Math.max(most, Math.abs(value - pooled[at]!)), 0);
    return {
      channels,
      images,
      grouped: furthest(conv2d(x, grouped, null, { stride, groups: channels, algorithm: "direct" }).data()),
      dense: furthest(conv2d(x, dense, null, { stride, algorithm: "direct" }).data()),
    };
  });
}

/** Average pooling of one map, row by row. */
export function poolInLanewise(map: Grid, pool: number, stride: number): number[] {
  return scope(() => [...avgPool2d(imageOf(map), pool, { stride }).data()]);
}
