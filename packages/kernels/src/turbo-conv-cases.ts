// Turbo's self-check of convolutions: their results in whole numbers, by plain loops.
//
// Winograd's transforms divide by 6 and 24, which f32 holds only nearly: its results are whole but for rounding.
import type { Bindings } from "./bindings.ts";

/** What a case needs of the memory: handles of filled and of empty buffers. */
export interface Buffers {
  filled(values: Float32Array): number;
  empty(length: number): number;
}

export interface ConvCase {
  readonly name: string;
  readonly run: () => void;
  readonly result: number;
  readonly expected: Float32Array;
  readonly within: number;
}

interface Layer {
  readonly name: string;
  readonly side: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly groups: number;
  readonly direct: boolean;
}

const BATCH = 2;
/** Its rounding on numbers of this size is some 1e-5; a wrong lane is off by a whole number. */
const WINOGRAD_WITHIN = 1e-3;

/** One of each algorithm; sides that fill whole tiles and end inside one. */
const LAYERS: readonly Layer[] = [
  { name: "winograd", side: 10, inputs: 8, outputs: 16, kernel: 3, groups: 1, direct: false },
  { name: "implicit GEMM", side: 10, inputs: 8, outputs: 16, kernel: 3, groups: 1, direct: true },
  { name: "direct", side: 10, inputs: 3, outputs: 24, kernel: 3, groups: 1, direct: true },
  { name: "depthwise", side: 10, inputs: 16, outputs: 16, kernel: 3, groups: 16, direct: true },
];

export function convCases(kernels: Bindings, buffers: Buffers): ConvCase[] {
  return LAYERS.flatMap((layer) => casesOf(layer, kernels, buffers));
}

function casesOf(layer: Layer, kernels: Bindings, { filled, empty }: Buffers): ConvCase[] {
  const { name, side, inputs, outputs, kernel, groups, direct } = layer;
  const pad = (kernel - 1) / 2;
  const geometry = [
    ...[BATCH, side, side, inputs, outputs, kernel, kernel, 1, 1],
    ...[pad, pad, pad, pad, 1, 1, groups, Number(direct)],
  ] as unknown as Geometry;
  const x = signs(BATCH * side * side * inputs, 3);
  const dy = signs(BATCH * side * side * outputs, 5);
  const weight = signs(kernel * kernel * (inputs / groups) * outputs, 7);
  const sums = correlate(layer, x, weight, dy);
  const [hx, hweight, hdy] = [filled(x), filled(weight), filled(dy)];
  const [hy, hdx, hdweight] = [empty(sums.y.length), empty(sums.dx.length), empty(sums.dweight.length)];
  const within = direct ? 0 : WINOGRAD_WITHIN;
  return [
    {
      name: `conv2d_forward, ${name}`,
      run: () => kernels.conv2d_forward(...geometry, 0, hx, hweight, 0, hy),
      result: hy,
      expected: sums.y,
      within,
    },
    {
      name: `conv2d_backward_input, ${name}`,
      run: () => kernels.conv2d_backward_input(...geometry, hdy, hweight, hdx),
      result: hdx,
      expected: sums.dx,
      within,
    },
    {
      name: `conv2d_backward_weight, ${name}`,
      run: () => kernels.conv2d_backward_weight(...geometry, hx, hdy, hdweight),
      result: hdweight,
      expected: sums.dweight,
      within,
    },
  ];
}

type Geometry = Parameters<Bindings["conv2d_backward_input"]> extends [...infer G, number, number, number] ? G : never;

/** Mostly 0, and 1 or -1 in no regular order. */
const signs = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => {
    const draw = ((i * 7919 + seed * 104_729) % 8191) % 8;
    return draw === 0 ? 1 : draw === 1 ? -1 : 0;
  });

/** y, dx and dweight by the definition. */
function correlate(
  { side, inputs, outputs, kernel, groups }: Layer,
  x: Float32Array,
  weight: Float32Array,
  dy: Float32Array,
) {
  const [y, dx, dweight] = [new Float32Array(dy.length), new Float32Array(x.length), new Float32Array(weight.length)];
  const [within, out, pad] = [inputs / groups, outputs / groups, (kernel - 1) / 2];
  for (let n = 0; n < BATCH; n++) {
    for (let place = 0; place < side * side; place++) {
      for (let tap = 0; tap < kernel * kernel; tap++) {
        const row = Math.floor(place / side) + Math.floor(tap / kernel) - pad;
        const col = (place % side) + (tap % kernel) - pad;
        if (row < 0 || row >= side || col < 0 || col >= side) continue;
        for (let o = 0; o < outputs; o++) {
          const to = (n * side * side + place) * outputs + o;
          for (let i = 0; i < within; i++) {
            const from = ((n * side + row) * side + col) * inputs + Math.floor(o / out) * within + i;
            const at = (tap * within + i) * outputs + o;
            y[to]! += x[from]! * weight[at]!;
            dx[from]! += dy[to]! * weight[at]!;
            dweight[at]! += x[from]! * dy[to]!;
          }
        }
      }
    }
  }
  return { y, dx, dweight };
}
