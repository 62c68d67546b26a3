// A training step of the network for CIFAR-10 by the public API: the batch's views from bytes, forward, backward, Nesterov
// SGD with 64 times the rate for the norms' biases, Lookahead.
import { whitenedNetwork } from "@lanewise/cifar-cnn/network";
import { crossEntropy, memoryReport, scope, type Tensor } from "lanewise";
import { BatchNorm2d, type Module, type Sequential } from "lanewise/nn";
import { Lookahead, SGD } from "lanewise/optim";
import type { KernelTimes } from "../kernel-times.ts";
import type { Request, Task } from "../tasks.ts";
import { byteImages, viewsOf } from "./byte-images.ts";

const KILOSTEP = 1024 * (1 + 1 / (1 - 0.85));
const RATE = 11.5 / KILOSTEP;
const NORM_RATE = 64 * RATE;
const FILTERS = 2 * 2 * 3 * 24;

export function cifarTask(kernelTimes: KernelTimes | undefined): (request: Request) => Task {
  return ({ batch, widths }) => {
    const size = Number(batch);
    const [first, second, third] = String(widths).split("-").map(Number) as [number, number, number];
    const filters = Float32Array.from({ length: FILTERS }, (_, index) => 0.3 * Math.sin(12.9898 * (index + 1)));
    const model = whitenedNetwork({ widths: [first, second, third], filters, dirac: true });
    const images = byteImages();
    const optimizer = optimizerOf(model, size);
    const lookahead = new Lookahead(averaged(model));
    let steps = 0;
    let savedBytes = 0;
    const step = (): Tensor => {
      const { x, y } = viewsOf(images, steps++, size);
      const before = memoryReport().liveBytes;
      const logits = model.forward(x as never) as Tensor<readonly [number, number]>;
      const loss = crossEntropy(logits, y, { labelSmoothing: 0.2, reduction: "sum" });
      savedBytes = memoryReport().liveBytes - before;
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      lookahead.step(0.5);
      return loss as Tensor;
    };
    return {
      calls: 1,
      value: () => scope(() => step().item() / size),
      run: () => scope(() => void step()),
      ...(kernelTimes && {
        reset: kernelTimes.begin,
        details: () => ({ ...kernelTimes.read(), savedBytes }),
      }),
    };
  };
}

/** PyTorch's coupled decay, the same pull whatever the rate is. */
function optimizerOf(model: Sequential<readonly Module[]>, batch: number): SGD {
  const decay = (0.0153 * batch) / KILOSTEP;
  const trained = model.parameters().filter(({ requiresGrad }) => requiresGrad);
  const norms = new Set(
    model.layers.flatMap((layer) => (layer instanceof BatchNorm2d ? [layer.bias as unknown as Tensor] : [])),
  );
  const group = (parameters: readonly Tensor[], lr: number) => ({
    parameters,
    settings: { lr, weightDecay: decay / lr },
  });
  return new SGD(
    [
      group(
        trained.filter((parameter) => !norms.has(parameter)),
        RATE,
      ),
      group(
        trained.filter((parameter) => norms.has(parameter)),
        NORM_RATE,
      ),
    ],
    { lr: RATE, momentum: 0.85, nesterov: true },
  );
}

/** What PyTorch's state dict holds: all parameters and the running statistics. */
function averaged(model: Sequential<readonly Module[]>): Tensor[] {
  const statistics = model.layers.flatMap((layer) =>
    layer instanceof BatchNorm2d ? [layer.runningMean, layer.runningVariance] : [],
  );
  return [...model.parameters(), ...(statistics as unknown as Tensor[])];
}
