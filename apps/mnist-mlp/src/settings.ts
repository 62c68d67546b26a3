// Settings of one network and its training as plain data: what the options give, what the model file and reports keep.
import {
  type Activation,
  heNormalWeightInit,
  Identity,
  MLP,
  ReLU,
  randomNormalWeightInit,
  Sigmoid,
  SoftmaxCrossEntropy,
  Tanh,
  type WeightInit,
  xavierNormalWeightInit,
  zerosBiasInit,
} from "./network/index.ts";
import type { Schedule } from "./training/schedule.ts";

/** The ten digits. */
export const CLASSES = 10;
export const ACTIVATIONS = ["relu", "tanh", "sigmoid", "identity"] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];
export const INITIALIZERS = ["he", "xavier", "standard-normal"] as const;
export type InitializerName = (typeof INITIALIZERS)[number];

const newActivation: { readonly [N in ActivationName]: () => Activation } = {
  relu: () => new ReLU(),
  tanh: () => new Tanh(),
  sigmoid: () => new Sigmoid(),
  identity: () => new Identity(),
};

const initializers: { readonly [N in InitializerName]: WeightInit } = {
  he: heNormalWeightInit,
  xavier: xavierNormalWeightInit,
  "standard-normal": randomNormalWeightInit,
};

export interface Settings {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly init: InitializerName;
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly schedule: Schedule;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly seed: number;
}

const KEYS = [
  "hidden",
  "activation",
  "init",
  "epochs",
  "batchSize",
  "lr",
  "schedule",
  "momentum",
  "weightDecay",
  "labelSmoothing",
  "seed",
] as const satisfies readonly (keyof Settings)[];

/** The settings among the options. */
export function settingsOf(given: Settings): Settings {
  return Object.fromEntries(KEYS.map((key) => [key, given[key]])) as unknown as Settings;
}

/** The network of the settings, its weights drawn from the default generator. */
export function buildNetwork(settings: Settings, inputSize: number, outputSize: number): MLP {
  const { hidden, activation, init, lr, momentum, weightDecay, labelSmoothing } = settings;
  return new MLP({
    inputSize,
    outputSize,
    hiddens: hidden,
    activations: [...hidden.map(() => newActivation[activation]()), new Identity()],
    weightInitFn: initializers[init],
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy({ labelSmoothing }),
    lr,
    momentum,
    weightDecay,
  });
}

/** `784-512-256-10`. */
export function architecture({ hidden }: Pick<Settings, "hidden">, inputSize = 784, outputSize = 10): string {
  return [inputSize, ...hidden, outputSize].join("-");
}
