// The two models of this project as plain layers with weights in PyTorch's layouts: what every library builds them from.

export type Layer =
  | {
      readonly kind: "linear";
      readonly inputs: number;
      readonly outputs: number;
      /** [outputs, inputs]. */
      readonly weight: Float32Array<ArrayBuffer>;
      readonly bias: Float32Array<ArrayBuffer> | null;
    }
  | {
      readonly kind: "conv";
      readonly inputs: number;
      readonly outputs: number;
      readonly kernel: number;
      readonly padding: number;
      /** [outputs, inputs, kernel, kernel]. */
      readonly weight: Float32Array<ArrayBuffer>;
      readonly bias: Float32Array<ArrayBuffer> | null;
    }
  | {
      /** Batch norm in evaluation, by the running statistics. */
      readonly kind: "norm";
      readonly channels: number;
      readonly weight: Float32Array<ArrayBuffer>;
      readonly bias: Float32Array<ArrayBuffer>;
      readonly mean: Float32Array<ArrayBuffer>;
      readonly variance: Float32Array<ArrayBuffer>;
    }
  | { readonly kind: "maxPool"; readonly size: number }
  | { readonly kind: "relu" | "gelu" | "flatten" }
  | { readonly kind: "scale"; readonly factor: number };

export type Of<K extends Layer["kind"]> = Extract<Layer, { readonly kind: K }>;

export interface Network {
  /** Of one example: numbers, or height, width, channels. */
  readonly input: readonly [number] | readonly [number, number, number];
  readonly classes: number;
  readonly layers: readonly Layer[];
}

/** Batch norm's eps in the network for CIFAR-10. */
export const normEps = 1e-12;

type Draw = (length: number, from: number, to: number) => Float32Array<ArrayBuffer>;

/** Uniform numbers, the same ones everywhere: a multiplicative generator is enough. */
function drawing(seed: number): Draw {
  let state = seed;
  return (length, from, to) =>
    Float32Array.from({ length }, () => {
      state = (state * 48271) % 2147483647;
      return from + ((to - from) * state) / 2147483647;
    });
}

/** Weights that neither blow numbers up nor let them fade: a variance of 2 over what is summed. */
function weights(draw: Draw, length: number, summed: number): Float32Array<ArrayBuffer> {
  const most = Math.sqrt(6 / summed);
  return draw(length, -most, most);
}

function linear(draw: Draw, inputs: number, outputs: number, bias: boolean): Of<"linear"> {
  const weight = weights(draw, inputs * outputs, inputs);
  return { kind: "linear", inputs, outputs, weight, bias: bias ? draw(outputs, -0.1, 0.1) : null };
}

interface ConvOptions {
  readonly kernel: number;
  readonly padding: number;
  readonly bias: boolean;
}

function conv(draw: Draw, inputs: number, outputs: number, { kernel, padding, bias }: ConvOptions): Of<"conv"> {
  const weight = weights(draw, outputs * inputs * kernel ** 2, inputs * kernel ** 2);
  return { kind: "conv", inputs, outputs, kernel, padding, weight, bias: bias ? draw(outputs, -0.1, 0.1) : null };
}

function norm(draw: Draw, channels: number): Of<"norm"> {
  const [bias, mean] = [draw(channels, -0.3, 0.3), draw(channels, -0.3, 0.3)];
  return {
    kind: "norm",
    channels,
    weight: new Float32Array(channels).fill(1),
    bias,
    mean,
    variance: draw(channels, 0.5, 1.5),
  };
}

const RELU = { kind: "relu" } as const;
const GELU = { kind: "gelu" } as const;

/** 784-256-128-10 with ReLU. */
function mlp(): Network {
  const draw = drawing(11);
  const layers = [linear(draw, 784, 256, true), RELU, linear(draw, 256, 128, true), RELU, linear(draw, 128, 10, true)];
  return { input: [784], classes: 10, layers };
}

/** Whitened patches, then three groups of two convolutions, of widths 64, 128, 128. */
function cifar(): Network {
  const draw = drawing(13);
  const same = { kernel: 3, padding: 1, bias: false };
  const group = (inputs: number, outputs: number): Layer[] => [
    conv(draw, inputs, outputs, same),
    { kind: "maxPool", size: 2 },
    norm(draw, outputs),
    GELU,
    conv(draw, outputs, outputs, same),
    norm(draw, outputs),
    GELU,
  ];
  const layers = [
    conv(draw, 3, 24, { kernel: 2, padding: 0, bias: true }),
    GELU,
    ...group(24, 64),
    ...group(64, 128),
    ...group(128, 128),
    { kind: "maxPool", size: 3 } as const,
    { kind: "flatten" } as const,
    linear(draw, 128, 10, false),
    { kind: "scale", factor: 1 / 9 } as const,
  ];
  return { input: [32, 32, 3], classes: 10, layers };
}

const made = { mlp, cifar };
export type NetworkName = keyof typeof made;
export const networkNames = Object.keys(made) as NetworkName[];

const known = new Map<NetworkName, Network>();

export function networkNamed(name: string): Network {
  if (!Object.hasOwn(made, name))
    throw new Error(`No network is called ${name}; expected one of ${networkNames.join(", ")}.`);
  const key = name as NetworkName;
  const network = known.get(key) ?? made[key]();
  known.set(key, network);
  return network;
}

/** A batch of examples, channels last. */
export function examples({ input }: Network, batch: number): Float32Array<ArrayBuffer> {
  return drawing(17)(batch * sizeOf(input), -1, 1);
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** The number that all libraries must agree on: the last example's logits, each times its place from 1. */
export function checksum(logits: ArrayLike<number>, classes: number): number {
  let sum = 0;
  for (let place = 1; place <= classes; place++) sum += place * logits[logits.length - classes + place - 1]!;
  return sum;
}
