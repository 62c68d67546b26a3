// ONNX Runtime for the web in a worker of the page, on its wasm engine.
import * as ort from "onnxruntime-web/wasm";
import { checksum, examples, type Network, networkNamed } from "../networks/network.ts";
import { channelsFirst, onnxModel, toChannelsFirst } from "../networks/onnx.ts";
import type { Request, Task } from "../sides/tasks.ts";
import { answerPage } from "./answer.ts";

answerPage(async ({ threads }) => {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = new URL("./onnxruntime/", self.location.href).href;
  return {
    hello: { name: "onnxruntime-web", threads, settings: "SIMD, all graph optimizations" },
    tasks: { inference },
  };
});

async function inference({ network: name, batch }: Request): Promise<Task> {
  const network = networkNamed(String(name));
  const session = await ort.InferenceSession.create(onnxModel(network, Number(batch)), {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  const x = inOrtOrder(network, examples(network, Number(batch)));
  const shape = [Number(batch), ...channelsFirst(network.input)];
  const logits = async (): Promise<Float32Array> =>
    (await session.run({ x: new ort.Tensor("float32", x, shape) })).y.data;
  return { value: async () => checksum(await logits(), network.classes), run: async () => void (await logits()) };
}

/** Put in its order beforehand: no part of what is timed. */
function inOrtOrder({ input }: Network, data: Float32Array): Float32Array {
  return input.length === 3 ? toChannelsFirst(data, input) : data;
}
