// Twenty training steps and every op's cases, as hashes: the same function runs in Node and in pages.

import {
  heNormalWeightInit,
  Identity,
  type Labels,
  type Matrix,
  MLP,
  Sigmoid,
  SoftmaxCrossEntropy,
  zerosBiasInit,
} from "@lanewise/mnist-mlp/network";
import { crossEntropy, Linear, ReLU, Sequential, Tanh } from "@lanewise/nn";
import { SGD } from "@lanewise/optim";
import { explainBackend, type InitOptions, init, manualSeed, scope, type Tensor, tensor } from "@lanewise/tensor";
import { opCases } from "@lanewise/tensor/op-cases";
import { runCase } from "@lanewise/testing";
import { trainOnImages } from "./cnn-work.ts";
import { steppedWeights } from "./optimizer-work.ts";

export interface Outcome {
  readonly binary: string;
  readonly threads: number;
  /** SHA-256 over the weights after 20 steps. */
  readonly weights: string;
  /** The same for the coursework's network, whose gradients are written out by hand. */
  readonly coursework: string;
  /** The same for a convolutional network after 200 steps, running statistics included. */
  readonly images: string;
  /** Its last losses. */
  readonly imagesLoss: number;
  /** SHA-256 over what each optimizer made of the same weights and gradients. */
  readonly optimizers: Readonly<Record<string, string>>;
  /** SHA-256 over the results of all cases, by op. */
  readonly ops: Readonly<Record<string, string>>;
  /** The first weights themselves: for comparison within a tolerance. */
  readonly sample: readonly number[];
  readonly loss: number;
}

export async function outcome(options: InitOptions): Promise<Outcome> {
  await init(options);
  const { binary, threads } = explainBackend();
  const { weights, loss } = train();
  const images = trainOnImages();
  return {
    binary,
    threads,
    weights: await sha256(weights),
    coursework: await sha256(trainCoursework()),
    images: await sha256(images.state),
    imagesLoss: images.loss,
    optimizers: await hashOptimizers(),
    ops: await hashOps(),
    sample: [...weights.subarray(0, 1000)],
    loss,
  };
}

/** 784-64-32-10 on random numbers, large enough that every thread has its share. */
function train(): { weights: Float32Array<ArrayBuffer>; loss: number } {
  const generator = manualSeed(7);
  const model = new Sequential(new Linear(784, 64), new ReLU(), new Linear(64, 32), new Tanh(), new Linear(32, 10));
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, weightDecay: 1e-4 });
  const data = generator.stream(1);
  let loss = Number.NaN;
  for (let step = 0; step < 20; step++) {
    loss = scope(() => {
      const x = data.normal([128, 784]);
      const y = tensor(Int32Array.from(data.permutation(128), (index) => index % 10));
      const result = crossEntropy(model.forward(x), y, { labelSmoothing: 0.1 });
      result.backward();
      optimizer.step();
      optimizer.zeroGrad();
      return result.item();
    });
  }
  return { weights: joined(model.parameters()), loss };
}

/** 784-64-10 by the coursework's own API. */
function trainCoursework(): Float32Array<ArrayBuffer> {
  const generator = manualSeed(7);
  const data = generator.stream(2);
  const mlp = new MLP({
    inputSize: 784,
    outputSize: 10,
    hiddens: [64],
    activations: [new Sigmoid(), new Identity()],
    weightInitFn: heNormalWeightInit,
    biasInitFn: zerosBiasInit,
    criterion: new SoftmaxCrossEntropy(),
    lr: 0.1,
    momentum: 0.9,
  });
  for (let step = 0; step < 20; step++) {
    scope(() => {
      const x = data.normal([128, 784]) as unknown as Matrix;
      const labels = tensor(Int32Array.from(data.permutation(128), (index) => index % 10));
      mlp.zeroGrads();
      mlp.forward(x);
      mlp.backward(labels as unknown as Labels);
      mlp.step();
    });
  }
  return joined([...mlp.weights, ...mlp.biases] as unknown as Tensor[]);
}

/** All elements of the tensors, one after the other. */
function joined(tensors: readonly Tensor[]): Float32Array<ArrayBuffer> {
  const arrays = tensors.map((each) => each.data());
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

async function hashOptimizers(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [kind, weights] of Object.entries(steppedWeights())) hashes[kind] = await sha256(joined([weights]));
  return hashes;
}

async function hashOps(): Promise<Record<string, string>> {
  const results = new Map<string, number[]>();
  for (const test of opCases) results.set(test.op, [...(results.get(test.op) ?? []), ...runCase(test)]);
  const hashes: Record<string, string> = {};
  for (const [op, values] of results) hashes[op] = await sha256(Float32Array.from(values));
  return hashes;
}

/** wasm leaves the bits of a NaN open: each is made the same before hashing. */
async function sha256(values: Float32Array<ArrayBuffer>): Promise<string> {
  const bits = new Uint32Array(values.buffer.slice(0));
  for (const [index, value] of values.entries()) if (Number.isNaN(value)) bits[index] = 0x7fc00000;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bits));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
