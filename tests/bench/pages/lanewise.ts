// Lanewise in a worker of the page: the tasks of its side in Node, from the same files, and inference.
import { explainBackend, init } from "lanewise";
import { inference } from "../networks/lanewise.ts";
import { checksum, examples, networkNamed } from "../networks/network.ts";
import { inferencesInARepetition } from "../sides/inputs.ts";
import { timeKernels } from "../sides/kernel-times.ts";
import { cifarTask } from "../sides/lanewise/cifar.ts";
import { conv } from "../sides/lanewise/conv.ts";
import { matmul } from "../sides/lanewise/matmul.ts";
import { mlpTask } from "../sides/lanewise/mlp.ts";
import { stream } from "../sides/lanewise/stream.ts";
import { answerPage } from "./answer.ts";

answerPage(async ({ threads, profile }) => {
  // Before init: it is the instance that is wrapped.
  const kernelTimes = profile ? timeKernels() : undefined;
  await init({ threads, workerUrl: new URL("./lanewise-worker.js", self.location.href) });
  const backend = explainBackend();
  if (backend.threads !== threads) throw new Error(`Lanewise did not start on ${threads} threads:\n${backend}`);
  return {
    hello: { name: "Lanewise", threads, settings: `${backend.binary} binary` },
    tasks: {
      matmul,
      conv,
      mlp: mlpTask(kernelTimes),
      cifar: cifarTask(kernelTimes),
      stream,
      inference: ({ network: name, batch }) => {
        const network = networkNamed(String(name));
        const logits = inference(network, String(name), Number(batch));
        const x = examples(network, Number(batch));
        return {
          value: () => checksum(logits(x), network.classes),
          run: () => void logits(x),
          ...(kernelTimes && { calls: inferencesInARepetition, reset: kernelTimes.begin, details: kernelTimes.read }),
        };
      },
    },
  };
});
