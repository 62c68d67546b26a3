// How weights and biases begin. Random ones come from the library's default generator: `manualSeed` decides them.
import { defaultGenerator, randn, type Tensor, zeros } from "lanewise";

/** Makes the weight [inputSize, outputSize] of a layer. */
export type WeightInit = (inputSize: number, outputSize: number) => Tensor<readonly [number, number]>;
/** Makes the bias [size] of a layer. */
export type BiasInit = (size: number) => Tensor<readonly [number]>;

/** The plain standard normal distribution, whatever the layer's size: too large for wide layers, as the report shows. */
export const randomNormalWeightInit: WeightInit = (inputSize, outputSize) => randn([inputSize, outputSize]);

/** Normal with deviation √(2 / inputs), which keeps the variance through ReLU layers (K. He et al., arXiv 1502.01852). */
export const heNormalWeightInit: WeightInit = (inputSize, outputSize) =>
  defaultGenerator().normal([inputSize, outputSize], 0, Math.sqrt(2 / inputSize));

/** Normal with deviation √(2 / (inputs + outputs)), for sigmoid and tanh (X. Glorot and Y. Bengio, AISTATS 2010). */
export const xavierNormalWeightInit: WeightInit = (inputSize, outputSize) =>
  defaultGenerator().normal([inputSize, outputSize], 0, Math.sqrt(2 / (inputSize + outputSize)));

export const zerosBiasInit: BiasInit = (size) => zeros([size]);
