// SGD, with momentum, weight decay and Nesterov's step, as PyTorch defines them.

import { kernels } from "@lanewise/kernels";
import { livingValue, type Tensor } from "@lanewise/tensor";
import { checkNumbers, Optimizer, type OptimizerKind, type ParameterGroup } from "./optimizer.ts";

export interface SGDOptions {
  /** The learning rate. */
  readonly lr: number;
  /** The share of the last step's direction that is kept; 0 where not given. */
  readonly momentum?: number;
  /** The share of the gradient that does not enter the momentum; 0 where not given. */
  readonly dampening?: number;
  /** λ; 0 where not given. */
  readonly weightDecay?: number;
  /** Steps along the gradient as it will be after the momentum's move (Y. Nesterov, 1983). */
  readonly nesterov?: boolean;
  /**
   * Whether the decay shrinks the parameter, p ← (1 − lr λ) p before the step (I. Loshchilov and F. Hutter, arXiv
   * 1711.05101), instead of joining the gradient as λ p, which is PyTorch's and what happens where this is not given.
   */
  readonly decoupledWeightDecay?: boolean;
}

type Settings = Required<SGDOptions>;

const sgd: OptimizerKind<Settings> = {
  name: "SGD",
  buffers: ["momentumBuffer"],
  check({ lr, momentum, dampening, weightDecay, nesterov }) {
    checkNumbers("SGD", { lr, momentum, dampening, weightDecay });
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError("SGD: nesterov needs a momentum above 0 and a dampening of 0");
    }
  },
};

/**
 * Stochastic gradient descent: v ← μ v + (1 − τ)(g + λ p); p ← p − lr v, or with Nesterov's step p − lr (g + λ p + μ v).
 *
 * The first v is g + λ p itself. Tiny v are flushed to 0. Source: PyTorch's torch.optim.SGD.
 */
export class SGD extends Optimizer<Settings> {
  constructor(parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[], options: SGDOptions) {
    const {
      lr,
      momentum = 0,
      dampening = 0,
      weightDecay = 0,
      nesterov = false,
      decoupledWeightDecay = false,
    } = options;
    super(sgd, parameters, { lr, momentum, dampening, weightDecay, nesterov, decoupledWeightDecay });
  }

  protected override update(parameter: Tensor, gradient: Tensor, settings: Settings): void {
    const { lr, momentum, dampening, weightDecay, nesterov, decoupledWeightDecay } = settings;
    const p = livingValue(parameter, "SGD");
    const g = livingValue(gradient, "SGD");
    const [coupled, shrink] = decoupledWeightDecay ? [0, 1 - lr * weightDecay] : [weightDecay, 1];
    if (momentum === 0) kernels().sgd_step(p.size, lr, coupled, shrink, g.handle, p.handle);
    else {
      const share = this.hasBuffer(parameter, "momentumBuffer") ? dampening : 0;
      const velocity = livingValue(this.buffer(parameter, "momentumBuffer"), "SGD");
      kernels().sgd_momentum_step(
        p.size,
        lr,
        momentum,
        share,
        coupled,
        shrink,
        nesterov,
        g.handle,
        p.handle,
        velocity.handle,
      );
    }
    p.storage.version += 1;
  }
}
