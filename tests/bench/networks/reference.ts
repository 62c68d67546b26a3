// A network's logits for one example in plain f64, by the definitions: what every library's result is held against.
import { type Layer, type Network, normEps, type Of } from "./network.ts";

/** Rows, columns and channels, channels last; a vector has one row and one column. */
interface Picture {
  readonly rows: number;
  readonly cols: number;
  readonly channels: number;
  readonly data: Float64Array;
}

export function referenceLogits({ input, layers }: Network, example: ArrayLike<number>): Float64Array {
  const [rows, cols, channels] = input.length === 1 ? [1, 1, input[0]] : input;
  let picture: Picture = { rows, cols, channels, data: Float64Array.from(example) };
  for (const layer of layers) picture = through(layer, picture);
  return picture.data;
}

function through(layer: Layer, x: Picture): Picture {
  switch (layer.kind) {
    case "linear":
      return linear(layer, x);
    case "conv":
      return conv(layer, x);
    case "norm":
      return norm(layer, x);
    case "maxPool":
      return maxPool(layer.size, x);
    case "relu":
      return { ...x, data: x.data.map((value) => Math.max(value, 0)) };
    case "gelu":
      return { ...x, data: x.data.map((value) => 0.5 * value * (1 + erf(value / Math.SQRT2))) };
    case "scale":
      return { ...x, data: x.data.map((value) => value * layer.factor) };
    case "flatten":
      return flatten(x);
  }
}

function linear({ inputs, outputs, weight, bias }: Of<"linear">, { data }: Picture): Picture {
  const result = new Float64Array(outputs);
  for (let to = 0; to < outputs; to++) {
    let sum = bias?.[to] ?? 0;
    for (let from = 0; from < inputs; from++) sum += weight[to * inputs + from]! * data[from]!;
    result[to] = sum;
  }
  return { rows: 1, cols: 1, channels: outputs, data: result };
}

function conv({ inputs, outputs, kernel, padding, weight, bias }: Of<"conv">, x: Picture): Picture {
  const [rows, cols] = [x.rows + 2 * padding - kernel + 1, x.cols + 2 * padding - kernel + 1];
  const data = new Float64Array(rows * cols * outputs);
  const add = (row: number, col: number, tapRow: number, tapCol: number): void => {
    const [fromRow, fromCol] = [row + tapRow - padding, col + tapCol - padding];
    if (fromRow < 0 || fromRow >= x.rows || fromCol < 0 || fromCol >= x.cols) return;
    const at = (fromRow * x.cols + fromCol) * inputs;
    for (let to = 0; to < outputs; to++) {
      let sum = 0;
      for (let from = 0; from < inputs; from++) {
        sum += x.data[at + from]! * weight[((to * inputs + from) * kernel + tapRow) * kernel + tapCol]!;
      }
      data[(row * cols + col) * outputs + to]! += sum;
    }
  };
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      if (bias !== null) data.set(bias, (row * cols + col) * outputs);
      for (let tap = 0; tap < kernel ** 2; tap++) add(row, col, Math.floor(tap / kernel), tap % kernel);
    }
  }
  return { rows, cols, channels: outputs, data };
}

function norm({ channels, weight, bias, mean, variance }: Of<"norm">, x: Picture): Picture {
  const data = x.data.map((value, at) => {
    const channel = at % channels;
    return ((value - mean[channel]!) / Math.sqrt(variance[channel]! + normEps)) * weight[channel]! + bias[channel]!;
  });
  return { ...x, data };
}

/** Windows of `size` side by side; what is left over at the end is dropped. */
function maxPool(size: number, x: Picture): Picture {
  const [rows, cols] = [Math.floor(x.rows / size), Math.floor(x.cols / size)];
  const data = new Float64Array(rows * cols * x.channels).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rows * size; row++) {
    for (let col = 0; col < cols * size; col++) {
      for (let channel = 0; channel < x.channels; channel++) {
        const to = (Math.floor(row / size) * cols + Math.floor(col / size)) * x.channels + channel;
        data[to] = Math.max(data[to]!, x.data[(row * x.cols + col) * x.channels + channel]!);
      }
    }
  }
  return { rows, cols, channels: x.channels, data };
}

/** Channels first, as PyTorch flattens. */
function flatten({ rows, cols, channels, data }: Picture): Picture {
  const places = rows * cols;
  const result = data.map((_, at) => data[(at % places) * channels + Math.floor(at / places)]!);
  return { rows: 1, cols: 1, channels: places * channels, data: result };
}

/** By its Taylor series near 0 and the continued fraction of erfc beyond; both are exact to 1e-12 here. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size > 2.5) {
    let fraction = 0;
    for (let k = 80; k >= 1; k--) fraction = k / 2 / (size + fraction);
    return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction)));
  }
  let [term, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
