// TensorFlow.js in a worker of the page, on its wasm backend.
import * as tf from "@tensorflow/tfjs";
import * as wasm from "@tensorflow/tfjs-backend-wasm";
import { checksum, examples, networkNamed, normEps } from "../networks/network.ts";
import { type TfOps, tfInference } from "../networks/tfjs.ts";
import { answerPage } from "./answer.ts";

answerPage(async ({ threads }) => {
  wasm.setWasmPaths(new URL("./tfjs/", self.location.href).href);
  // One thread has a binary of its own, without shared memory.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads > 1);
  wasm.setThreadsCount(threads);
  // It starts no more threads than half of what the browser tells.
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 * threads });
  await tf.setBackend("wasm");
  await tf.ready();
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  const really = threads > 1 ? wasm.getThreadsCount() : 1;
  return {
    hello: { name: "tfjs wasm", threads: really, settings: simd ? "SIMD" : "no SIMD" },
    tasks: {
      inference: ({ network: name, batch }) => {
        const network = networkNamed(String(name));
        const logits = tfInference(tf as unknown as TfOps, network, Number(batch), normEps);
        const x = examples(network, Number(batch));
        return { value: () => checksum(logits(x), network.classes), run: () => void logits(x) };
      },
    },
  };
});
