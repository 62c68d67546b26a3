// The coursework's own network, as an API of its own.
export { Activation, Identity, type Matrix, ReLU, Sigmoid, Tanh } from "./activation.ts";
export { type Criterion, type Labels, SoftmaxCrossEntropy } from "./criterion.ts";
export {
  type BiasInit,
  heNormalWeightInit,
  randomNormalWeightInit,
  type WeightInit,
  xavierNormalWeightInit,
  zerosBiasInit,
} from "./initializers.ts";
export { MLP, type MLPOptions } from "./mlp.ts";
