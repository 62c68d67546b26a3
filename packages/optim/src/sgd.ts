// SGD, with momentum, weight decay and Nesterov's step, as PyTorch defines them.

import { kernels } from "@lanewise/kernels";
import { livingValue, type Tensor } from "@lanewise/tensor";
import { Optimizer, type ParameterGroup } from "./optimizer.ts";

export interface SGDOptions {
  /** The learning rate. */
  readonly lr: number;
  /** The share of the last step's direction that is kept; 0 where not given. */
  readonly momentum?: number;
  /** The share of the gradient that does not enter the momentum; 0 where not given. */
  readonly dampening?: number;
  /** Added to the gradient, times the parameter; 0 where not given. */
  readonly weightDecay?: number;
  /** Steps along the gradient as it will be after the momentum's move (Y. Nesterov, 1983). */
  readonly nesterov?: boolean;
}

type Settings = Required<SGDOptions>;

/** v ← μ v + (1 − τ)(g + λ p); p ← p − lr v. The first v is g + λ p itself. Tiny v are flushed to 0. */
export class SGD extends Optimizer<Settings> {
  constructor(parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[], options: SGDOptions) {
    const { lr, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false } = options;
    for (const [name, value] of Object.entries({ lr, momentum, weightDecay })) {
      if (!(Number.isFinite(value) && value >= 0))
        throw new RangeError(`SGD: ${name} ${value} came, expected a finite number from 0`);
    }
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError("SGD: nesterov needs a momentum above 0 and a dampening of 0");
    }
    super("SGD", parameters, { lr, momentum, dampening, weightDecay, nesterov });
  }

  protected override update(parameter: Tensor, gradient: Tensor, settings: Settings): void {
    const { lr, momentum, dampening, weightDecay, nesterov } = settings;
    const p = livingValue(parameter, "SGD");
    const g = livingValue(gradient, "SGD");
    if (momentum === 0) kernels().sgd_step(p.size, lr, weightDecay, g.handle, p.handle);
    else {
      const share = this.hasBuffer(parameter, "momentumBuffer") ? dampening : 0;
      const velocity = livingValue(this.buffer(parameter, "momentumBuffer"), "SGD");
      kernels().sgd_momentum_step(
        p.size,
        lr,
        momentum,
        share,
        weightDecay,
        nesterov,
        g.handle,
        p.handle,
        velocity.handle,
      );
    }
    p.storage.version += 1;
  }
}
