// Convolution's shape rule: options become numbers, sizes are checked, and one list of numbers goes to the kernels.

import { ShapeError, where } from "../../errors.ts";
import { checkShape, formatShape, type Shape } from "../../shape.ts";
import type { Mismatch, SameSize } from "../../shape-rules.ts";
import { checkPadding, type Padding, type Pair, pairOf, placeWindows } from "../../windows.ts";

/** How a convolution moves over its images. `G`, the groups, is a type so that channels can be checked when compiling. */
export interface Conv2dOptions<G extends number = number> {
  /** Steps between windows; 1 where not given. */
  readonly stride?: Pair;
  /** Zeros around the images; none where not given. */
  readonly padding?: Padding;
  /** Steps between a window's cells; 1 where not given. */
  readonly dilation?: Pair;
  /** Into how many groups channels are divided, each with filters of its own; 1 where not given. */
  readonly groups?: G;
  /**
   * "auto", where not given, takes the fastest by the shapes, for 3x3 at stride 1 Winograd's F(4x4, 3x3) where a batch gives
   * 100 pixels of results or more: its error stays below 1e-4 · max|x| · Σ|w|, and a NaN or infinity spreads over its tile of
   * 4x4 results. "direct" never does that: its error stays below 5e-6 · Σ|x·w|, a NaN reaches what its windows reach, and an
   * image's result does not depend on how many others are in its batch.
   */
  readonly algorithm?: "auto" | "direct";
}

/** Options that were checked as far as they can be without shapes. */
export interface ConvSettings {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
  readonly groups: number;
  readonly direct: boolean;
}

/** @internal Checks options and fills in what was not given. */
export function convSettings(op: string, options: Conv2dOptions): ConvSettings {
  const { padding = 0, groups = 1, algorithm = "auto" } = options;
  const stride = pairOf(op, "stride", options.stride ?? 1, 1);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1, 1);
  checkPadding(op, padding, stride);
  if (!Number.isInteger(groups) || groups < 1)
    throw new RangeError(`${op}${where()}: groups ${groups} came, expected a whole number from 1`);
  if (algorithm !== "auto" && algorithm !== "direct")
    throw new RangeError(`${op}${where()}: algorithm "${algorithm as string}" came, expected "auto" or "direct"`);
  return { stride, dilation, padding, groups, direct: algorithm === "direct" };
}

/** A convolution in numbers, in the order in which the kernels take them. */
export type Geometry = readonly [
  batch: number,
  height: number,
  width: number,
  inChannels: number,
  outChannels: number,
  kernelHeight: number,
  kernelWidth: number,
  strideHeight: number,
  strideWidth: number,
  padTop: number,
  padLeft: number,
  padBottom: number,
  padRight: number,
  dilationHeight: number,
  dilationWidth: number,
  groups: number,
  direct: number,
];

/** The shape of the result, and the numbers. */
export interface Convolution {
  readonly shape: readonly [number, number, number, number];
  readonly geometry: Geometry;
}

/** x [N, H, W, C], weight [KH, KW, C / groups, Out], bias [Out] or none. */
export function convolution(
  op: string,
  x: Shape,
  weight: Shape,
  bias: Shape | null,
  settings: ConvSettings,
): Convolution {
  checkChannels(op, x, weight, bias, settings.groups);
  const [batch, height, width, inChannels] = x as readonly [number, number, number, number];
  const [kernelHeight, kernelWidth, , outChannels] = weight as readonly [number, number, number, number];
  const { stride, dilation, padding, groups, direct } = settings;
  const { rows, cols, sides } = placeWindows(op, x, { kernel: [kernelHeight, kernelWidth], stride, dilation, padding });
  const shape = [batch, rows, cols, outChannels] as const;
  checkShape(op, shape);
  const { top, bottom, left, right } = sides;
  const images = [batch, height, width, inChannels, outChannels, kernelHeight, kernelWidth] as const;
  const geometry = [...images, ...stride, top, left, bottom, right, ...dilation, groups, direct ? 1 : 0] as const;
  return { shape, geometry };
}

function checkChannels(op: string, x: Shape, weight: Shape, bias: Shape | null, groups: number): void {
  const came = `an input of shape ${formatShape(x)} and a weight of shape ${formatShape(weight)} came`;
  if (x.length !== 4 || weight.length !== 4) {
    const hint = x.length === 3 ? "; a single image is a batch of one: reshape it to [1, H, W, C]" : "";
    throw new ShapeError(op, `${came}, expected [N, H, W, C] and [KH, KW, C / groups, out channels]${hint}`);
  }
  const [channels, perGroup, outputs] = [x[3]!, weight[2]!, weight[3]!];
  if (perGroup < 1 || outputs < 1) throw new ShapeError(op, `${came}, expected at least one channel in and out`);
  if (channels !== perGroup * groups) {
    const expected =
      groups === 1 ? `${perGroup} channels` : `${perGroup * groups} channels, ${groups} groups of ${perGroup}`;
    const order = x[1] === perGroup * groups ? "; images are [N, H, W, C] here, not [N, C, H, W]" : "";
    throw new ShapeError(op, `${came}, expected an input of ${expected}${order}`);
  }
  if (outputs % groups !== 0)
    throw new ShapeError(op, `${came}, expected a number of out channels that ${groups} groups divide`);
  if (bias !== null && (bias.length !== 1 || bias[0] !== outputs))
    throw new ShapeError(op, `a bias of shape ${formatShape(bias)} came, expected [${outputs}]`);
}

// ---- the same for the compiler

/** `unknown` where images of shape `S` have the channels that a weight of `In` channels a group takes. */
export type ImagesFit<S extends Shape, In extends number, G extends number> = number extends S["length"]
  ? unknown
  : S extends readonly [number, number, number, infer C extends number]
    ? G extends 1
      ? SameSize<C, In> extends true
        ? unknown
        : Mismatch<"the images must have the weight's channels", In, C>
      : unknown
    : Mismatch<"images [N, H, W, C]", readonly [number, number, number, In], S>;

/** Images of as many channels as there are filters. */
export type Filtered<S extends Shape, Out extends number> = S extends readonly [infer N extends number, ...Shape]
  ? [N, number, number, Out]
  : [number, number, number, Out];
