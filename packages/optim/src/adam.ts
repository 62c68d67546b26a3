// Adam and AdamW, as PyTorch defines them.

import { kernels } from "@lanewise/kernels";
import { livingValue, type Tensor } from "@lanewise/tensor";
import { checkNumbers, Optimizer, type OptimizerKind, type ParameterGroup } from "./optimizer.ts";

export interface AdamOptions {
  /** The learning rate; 1e-3 where not given. */
  readonly lr?: number;
  /** The shares of the two moments that are kept; 0.9 and 0.999 where not given. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment; 1e-8 where not given. */
  readonly eps?: number;
  /** λ; 0 where not given, for AdamW 0.01. */
  readonly weightDecay?: number;
}

type Settings = Required<AdamOptions>;

const kindOf = (name: string): OptimizerKind<Settings> => ({
  name,
  buffers: ["expAvg", "expAvgSq"],
  counts: true,
  check: ({ lr, betas: [beta1, beta2], eps, weightDecay }) =>
    checkNumbers(name, { lr, eps, weightDecay }, { "betas[0]": beta1, "betas[1]": beta2 }),
});

abstract class Moments extends Optimizer<Settings> {
  readonly #decoupled: boolean;

  protected constructor(
    name: string,
    decoupled: boolean,
    parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[],
    settings: Settings,
  ) {
    super(kindOf(name), parameters, settings);
    this.#decoupled = decoupled;
  }

  protected override update(parameter: Tensor, gradient: Tensor, settings: Settings): void {
    const { lr, betas, eps, weightDecay } = settings;
    const p = livingValue(parameter, this.kind);
    const g = livingValue(gradient, this.kind);
    const first = livingValue(this.buffer(parameter, "expAvg"), this.kind);
    const second = livingValue(this.buffer(parameter, "expAvgSq"), this.kind);
    kernels().adam_step(
      p.size,
      this.countStep(parameter),
      lr,
      betas[0],
      betas[1],
      eps,
      weightDecay,
      this.#decoupled,
      g.handle,
      p.handle,
      first.handle,
      second.handle,
    );
    p.storage.version += 1;
  }
}

/**
 * Adam (D. Kingma and J. Ba, arXiv 1412.6980): g ← g + λ p; m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²;
 * p ← p − lr · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε), t counting the steps of each parameter.
 *
 * Tiny m and v are flushed to 0. Source: PyTorch's torch.optim.Adam.
 */
export class Adam extends Moments {
  constructor(parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[], options: AdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    super("Adam", false, parameters, { lr, betas, eps, weightDecay });
  }
}

/**
 * Adam with decoupled weight decay (I. Loshchilov and F. Hutter, arXiv 1711.05101): p ← (1 − lr λ) p, then Adam's step
 * without λ.
 *
 * Source: PyTorch's torch.optim.AdamW.
 */
export class AdamW extends Moments {
  constructor(parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[], options: AdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01 } = options;
    super("AdamW", true, parameters, { lr, betas, eps, weightDecay });
  }
}
