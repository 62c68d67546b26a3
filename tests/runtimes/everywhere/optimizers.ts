// Steps of every optimizer on filters large enough that every thread has its share, along gradients of noise.
import { Adam, AdamW, cosine, Lookahead, Muon, type Optimizer, SGD } from "@lanewise/optim";
import { Generator, keep, scope, type Tensor } from "@lanewise/tensor";
import type { Found } from "./found.ts";

const kinds: Readonly<Record<string, (parameters: Tensor[]) => Optimizer<{ lr: number }>>> = {
  SGD: (parameters) => new SGD(parameters, { lr: 0.1, momentum: 0.85, nesterov: true, weightDecay: 1e-3 }),
  Adam: (parameters) => new Adam(parameters, { lr: 0.01 }),
  AdamW: (parameters) => new AdamW(parameters, { lr: 0.01 }),
  Muon: (parameters) => new Muon(parameters, { lr: 0.1, normalizeParameters: true }),
};
const STEPS = 12;

/** The weights that each optimizer has come to, with Lookahead and a cosine over it. */
export function stepOptimizers(): Found {
  const parts: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const [kind, make] of Object.entries(kinds)) {
    const random = new Generator(3);
    const parameter = keep(random.normal([3, 3, 40, 70], 0, 0.1)) as unknown as Tensor;
    parameter.requiresGrad = true;
    const optimizer = make([parameter]);
    const lookahead = new Lookahead([parameter]);
    const rate = cosine(optimizer.groups[0]!.settings.lr, 0);
    for (let step = 0; step < STEPS; step++) {
      scope(() => {
        optimizer.groups[0]!.settings.lr = rate(step / STEPS);
        parameter.grad = random.normal([3, 3, 40, 70], 0, 0.1) as unknown as Tensor;
        optimizer.step();
        parameter.grad = null;
        lookahead.step(step / STEPS);
      });
    }
    parts[kind] = parameter.data() as Float32Array<ArrayBuffer>;
    parameter.release();
  }
  return { parts, failures: [] };
}
