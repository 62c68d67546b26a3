// TensorFlow.js on its wasm backend: SIMD, one thread in Node.
import { peerVersion, requirePeer } from "../peers.ts";
import { convolutionInputs, convolutionOf } from "./convolutions.ts";
import { batchAt, classes, factors, images, layerSizes, learningRate, momentum, stepsInARepetition } from "./inputs.ts";
import { type Request, serve, type Task } from "./serve.ts";

interface TfTensor {
  dataSync(): Float32Array;
  dispose(): void;
}

interface Tf {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  env(): { getAsync(flag: string): Promise<boolean> };
  tensor2d(values: Float32Array, shape: readonly number[]): TfTensor;
  tensor1d(values: Int32Array, dtype: "int32"): TfTensor;
  tensor(values: Float32Array, shape: readonly number[]): TfTensor;
  conv2d(x: TfTensor, filter: TfTensor, stride: number, pad: number): TfTensor;
  depthwiseConv2d(x: TfTensor, filter: TfTensor, stride: number, pad: number): TfTensor;
  oneHot(labels: TfTensor, depth: number): TfTensor;
  zeros(shape: readonly number[]): TfTensor;
  randomNormal(shape: readonly number[], mean: number, deviation: number): TfTensor;
  variable(value: TfTensor): TfTensor;
  matMul(a: TfTensor, b: TfTensor): TfTensor;
  add(a: TfTensor, b: TfTensor): TfTensor;
  relu(x: TfTensor): TfTensor;
  losses: { softmaxCrossEntropy(labels: TfTensor, logits: TfTensor): TfTensor };
  train: {
    momentum(rate: number, momentum: number): { minimize(loss: () => TfTensor, give: boolean): TfTensor | null };
  };
  tidy(body: () => void): void;
}

const tf = requirePeer<Tf>("@tensorflow/tfjs");
const backend = requirePeer<{ getThreadsCount(): number }>("@tensorflow/tfjs-backend-wasm");
await tf.setBackend("wasm");
await tf.ready();
const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");

function matmul({ size }: Request): Task {
  const n = Number(size);
  const { a, b } = factors(n);
  const left = tf.tensor2d(a, [n, n]);
  const right = tf.tensor2d(b, [n, n]);
  return {
    value: () => tf.matMul(left, right).dataSync()[(n - 1) * n + n - 1]!,
    run: () => tf.matMul(left, right).dispose(),
  };
}

function conv(request: Request): Task {
  const c = convolutionOf(request);
  const inputs = convolutionInputs(c);
  const depthwise = c.groups > 1;
  if (depthwise && (c.groups !== c.inChannels || c.outChannels !== c.inChannels)) {
    throw new Error(`tfjs has no convolution of ${c.groups} groups, only depthwise ones`);
  }
  const images = tf.tensor(inputs.images, [c.batch, c.size, c.size, c.inChannels]);
  const [each, outputs] = depthwise ? [c.inChannels, 1] : [c.inChannels, c.outChannels];
  const filters = tf.tensor(inputs.filters, [c.kernel, c.kernel, each, outputs]);
  const bias = tf.tensor(inputs.bias, [c.outChannels]);
  const convolve = depthwise ? tf.depthwiseConv2d : tf.conv2d;
  const forward = (use: (y: TfTensor) => void): void =>
    tf.tidy(() => use(tf.add(convolve(images, filters, c.stride, c.padding), bias)));
  return {
    value: () => {
      let value = Number.NaN;
      forward((y) => {
        value = y.dataSync().at(-1)!;
      });
      return value;
    },
    run: () => forward(() => {}),
  };
}

function mlp({ batch }: Request): Task {
  const size = Number(batch);
  const data = images();
  const layers = layerSizes.slice(1).map((outputs, index) => {
    const inputs = layerSizes[index]!;
    return {
      weight: tf.variable(tf.randomNormal([inputs, outputs], 0, Math.sqrt(1 / inputs))),
      bias: tf.variable(tf.zeros([outputs])),
    };
  });
  const optimizer = tf.train.momentum(learningRate, momentum);
  const forward = (x: TfTensor): TfTensor =>
    layers.reduce((h, { weight, bias }, index) => {
      const z = tf.add(tf.matMul(h, weight), bias);
      return index < layers.length - 1 ? tf.relu(z) : z;
    }, x);
  let steps = 0;
  let loss = 0;
  const step = (readLoss: boolean): void =>
    tf.tidy(() => {
      const { pixels, labels } = batchAt(data, steps++, size);
      const x = tf.tensor2d(pixels, [size, layerSizes[0]]);
      const y = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
      const result = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(x)), readLoss);
      if (readLoss) loss = result!.dataSync()[0]!;
    });
  return {
    calls: stepsInARepetition,
    value: () => {
      step(true);
      return loss;
    },
    run: () => step(false),
  };
}

await serve(
  {
    name: "tfjs wasm",
    version: peerVersion("@tensorflow/tfjs-backend-wasm"),
    threads: backend.getThreadsCount(),
    settings: simd ? "SIMD" : "no SIMD",
  },
  { matmul, mlp, conv },
);
