// A network in Lanewise by its public API, and inference as its users write it.
import { whitenedNetwork } from "@lanewise/cifar-cnn/network";
import { noGrad, scope, type Tensor, tensor } from "lanewise";
import { Linear, type Module, ReLU, Sequential, type StateArray } from "lanewise/nn";
import type { Layer, Network } from "./network.ts";

export type Logits = (examples: Float32Array<ArrayBuffer>) => Float32Array;

/** From a batch of examples to their logits, both plain arrays. */
export function inference(network: Network, name: string, batch: number): Logits {
  const model = modelNamed(name);
  model.loadStateDict(stateOf(network));
  model.eval();
  const shape = [batch, ...network.input];
  const forward = model.forward as (x: Tensor) => Tensor;
  return (examples) => noGrad(() => scope(() => forward.call(model, tensor(examples, { shape })).data()));
}

function modelNamed(name: string): Module {
  if (name === "cifar") return whitenedNetwork({ widths: [64, 128, 128], filters: null, dirac: false }) as Module;
  return new Sequential(
    new Linear(784, 256),
    new ReLU(),
    new Linear(256, 128),
    new ReLU(),
    new Linear(128, 10),
  ) as Module;
}

/** PyTorch's names: the layer's place, then the array's name. */
export function stateOf({ layers }: Network): Map<string, StateArray> {
  return new Map(
    layers.flatMap((layer, place) => arraysOf(layer).map(([name, array]) => [`${place}.${name}`, array] as const)),
  );
}

function arraysOf(layer: Layer): [string, StateArray][] {
  const array = (name: string, shape: readonly number[], data: Float32Array): [string, StateArray] => [
    name,
    { dtype: "f32", shape, data },
  ];
  switch (layer.kind) {
    case "linear":
    case "conv": {
      const { inputs, outputs, weight, bias } = layer;
      const shape = layer.kind === "linear" ? [outputs, inputs] : [outputs, inputs, layer.kernel, layer.kernel];
      return [array("weight", shape, weight), ...(bias === null ? [] : [array("bias", [outputs], bias)])];
    }
    case "norm": {
      const shape = [layer.channels];
      return [
        array("weight", shape, layer.weight),
        array("bias", shape, layer.bias),
        array("running_mean", shape, layer.mean),
        array("running_var", shape, layer.variance),
        ["num_batches_tracked", { dtype: "i64", shape: [], data: BigInt64Array.of(1n) }],
      ];
    }
    default:
      return [];
  }
}
