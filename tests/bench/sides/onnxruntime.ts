// ONNX Runtime for the web: its wasm engine in Node on one thread; both factors are inputs, as in the other libraries.

import { matmulModel } from "../onnx/model.ts";
import { peerVersion, requirePeer } from "../peers.ts";
import { factors } from "./inputs.ts";
import { type Request, serve, type Task } from "./serve.ts";

interface OrtTensor {
  readonly data: Float32Array;
}

interface Ort {
  env: { wasm: { numThreads: number } };
  Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OrtTensor;
  InferenceSession: {
    create(
      model: Uint8Array,
      options: { executionProviders: string[] },
    ): Promise<{ run(feeds: { a: OrtTensor; b: OrtTensor }): Promise<{ y: OrtTensor }> }>;
  };
}

const ort = requirePeer<Ort>("onnxruntime-web");
ort.env.wasm.numThreads = 1;

async function matmul({ size }: Request): Promise<Task> {
  const n = Number(size);
  const session = await ort.InferenceSession.create(matmulModel(n), { executionProviders: ["wasm"] });
  const { a, b } = factors(n);
  const feeds = { a: new ort.Tensor("float32", a, [n, n]), b: new ort.Tensor("float32", b, [n, n]) };
  return {
    value: async () => (await session.run(feeds)).y.data[(n - 1) * n + n - 1]!,
    run: async () => void (await session.run(feeds)),
  };
}

await serve(
  {
    name: "onnxruntime-web",
    version: peerVersion("onnxruntime-web"),
    threads: ort.env.wasm.numThreads,
    settings: "SIMD; operands copied in and out at each run, as its API does",
  },
  { matmul },
);
