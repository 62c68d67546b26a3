// The two networks of the page, built from settings, and recognized again in the arrays of a file.
import type { NamedArrays, PlainArray } from "lanewise/io";
import { Conv2d, Flatten, Linear, MaxPool2d, type Module, ReLU, Sequential, type StateArray } from "lanewise/nn";
import type { TrainingSettings } from "../settings.ts";

export type Network = Sequential<readonly Module[]>;
export type NetworkShape = Pick<TrainingSettings, "network" | "widths">;

/** [N, 784] (an MLP) or [N, 28, 28, 1] (a CNN) to logits [N, 10]; weights are drawn from the default generator. */
export function buildNetwork({ network, widths }: NetworkShape): Network {
  const layers: Module[] = network === "cnn" ? convolutions(widths) : linears(widths);
  return new Sequential(...(layers as readonly Module[]));
}

function linears(widths: readonly number[]): Module[] {
  const sizes = [784, ...widths];
  const hidden = widths.flatMap((size, layer) => [new Linear(sizes[layer]!, size), new ReLU()]);
  return [...hidden, new Linear(sizes.at(-1)!, 10)];
}

function convolutions([first = 0, second = 0]: readonly number[]): Module[] {
  const block = (inputs: number, outputs: number) => [
    new Conv2d(inputs, outputs, 3, { padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
  ];
  return [...block(1, first), ...block(first, second), new Flatten(), new Linear(49 * second, 10)];
}

export interface FoundNetwork extends NetworkShape {
  readonly state: ReadonlyMap<string, StateArray>;
}

/**
 * Which of the page's networks the arrays are of: a state dict as the page writes it, or the weights W1, b1, W2, ... of
 * a model that the MNIST program trained. What is neither is refused in words.
 */
export function recognizeNetwork(arrays: NamedArrays, label: string): FoundNetwork {
  const state = arrays.has("W1") ? fromProgram(arrays, label) : floats(arrays, label);
  const first = state.get("0.weight");
  if (first === undefined) {
    const names = [...arrays.keys()];
    const shown = names.length === 0 ? "nothing" : `${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""}`;
    throw new Error(
      `${label} holds ${shown}. Expected a network of this page (0.weight, 0.bias, 2.weight, …) or of the MNIST program ` +
        "(W1, b1, W2, …).",
    );
  }
  const shape = first.shape.length === 4 ? shapeOfCnn(state, label) : shapeOfMlp(state, label);
  return { ...shape, state };
}

function shapeOfMlp(state: FoundNetwork["state"], label: string): NetworkShape {
  const weights = [...state].filter(([name]) => name.endsWith(".weight")).map(([, { shape }]) => shape);
  let inputs = 784;
  for (const [at, shape] of weights.entries()) {
    const name = `${2 * at}.weight`;
    if (state.get(name)?.shape !== shape)
      throw new Error(`${label}: an MLP's weights are 0, 2, 4, …; ${name} is missing.`);
    if (shape.length !== 2 || shape[1] !== inputs) {
      throw new Error(`${label}: ${name} has shape [${shape.join(", ")}], expected [outputs, ${inputs}].`);
    }
    inputs = shape[0]!;
  }
  if (inputs !== 10)
    throw new Error(`${label}: its last layer has ${inputs} outputs, expected 10, one for each digit.`);
  return { network: "mlp", widths: weights.slice(0, -1).map(([outputs]) => outputs!) };
}

function shapeOfCnn(state: FoundNetwork["state"], label: string): NetworkShape {
  const [first, second] = ["0.weight", "3.weight"].map((name) => state.get(name)?.shape ?? []);
  const fits = (shape: readonly number[], inputs: number) =>
    shape.length === 4 && shape[1] === inputs && shape[2] === 3 && shape[3] === 3;
  if (!fits(first!, 1) || !fits(second!, first![0]!)) {
    const shown = [first!, second!].map((shape) => `[${shape.join(", ")}]`).join(" and ");
    throw new Error(
      `${label}: its convolutions have filters ${shown}, expected [a, 1, 3, 3] and [b, a, 3, 3] as in the page's CNN.`,
    );
  }
  return { network: "cnn", widths: [first![0]!, second![0]!] };
}

/** Arrays as a state dict; f64 as other programs save it becomes f32. */
function floats(arrays: NamedArrays, label: string): Map<string, StateArray> {
  return new Map([...arrays].map(([name, array]) => [name, float(array, `${label}: ${name}`)] as const));
}

function float({ dtype, shape, data }: PlainArray, where: string): StateArray {
  if (dtype === "f32" || dtype === "f64") return checked({ dtype: "f32", shape, data: Float32Array.from(data) }, where);
  throw new Error(`${where} holds ${dtype}, expected numbers of f32 or f64.`);
}

function checked(array: StateArray, where: string): StateArray {
  if ((array.data as Float32Array).every(Number.isFinite)) return array;
  throw new Error(`${where} holds NaN or infinity: the training that made it had gone astray.`);
}

/** The MNIST program's file has W as [inputs, outputs], and says in `config` what lies between the layers. */
function fromProgram(arrays: NamedArrays, label: string): Map<string, StateArray> {
  const config = arrays.get("config");
  const said = config?.dtype === "u8" ? parsed(config.data) : {};
  const { activation = "relu", divisor = 255 } = said as { activation?: unknown; divisor?: unknown };
  if (activation !== "relu" || divisor !== 255) {
    throw new Error(
      `${label}: its network has ${activation} and pixels over ${divisor}; this page knows ReLU and 255 only.`,
    );
  }
  const layers = [...arrays.keys()].filter((name) => /^W\d+$/.test(name)).length;
  const state = new Map<string, StateArray>();
  for (let layer = 0; layer < layers; layer++) {
    const [weight, bias] = [`W${layer + 1}`, `b${layer + 1}`].map((name) => {
      const array = arrays.get(name);
      if (array === undefined) throw new Error(`${label}: ${name} is missing.`);
      return float(array, `${label}: ${name}`);
    });
    state.set(`${2 * layer}.weight`, transposed(weight!, `${label}: W${layer + 1}`));
    state.set(`${2 * layer}.bias`, bias!);
  }
  return state;
}

function transposed({ shape, data }: StateArray, where: string): StateArray {
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2) throw new Error(`${where} has shape [${shape.join(", ")}], expected [inputs, outputs].`);
  const turned = Float32Array.from(data as Float32Array, (_, at) =>
    Number(data[(at % rows) * columns + Math.floor(at / rows)]),
  );
  return { dtype: "f32", shape: [columns, rows], data: turned };
}

function parsed(bytes: ArrayLike<number> & Iterable<number>): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes)));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
