// Lanewise as its users write it, on the threads and with the options that this process was started with.
//
//     lanewise.ts --threads 2 [--turbo] [--profile]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { explainBackend, init, type Tensor, tensor, zeros } from "lanewise";
import * as optim from "lanewise/optim";
import { timeKernels } from "./kernel-times.ts";
import { cifarTask } from "./lanewise/cifar.ts";
import { conv } from "./lanewise/conv.ts";
import { matmul } from "./lanewise/matmul.ts";
import { mlpTask } from "./lanewise/mlp.ts";
import { stream } from "./lanewise/stream.ts";
import { type Request, serve, type Task } from "./serve.ts";

const { values: given } = parseArgs({
  options: { threads: { type: "string" }, turbo: { type: "boolean" }, profile: { type: "boolean" } },
});
const threads = Number(given.threads);
const turbo = given.turbo === true;

// Before init: it is the instance that is wrapped.
const kernelTimes = given.profile === true ? timeKernels() : undefined;
await init({ threads, turbo });
const backend = explainBackend();
if (backend.threads !== threads || backend.turbo !== turbo) {
  throw new Error(`Lanewise did not start on ${threads} threads with turbo ${turbo ? "on" : "off"}:\n${backend}`);
}

/** Steps after which a gradient of zeros has left a moment that is decayed by 0.9 deep among the denormals. */
const stepsToDecay = 1900;
const timedSteps = 100;

/** One gradient of 1e-3, then zeros: the time of a step at once, or after 1,900 more. */
function decay({ optimizer: name, part, elements }: Request): Task {
  const shape = [Number(elements)] as const;
  const parameter: Tensor = tensor(new Float32Array(shape[0]).fill(1), { shape, requiresGrad: true });
  const kick = tensor(new Float32Array(shape[0]).fill(1e-3), { shape });
  const still = zeros(shape);
  let optimizer = newOptimizer(String(name), parameter);
  const reset = (): void => {
    optimizer = newOptimizer(String(name), parameter);
    parameter.grad = kick;
    optimizer.step();
    parameter.grad = still;
    for (let step = 0; step < (part === "last" ? stepsToDecay : 0); step++) optimizer.step();
  };
  return {
    calls: timedSteps,
    reset,
    value: () => {
      reset();
      return largestMoment(optimizer);
    },
    run: () => optimizer.step(),
  };
}

function newOptimizer(name: string, parameter: Tensor): optim.Optimizer<object> {
  if (name === "SGD") return new optim.SGD([parameter], { lr: 0.01, momentum: 0.9 });
  if (name === "Adam") return new optim.Adam([parameter], { lr: 0.01 });
  throw new Error(`No optimizer is called ${name} here; expected SGD or Adam.`);
}

/** Of the state's first array: momentum, or Adam's first moment. */
function largestMoment(optimizer: optim.Optimizer<object>): number {
  const first = [...optimizer.state().arrays.values()][0];
  return first === undefined ? 0 : first.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

const manifest = readFileSync(join(import.meta.dirname, "../../../packages/lanewise/package.json"), "utf8");
await serve(
  {
    name: "Lanewise",
    version: (JSON.parse(manifest) as { version: string }).version,
    threads: backend.threads,
    settings: `${backend.binary} binary${backend.turbo ? ", turbo" : ""}`,
  },
  { matmul, mlp: mlpTask(kernelTimes), conv, cifar: cifarTask(kernelTimes), decay, stream },
);
